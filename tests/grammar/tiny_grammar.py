"""A tiny ambiguous grammar and a brute-force reading of it, to check the clever code against."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from textvae.grammar import Root, Rule, Symbol

# "we see the man with it" has two derivations: "with it" belongs to the seeing or to the man. The
# roots share strings too ("they see"), and lengths range from 2 to 7 words.
RULES: dict[Symbol, list[Rule]] = {
    ("S", "plain"): [
        Rule(3.0, (("Who",), ("Act",), ".")),
        Rule(1.0, (("Who",), ("Act",), "with", "it", ".")),
    ],
    ("S", "asked"): [
        Rule(1.0, ("do", ("Who",), ("Act",), "?")),
        Rule(1.0, (("Who",), ("Act",), ".")),
        Rule(5.0, (("Never",), ".")),
    ],
    ("Who",): [Rule(1.0, ("we",)), Rule(2.0, ("they",))],
    ("Act",): [
        Rule(1.0, ("see",)),
        Rule(2.0, ("see", ("Thing",))),
        Rule(0.5, ("look", "at", ("Thing",))),
    ],
    ("Thing",): [
        Rule(4.0, ("the", ("Noun",))),
        Rule(1.0, ("the", ("Noun",), "with", "it")),
    ],
    ("Noun",): [Rule(1.0, ("man",)), Rule(1.0, ("dog",)), Rule(0.2, (("Never",),))],
    ("Never",): [Rule(1.0, (("Nothing", "one"),))],
    ("Nothing", "two"): [Rule(1.0, ("nothing",))],
}
ROOTS = [
    Root(weight=3.0, values=("plain",), symbol=("S", "plain")),
    Root(weight=2.0, values=("asked",), symbol=("S", "asked")),
]


def derivations(
    rules: Mapping[Symbol, Sequence[Rule]], symbol: Symbol
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every derivation of the symbol: its words and its probability, one item a derivation."""
    alternatives = [
        (rule.weight, list(_bodies(rules, rule.body))) for rule in rules.get(symbol, [])
    ]
    total = sum(weight for weight, bodies in alternatives if bodies)
    for weight, bodies in alternatives:
        for words, p in bodies:
            yield words, p * weight / total


def _bodies(
    rules: Mapping[Symbol, Sequence[Rule]], body: tuple[str | Symbol, ...]
) -> Iterator[tuple[tuple[str, ...], float]]:
    if not body:
        yield (), 1.0
        return
    head = [((body[0],), 1.0)] if isinstance(body[0], str) else derivations(rules, body[0])
    tails = list(_bodies(rules, body[1:]))
    for words, p in head:
        for rest, q in tails:
            yield words + rest, p * q


def joint(min_words: int, max_words: int) -> dict[tuple[tuple[str, ...], str], float]:
    """p(factors, text) of the tiny grammar by enumeration, renormalised for the limits."""
    total = sum(root.weight for root in ROOTS)
    table: dict[tuple[tuple[str, ...], str], float] = defaultdict(float)
    for root in ROOTS:
        for words, p in derivations(RULES, root.symbol):
            if min_words <= sum(word not in {".", "?", ","} for word in words) <= max_words:
                table[root.values, " ".join(words)] += root.weight / total * p
    z = sum(table.values())
    return {key: p / z for key, p in table.items()}
