"""What a grammar is made of: symbols, weighted rules, and roots that carry the factors."""

from dataclasses import dataclass
from typing import NamedTuple

Symbol = tuple[str, ...]
"""A nonterminal: its name followed by its features, such as ("Noun", "food", "plural")."""


class Rule(NamedTuple):
    """One way to rewrite a symbol: terminals are plain strings, nonterminals are `Symbol`s."""

    weight: float
    body: tuple[str | Symbol, ...]


@dataclass(frozen=True, slots=True)
class Root:
    """One assignment of the factors, its relative weight, and the symbol that it rewrites."""

    weight: float
    values: tuple[str, ...]
    symbol: Symbol
