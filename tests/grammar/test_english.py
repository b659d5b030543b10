"""The English grammar: what it accepts, what it refuses, and the law of its factors."""

import math
import random
from collections import Counter, defaultdict
from statistics import fmean

import pytest

from textvae.grammar import Sentence, english
from textvae.grammar.grammar import count_words
from textvae.grammar.lexicon import TOPICS
from textvae.grammar.morphology import noun_forms


@pytest.fixture(scope="module")
def draws() -> list[Sentence]:
    rng = random.Random(20)
    return [english().sample(rng) for _ in range(1500)]


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        (
            "the chef cooked a delicious soup yesterday .",
            "food positive past affirmative singular statement",
        ),
        (
            "the soup that the chef cooked was not hot .",
            "food neutral past negative singular statement",
        ),
        (
            "did the pilots plan the flight because the journey was bumpy ?",
            "travel negative past affirmative plural yes-no",
        ),
        (
            "why will the storms damage our tents ?",
            "weather neutral future affirmative plural wh",
        ),
        ("she is never quiet .", None),
        ("who teaches the students ?", "school neutral present affirmative singular wh"),
        (
            "the website was not buggy , which was a relief .",
            "technology positive past negative singular statement",
        ),
    ],
)
def test_parse_reads_the_factors(text: str, factors: str | None) -> None:
    expected = (
        None if factors is None else dict(zip(english().factors, factors.split(), strict=True))
    )
    assert english().parse(text) == expected


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("the chef cooks the soup .", "the chef cook the soup ."),  # agreement
        ("the chefs were busy .", "the chefs was busy ."),
        ("the waiter served an omelette .", "the waiter served a omelette ."),  # article
        ("these players won the game .", "this players won the game ."),  # determiner
        ("the singer will compose the song .", "the singer will composed the song ."),  # verb form
        ("the guest did not cook .", "the guest did not cooked ."),
        (
            "the chef cooked the soup yesterday .",
            "the chef cooked the soup tomorrow .",
        ),  # tense
        ("the pilot booked the tour .", "the pilot booked the soup ."),  # topics mixed
        ("the storm damaged the tent .", "the tent damaged the storm ."),  # things do not act
        ("is the report vague ?", "is the report vague ."),  # punctuation
        ("the clerk signed the report .", "The clerk signed the report ."),  # capitals
        ("the clerk signed the report .", "the clerk signed the report"),
        ("the clerk signed the report .", "the clerk signed the xylophone ."),  # unknown word
    ],
)
def test_ungrammatical_twins_have_no_probability(right: str, wrong: str) -> None:
    assert english().log_prob(wrong) == -math.inf
    assert math.isfinite(english().log_prob(right))


def test_length_limits_count_words_and_not_punctuation() -> None:
    grammar = english()
    assert grammar.log_prob("singers sang .") == -math.inf
    assert grammar.log_prob("the singer sang .") == -math.inf  # three words, four tokens
    assert math.isfinite(grammar.log_prob("the old singer sang ."))
    phrase = "the very long sentence " * 6
    assert grammar.log_prob(phrase + ".") == -math.inf


def test_draws_are_within_limits_and_score_as_they_say(draws: list[Sentence]) -> None:
    grammar = english()
    for s in draws[:400]:
        assert 4 <= count_words(s.text.split()) <= 20
        assert math.isfinite(s.log_prob)
        assert s.log_prob == grammar.log_prob(s.text)
    assert draws[0] == grammar.sample(random.Random(20))


def test_articles_agree_with_the_next_word(draws: list[Sentence]) -> None:
    for s in draws:
        for article, word in zip(s.text.split(), s.text.split()[1:], strict=False):
            if article in {"a", "an"}:
                assert (article == "an") == (word[0] in "aeiou" or word == "hour"), s.text


def test_factors_can_be_read_off_the_text(draws: list[Sentence]) -> None:
    grammar = english()
    sure = 0
    for s in draws[:400]:
        posterior = grammar.posterior(s.text)
        sure += sum(p for v, p in posterior.items() if v[0] == s.factors["topic"]) > 0.9
    assert sure >= 0.98 * 400
    for factor in grammar.factors:
        read = [(grammar.parse(s.text) or {}).get(factor) for s in draws[:300]]
        right = fmean(r == s.factors[factor] for r, s in zip(read, draws, strict=False))
        assert right >= 0.99


def test_frequencies_match_the_exact_prior(draws: list[Sentence]) -> None:
    grammar = english()
    n = len(draws)
    assert math.fsum(grammar.prior.values()) == pytest.approx(1.0)
    for i, factor in enumerate(grammar.factors):
        exact: dict[str, float] = defaultdict(float)
        for values, p in grammar.prior.items():
            exact[values[i]] += p
        counts = Counter(s.factors[factor] for s in draws)
        statistic = sum((counts[v] - n * p) ** 2 / (n * p) for v, p in exact.items())
        freedom = len(exact) - 1
        assert statistic < freedom + 5 * math.sqrt(2 * freedom), factor


def test_partition_agrees_with_free_running_draws() -> None:
    grammar = english()
    rng = random.Random(3)
    n = 4000
    tables = grammar._tables
    weights = [root.probability for root in tables.roots]
    roots = rng.choices(tables.roots, weights, k=n)
    inside = fmean(4 <= count_words(grammar._expand(r.symbol, rng)) <= 20 for r in roots)
    z = math.exp(grammar.log_partition)
    assert z < 1
    assert abs(inside - z) < 5 * math.sqrt(z * (1 - z) / n)


def test_neutral_sentences_have_no_evaluative_word(draws: list[Sentence]) -> None:
    judging = {"delicious", "bland", "wonderful", "terrible", "sadly", "enjoyed", "hated", "badly"}
    for s in draws:
        if s.factors["sentiment"] == "neutral":
            assert not judging & set(s.text.split()), s.text


def test_vocabulary_and_topics_have_the_promised_size() -> None:
    assert 1000 <= len(english().vocabulary) <= 1500
    assert len(TOPICS) >= 8
    owner: dict[str, str] = {}
    for topic, lists in TOPICS.items():
        for kind in ("people", "main", "side"):
            for entry in lists[kind].split():
                for form in noun_forms(entry):
                    assert owner.setdefault(form, topic) == topic, f"{form} is in two topics"
