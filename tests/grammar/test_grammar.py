"""The engine against brute force on a tiny ambiguous grammar."""

import math
import random
from collections import Counter, defaultdict

import pytest

from textvae.errors import TextVAEError
from textvae.grammar import Grammar, Root, Rule

from .tiny_grammar import ROOTS, RULES, derivations, joint

LIMITS = [(1, 9), (3, 6), (4, 20)]


def tiny(min_words: int = 1, max_words: int = 9) -> Grammar:
    return Grammar(
        rules=RULES, roots=ROOTS, factors=("way",), min_words=min_words, max_words=max_words
    )


def marginal(table: dict[tuple[tuple[str, ...], str], float]) -> dict[str, float]:
    texts: dict[str, float] = defaultdict(float)
    for (_, text), p in table.items():
        texts[text] += p
    return dict(texts)


def test_the_tiny_grammar_is_ambiguous_within_and_between_roots() -> None:
    plain = Counter(words for words, _ in derivations(RULES, ("S", "plain")))
    asked = {words for words, _ in derivations(RULES, ("S", "asked"))}
    assert plain["we", "see", "the", "man", "with", "it", "."] == 2
    assert asked & set(plain)


@pytest.mark.parametrize(("low", "high"), LIMITS)
def test_log_prob_equals_the_sum_over_enumerated_derivations(low: int, high: int) -> None:
    grammar = tiny(low, high)
    expected = marginal(joint(low, high))
    for text, p in expected.items():
        assert grammar.log_prob(text) == pytest.approx(math.log(p), abs=1e-12)
    assert math.fsum(math.exp(grammar.log_prob(t)) for t in expected) == pytest.approx(1.0)


def test_sentences_outside_the_limits_have_no_probability() -> None:
    inside = marginal(joint(3, 6))
    for text in marginal(joint(1, 9)):
        assert math.isfinite(tiny(3, 6).log_prob(text)) == (text in inside)


@pytest.mark.parametrize(("low", "high"), LIMITS)
def test_partition_equals_brute_force(low: int, high: int) -> None:
    kept = sum(
        root.weight / 5.0 * p
        for root in ROOTS
        for words, p in derivations(RULES, root.symbol)
        if low <= len(words) - 1 <= high  # each sentence ends in one punctuation token
    )
    assert tiny(low, high).log_partition == pytest.approx(math.log(kept), abs=1e-12)


@pytest.mark.parametrize(("low", "high"), LIMITS)
def test_posterior_parse_and_prior_equal_brute_force(low: int, high: int) -> None:
    grammar = tiny(low, high)
    table = joint(low, high)
    for text, p in marginal(table).items():
        expected = {values: q / p for (values, t), q in table.items() if t == text}
        assert grammar.posterior(text) == pytest.approx(expected)
        best = max(expected, key=expected.__getitem__)
        assert grammar.parse(text) == {"way": best[0]}
    for values, p in grammar.prior.items():
        assert p == pytest.approx(math.fsum(q for (v, _), q in table.items() if v == values))
    entropy = -sum(p * math.log(p) for p in grammar.prior.values())
    assert grammar.factor_entropy("way") == pytest.approx(entropy)


def test_samples_follow_the_law_that_scores_them() -> None:
    grammar = tiny(3, 6)
    rng = random.Random(0)
    n = 20_000
    table = joint(3, 6)
    draws = [grammar.sample(rng) for _ in range(n)]
    counts: Counter[tuple[tuple[str, ...], str]] = Counter(
        ((s.factors["way"],), s.text) for s in draws
    )
    assert set(counts) <= set(table)
    # Pearson's statistic has mean k - 1 and variance 2 (k - 1): five deviations are no accident.
    statistic = sum((counts[key] - n * p) ** 2 / (n * p) for key, p in table.items())
    freedom = len(table) - 1
    assert statistic < freedom + 5 * math.sqrt(2 * freedom)
    assert all(s.log_prob == grammar.log_prob(s.text) for s in draws[:50])


def test_the_same_seed_gives_the_same_sentences() -> None:
    first, second = random.Random(7), random.Random(7)
    assert [tiny().sample(first) for _ in range(20)] == [tiny().sample(second) for _ in range(20)]


@pytest.mark.parametrize("text", ["", ".", "we", "we see", "see we .", "we fly .", "we see . ."])
def test_what_is_not_derived_has_no_parse(text: str) -> None:
    assert tiny().log_prob(text) == -math.inf
    assert tiny().parse(text) is None
    assert tiny().posterior(text) == {}


def test_vocabulary_leaves_out_what_no_sentence_uses() -> None:
    assert tiny().vocabulary == tuple(
        sorted(
            {
                word
                for root in ROOTS
                for words, _ in derivations(RULES, root.symbol)
                for word in words
            }
        )
    )


def test_errors_name_the_trouble() -> None:
    root = [Root(weight=1.0, values=("a",), symbol=("S",))]

    def build(rules: dict[tuple[str, ...], list[Rule]], low: int = 1, high: int = 3) -> Grammar:
        return Grammar(rules=rules, roots=root, factors=("f",), min_words=low, max_words=high)

    with pytest.raises(TextVAEError, match="S derives itself"):
        build({("S",): [Rule(1.0, ("a", ("S",)))]})
    with pytest.raises(TextVAEError, match="no rule defines the symbol T"):
        build({("S",): [Rule(1.0, (("T",),))]})
    with pytest.raises(TextVAEError, match="empty or has no weight"):
        build({("S",): [Rule(1.0, ())]})
    with pytest.raises(TextVAEError, match="no root derives"):
        build({("S",): [Rule(1.0, (("T", "x"),))], ("T", "y"): [Rule(1.0, ("a",))]})
    with pytest.raises(TextVAEError, match="no sentence has 2 to 3 words"):
        _ = build({("S",): [Rule(1.0, ("a",))]}, 2, 3).log_partition
    with pytest.raises(TextVAEError, match="are empty"):
        build({("S",): [Rule(1.0, ("a",))]}, 4, 3)
    with pytest.raises(TextVAEError, match="no factor named 'mood'"):
        tiny().factor_entropy("mood")
