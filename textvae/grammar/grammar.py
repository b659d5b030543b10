"""A probabilistic context-free grammar whose strings can be drawn, scored and parsed exactly.

The grammar is a mixture over *roots*. A root carries one value for every factor (topic, tense, ...)
and a symbol to rewrite, so a sentence x has

    log p(x) = log sum_r p(r) p(x | r) - log Z,      Z = P(min_words <= words(x) <= max_words),

where p(x | r) sums the probabilities of all derivations of x from r (the inside probability) and
Z is computed exactly by a dynamic programme over lengths. Sampling draws from the same law:
ancestrally, with rejection of sentences outside the length limits.

Punctuation tokens end or divide a sentence but are not counted as words.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from textvae.errors import TextVAEError
from textvae.grammar.inside import inside
from textvae.grammar.lengths import probability_of_lengths
from textvae.grammar.rules import Root, Rule, Symbol
from textvae.grammar.tables import compile_tables

PUNCTUATION = frozenset({".", "?", ","})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One draw: its tokens joined by blanks, its factors, and log p(text) in nats."""

    text: str
    factors: dict[str, str]
    log_prob: float


class Grammar:
    """A weighted grammar over whitespace-separated, lower-case sentences.

    Weights are relative: they are normalised among the rules of a symbol and among the roots.
    The grammar must be acyclic (bound a recursion by a feature that counts its depth) and every
    rule must have a body. Raises `TextVAEError` if it is not so, if a rule mentions a symbol
    that has no rules under any features, or if no sentence fits the length limits.
    """

    def __init__(
        self,
        *,
        rules: Mapping[Symbol, Sequence[Rule]],
        roots: Sequence[Root],
        factors: tuple[str, ...],
        min_words: int,
        max_words: int,
    ) -> None:
        if not 0 < min_words <= max_words:
            raise TextVAEError(
                f"length limits {min_words}..{max_words} are empty: give 0 < min_words <= max_words"
            )
        self.factors = factors
        self.min_words = min_words
        self.max_words = max_words
        self._tables = compile_tables(rules, roots)
        self.vocabulary = tuple(sorted(self._tables.words))
        self._words = [word for word, _ in sorted(self._tables.words.items(), key=lambda kv: kv[1])]

    @cached_property
    def _fit(self) -> list[float]:
        """For each root, the probability that its sentence is within the length limits."""
        punctuation = {self._tables.words[p] for p in PUNCTUATION if p in self._tables.words}
        fit = probability_of_lengths(self._tables, punctuation, self.min_words, self.max_words)
        if not any(fit):
            raise TextVAEError(
                f"no sentence has {self.min_words} to {self.max_words} words: widen the limits"
            )
        return fit

    @cached_property
    def log_partition(self) -> float:
        """log Z in nats: the log-probability that a derivation fits the length limits."""
        roots = self._tables.roots
        return math.log(math.fsum(r.probability * f for r, f in zip(roots, self._fit, strict=True)))

    @cached_property
    def prior(self) -> dict[tuple[str, ...], float]:
        """Exact probability of every assignment of the factors, length limits included."""
        scale = math.exp(-self.log_partition)
        prior: dict[tuple[str, ...], float] = {}
        for root, fit in zip(self._tables.roots, self._fit, strict=True):
            prior[root.values] = prior.get(root.values, 0.0) + root.probability * fit * scale
        return prior

    def factor_entropy(self, *names: str) -> float:
        """Exact joint entropy, in nats, of the named factors under the grammar."""
        unknown = [name for name in names if name not in self.factors]
        if unknown:
            raise TextVAEError(f"no factor named {unknown[0]!r}: choose among {self.factors}")
        columns = [self.factors.index(name) for name in names]
        marginal: dict[tuple[str, ...], float] = {}
        for values, p in self.prior.items():
            key = tuple(values[c] for c in columns)
            marginal[key] = marginal.get(key, 0.0) + p
        return -math.fsum(p * math.log(p) for p in marginal.values() if p > 0)

    def log_prob(self, text: str) -> float:
        """log p(text) in nats; minus infinity if the grammar cannot derive the text."""
        total = math.fsum(p for _, p in self._root_scores(text))
        return math.log(total) - self.log_partition if total > 0 else -math.inf

    def posterior(self, text: str) -> dict[tuple[str, ...], float]:
        """p(factors | text) of every assignment that can derive the text; empty if none can."""
        scores: dict[tuple[str, ...], float] = {}
        for values, p in self._root_scores(text):
            scores[values] = scores.get(values, 0.0) + p
        total = math.fsum(scores.values())
        return {values: p / total for values, p in scores.items()}

    def parse(self, text: str) -> dict[str, str] | None:
        """The most probable assignment of the factors given the text; None if ungrammatical.

        The probability of an assignment sums over all its derivations, so this is the Bayes
        decision for the whole tuple, not the assignment of the single best tree.
        """
        posterior = self.posterior(text)
        if not posterior:
            return None
        best = max(posterior, key=posterior.__getitem__)
        return dict(zip(self.factors, best, strict=True))

    def sample(self, rng: random.Random) -> Sentence:
        """Draw a sentence, ancestrally with rejection on length, from the state of `rng`."""
        tables = self._tables
        while True:
            u = rng.random() * tables.root_cumulative[-1]
            root = tables.roots[bisect_right(tables.root_cumulative, u)]
            tokens = self._expand(root.symbol, rng)
            if self.min_words <= count_words(tokens) <= self.max_words:
                text = " ".join(tokens)
                factors = dict(zip(self.factors, root.values, strict=True))
                return Sentence(text=text, factors=factors, log_prob=self.log_prob(text))

    def _expand(self, symbol: int, rng: random.Random) -> list[str]:
        tokens: list[str] = []
        stack = [symbol]
        while stack:
            item = stack.pop()
            if item >= 0:
                tokens.append(self._words[item])
            else:
                u = rng.random()
                for production in self._tables.symbols[~item].productions:
                    u -= production.probability
                    if u < 0:
                        break
                # Should rounding leave u at zero, the last production is the one that was due.
                stack.extend(reversed(production.body))
        return tokens

    def _root_scores(self, text: str) -> list[tuple[tuple[str, ...], float]]:
        """The factors and p(root) p(text | root) of every root that derives the text."""
        tokens = text.split()
        if not self.min_words <= count_words(tokens) <= self.max_words:
            return []
        words = [self._tables.words.get(token, -1) for token in tokens]
        return [] if -1 in words else inside(self._tables, words)


def count_words(tokens: Sequence[str]) -> int:
    """How many of the tokens are words, that is, not punctuation."""
    return sum(token not in PUNCTUATION for token in tokens)
