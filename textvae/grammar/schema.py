"""Rule schemata: a text of rules with feature variables, expanded to plain rules.

A block is a head on a line of its own and its alternatives, indented, each with a weight:

    Core[topic,kind,number,neutral]
        5  Noun[topic,kind,number]
        2  Adjective[topic,kind,neutral] Noun[topic,kind,number]

Alternatives of one weight may share a line, divided by `|`. Nonterminals begin with a capital,
anything else is a word. A feature that names a domain is a
variable: the rule stands for all its values, the same value wherever the variable occurs in the
rule. Variables of the body that the head lacks are summed over, each value with the given weight.
Any other feature is a constant. Blocks with one head add up; `#` begins a comment.
"""

from collections.abc import Callable, Mapping
from itertools import product
from operator import itemgetter

from textvae.errors import TextVAEError
from textvae.grammar.rules import Rule, Symbol


def expand(text: str, domains: Mapping[str, tuple[str, ...]]) -> dict[Symbol, list[Rule]]:
    """All plain rules of the schemata in `text`; raises `TextVAEError` for a malformed line."""
    rules: dict[Symbol, list[Rule]] = {}
    head: list[str] | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#")[0].rstrip()
        if not line:
            continue
        if not line[0].isspace():
            head = _parts(line)
            continue
        weight, _, alternatives = line.strip().partition(" ")
        bodies = [alternative.split() for alternative in alternatives.split("|")]
        if head is None or not _is_number(weight) or not all(bodies):
            raise TextVAEError(
                f"grammar line {number}: {raw.strip()!r} is not 'weight symbol ...' under a head"
            )
        for body in bodies:
            _add(rules, head, float(weight), [_parts(symbol) for symbol in body], domains)
    return rules


def _parts(symbol: str) -> list[str]:
    """Name and features of `Name[a,b]`; a word is a list of itself alone."""
    if not symbol[0].isupper() or not symbol.endswith("]"):
        return [symbol]
    name, features = symbol[:-1].split("[")
    return [name, *features.split(",")]


def _is_number(field: str) -> bool:
    return field.replace(".", "", 1).isdigit()


def _add(
    rules: dict[Symbol, list[Rule]],
    head: list[str],
    weight: float,
    body: list[list[str]],
    domains: Mapping[str, tuple[str, ...]],
) -> None:
    symbols = [symbol for symbol in [head, *body] if symbol[0][0].isupper()]
    pool = list(dict.fromkeys(part for symbol in symbols for part in symbol))
    columns = [domains.get(part, (part,)) for part in pool]
    head_of = _getter(head, pool)
    getters = [_getter(symbol, pool) if symbol[0][0].isupper() else None for symbol in body]
    # The words of a body are the same under every assignment of the variables.
    items = [(getter, symbol[0]) for getter, symbol in zip(getters, body, strict=True)]
    for values in product(*columns):
        filled = tuple([word if get is None else get(values) for get, word in items])
        rules.setdefault(head_of(values), []).append(Rule(weight, filled))


def _getter(symbol: list[str], pool: list[str]) -> Callable[[tuple[str, ...]], Symbol]:
    """A function from the values of the pool to the symbol's tuple."""
    places = [pool.index(part) for part in symbol]
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
