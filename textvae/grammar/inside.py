"""The inside probability of a sentence: the sum over all its derivations.

Top-down with a memo on (symbol, start). A span table holds, for each end, the total probability
that the symbol derives the words between. Two exact filters make it fast: a root is tried only if
each word of the sentence can occur under it, a production only if it can begin with the next word.
"""

from textvae.grammar.tables import Tables

Ends = list[tuple[int, float]]
"""Pairs (end, probability) of the spans that a symbol derives from one start."""


def inside(tables: Tables, words: list[int]) -> list[tuple[tuple[str, ...], float]]:
    """The factor values and p(root) p(words | root) of every root that derives the words."""
    n = len(words)
    nodes = tables.symbols
    bits = [1 << word for word in words]
    present = 0
    for bit in bits:
        present |= bit
    memo: dict[tuple[int, int], Ends] = {}

    def spans(item: int, start: int) -> Ends:
        key = (item, start)
        found = memo.get(key)
        if found is not None:
            return found
        node = nodes[~item]
        ends: dict[int, float] = {}
        if node.entries is not None:
            for rest, p in node.entries.get(words[start], ()):
                end = start + 1 + len(rest)
                if not rest or tuple(words[start + 1 : end]) == rest:
                    ends[end] = ends.get(end, 0.0) + p
        elif node.first & bits[start]:
            bit = bits[start]
            for p, body, first in node.productions:
                if first & bit:
                    for end, q in sequence(body, start, p):
                        ends[end] = ends.get(end, 0.0) + q
        result = list(ends.items())
        memo[key] = result
        return result

    def sequence(body: tuple[int, ...], start: int, p: float) -> Ends:
        frontier = [(start, p)]
        for item in body:
            grown: dict[int, float] = {}
            for at, q in frontier:
                if at == n:
                    continue
                if item >= 0:
                    if words[at] == item:
                        grown[at + 1] = grown.get(at + 1, 0.0) + q
                else:
                    for end, r in spans(item, at):
                        grown[end] = grown.get(end, 0.0) + q * r
            if not grown:
                return []
            frontier = list(grown.items())
        return frontier

    scores = []
    for probability, values, symbol, reach in tables.roots:
        if present & ~reach == 0:
            for end, p in spans(symbol, 0):
                if end == n:
                    scores.append((values, probability * p))
    return scores
