"""The law of the sentence length, exactly: a dynamic programme over lengths, bottom-up.

A symbol's length law is a mixture over its productions of the convolution of their parts. Lengths
above the maximum are dropped: they can only grow. Symbols built alike share one law (a phrase of
any topic mostly has the same lengths), which saves most of the work.
"""

from textvae.grammar.tables import Node, Tables

Law = dict[int, float]
"""Length in words -> probability; what is missing from a total of 1 is longer than the maximum."""

Mixture = tuple[tuple[float, int, tuple[int, ...]], ...]
"""For each production its probability, its own words, and the numbers of its parts' laws."""


def probability_of_lengths(
    tables: Tables, punctuation: set[int], min_words: int, max_words: int
) -> list[float]:
    """For each root, P(min_words <= words <= max_words), words of `punctuation` not counted."""
    laws: list[Law] = []
    law_of_mixture: dict[Mixture, int] = {}
    law_of_items: dict[tuple[tuple[int, float], ...], int] = {}
    law_of_symbol: list[int] = []
    products: dict[tuple[int, ...], Law] = {(): {0: 1.0}}

    def product(parts: tuple[int, ...]) -> Law:
        """Law of the summed length of the parts; prefixes are shared through `products`."""
        known = products.get(parts)
        if known is None:
            known = products[parts] = {}
            right = laws[parts[-1]]
            for a, p in product(parts[:-1]).items():
                for b, q in right.items():
                    if a + b <= max_words:
                        known[a + b] = known.get(a + b, 0.0) + p * q
        return known

    for node in tables.symbols:
        mixture = _mixture(node, punctuation, law_of_symbol)
        number = law_of_mixture.get(mixture)
        if number is None:
            law: Law = {}
            for probability, fixed, parts in mixture:
                for length, p in product(parts).items():
                    if length + fixed <= max_words:
                        law[length + fixed] = law.get(length + fixed, 0.0) + probability * p
            number = law_of_items.setdefault(tuple(sorted(law.items())), len(laws))
            if number == len(laws):
                laws.append(law)
            law_of_mixture[mixture] = number
        law_of_symbol.append(number)
    return [
        sum(p for length, p in laws[law_of_symbol[~root.symbol]].items() if length >= min_words)
        for root in tables.roots
    ]


def _mixture(node: Node, punctuation: set[int], law_of_symbol: list[int]) -> Mixture:
    terms = []
    for production in node.productions:
        parts = tuple([law_of_symbol[~item] for item in production.body if item < 0])
        fixed = sum([item >= 0 and item not in punctuation for item in production.body])
        terms.append((production.probability, fixed, parts))
    return tuple(terms)
