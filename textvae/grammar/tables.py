"""A grammar compiled to integers: what scoring, sampling and the length programme run on.

Words are numbered 0, 1, ...; symbol k is written ~k (a negative number) in rule bodies. Symbols
are numbered bottom-up, so every symbol in a body has a smaller number than the head. Sets of words
are Python integers used as bit masks: bit w stands for word w.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from textvae.errors import TextVAEError
from textvae.grammar.rules import Root, Rule, Symbol


class Production(NamedTuple):
    """A rule with its normalised probability; `first` masks the words that can begin it."""

    probability: float
    body: tuple[int, ...]
    first: int


class Node(NamedTuple):
    """A symbol: its productions and the masks of its words.

    `first` masks the words that can begin a string of the symbol, `reach` all that can occur.
    `entries` is set for a lexical symbol, one that rewrites only to words: for each first word,
    the remaining words and the probability of each entry.
    """

    productions: list[Production]
    first: int
    reach: int
    entries: dict[int, list[tuple[tuple[int, ...], float]]] | None


class RootNode(NamedTuple):
    """A root with its normalised probability; `reach` masks the words of its sentences."""

    probability: float
    values: tuple[str, ...]
    symbol: int
    reach: int


class Tables(NamedTuple):
    """The compiled grammar."""

    words: dict[str, int]
    symbols: list[Node]
    roots: list[RootNode]
    root_cumulative: list[float]


@dataclass
class _Compiler:
    """The state of one compilation: numbers given so far, and the symbols now being visited."""

    rules: Mapping[Symbol, Sequence[Rule]]
    names: set[str]
    words: dict[str, int]
    numbers: dict[Symbol, int | None]
    nodes: list[Node]
    open: set[Symbol]

    def visit(self, symbol: Symbol) -> int | None:
        """Number of the symbol (compiled if it is new); None if it derives no string."""
        if symbol in self.numbers:
            return self.numbers[symbol]
        if symbol in self.open:
            raise TextVAEError(
                f"symbol {'.'.join(symbol)} derives itself: bound the recursion by a depth feature"
            )
        if symbol[0] not in self.names:
            # A missing combination of features only prunes; a name without rules is an error.
            raise TextVAEError(f"no rule defines the symbol {symbol[0]}: add one or mend the name")
        self.open.add(symbol)
        weighted = []
        for rule in self.rules.get(symbol, ()):
            body = self._body(symbol, rule)
            if body is not None:
                weighted.append((rule.weight, body))
        self.open.remove(symbol)
        number = self._append(weighted) if weighted else None
        self.numbers[symbol] = number
        return number

    def _body(self, symbol: Symbol, rule: Rule) -> tuple[int, ...] | None:
        if not rule.body or not rule.weight > 0:
            raise TextVAEError(
                f"a rule of {'.'.join(symbol)} is empty or has no weight: give a body and a weight"
            )
        body = []
        for item in rule.body:
            if isinstance(item, str):
                body.append(self.words.setdefault(item, len(self.words)))
            else:
                number = self.visit(item)
                if number is None:
                    return None
                body.append(~number)
        return tuple(body)

    def _append(self, weighted: list[tuple[float, tuple[int, ...]]]) -> int:
        nodes = self.nodes
        total = sum(weight for weight, _ in weighted)
        productions = []
        first = reach = 0
        lexical = True
        for weight, body in weighted:
            head = body[0]
            starts = 1 << head if head >= 0 else nodes[~head].first
            first |= starts
            for item in body:
                if item >= 0:
                    reach |= 1 << item
                else:
                    lexical = False
                    reach |= nodes[~item].reach
            productions.append(Production(weight / total, body, starts))
        entries: dict[int, list[tuple[tuple[int, ...], float]]] | None = None
        if lexical:
            entries = {}
            for p in productions:
                entries.setdefault(p.body[0], []).append((p.body[1:], p.probability))
        nodes.append(Node(productions, first, reach, entries))
        return len(nodes) - 1


def compile_tables(rules: Mapping[Symbol, Sequence[Rule]], roots: Sequence[Root]) -> Tables:
    """Number the words and the symbols that the roots reach; drop what derives no string.

    Raises `TextVAEError` for a cycle, an empty rule, a rule that names a symbol nobody defines,
    or roots that derive nothing.
    """
    names = {symbol[0] for symbol in rules}
    compiler = _Compiler(rules=rules, names=names, words={}, numbers={}, nodes=[], open=set())
    kept = [(root, compiler.visit(root.symbol)) for root in roots]
    productive = [(root, number) for root, number in kept if number is not None]
    total = sum(root.weight for root, _ in productive)
    if not total > 0:
        raise TextVAEError("no root derives a sentence: give each root symbol at least one rule")
    root_nodes = [
        RootNode(root.weight / total, root.values, ~number, compiler.nodes[number].reach)
        for root, number in productive
    ]
    cumulative = list(accumulate(root.probability for root in root_nodes))
    return Tables(compiler.words, compiler.nodes, root_nodes, cumulative)
