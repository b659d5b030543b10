"""Schemata expand to the rules that their variables call for; inflection follows English."""

import pytest

from textvae.errors import TextVAEError
from textvae.grammar import Rule
from textvae.grammar.morphology import noun_forms, verb_forms, with_article
from textvae.grammar.schema import expand

DOMAINS = {"number": ("one", "many"), "other": ("one", "many"), "kind": ("x", "y")}


def test_variables_agree_within_a_rule_and_are_summed_when_only_in_the_body() -> None:
    rules = expand(
        """
NP[number]   # comment
    2 the N[number,fixed]
    1 a | an N[other,fixed]
NP[one]
    0.5 it
""",
        DOMAINS,
    )
    assert rules["NP", "many"] == [
        Rule(2.0, ("the", ("N", "many", "fixed"))),
        Rule(1.0, ("a",)),
        Rule(1.0, ("an", ("N", "one", "fixed"))),
        Rule(1.0, ("an", ("N", "many", "fixed"))),
    ]
    assert rules["NP", "one"][-1] == Rule(0.5, ("it",))


def test_a_word_spelt_like_a_variable_stays_a_word() -> None:
    assert expand("A[number]\n  1 kind number\n", DOMAINS)["A", "one"] == [
        Rule(1.0, ("kind", "number"))
    ]


@pytest.mark.parametrize("text", ["  1 a\n", "A\n  a b\n", "A\n  1\n", "A\n  1 a | \n"])
def test_malformed_lines_are_named(text: str) -> None:
    with pytest.raises(TextVAEError, match="grammar line"):
        expand(text, DOMAINS)


@pytest.mark.parametrize(
    ("entry", "third", "past", "participle", "ing"),
    [
        ("cook", "cooks", "cooked", "cooked", "cooking"),
        ("bake", "bakes", "baked", "baked", "baking"),
        ("carry", "carries", "carried", "carried", "carrying"),
        ("play", "plays", "played", "played", "playing"),
        ("wash", "washes", "washed", "washed", "washing"),
        ("hum", "hums", "hummed", "hummed", "humming"),
        ("visit", "visits", "visited", "visited", "visiting"),
        ("fix", "fixes", "fixed", "fixed", "fixing"),
        ("row", "rows", "rowed", "rowed", "rowing"),
        ("win/won", "wins", "won", "won", "winning"),
        ("eat/ate/eaten", "eats", "ate", "eaten", "eating"),
    ],
)
def test_verbs(entry: str, third: str, past: str, participle: str, ing: str) -> None:
    forms = verb_forms(entry)
    assert list(forms.values())[1:] == [third, past, participle, ing]


def test_nouns_and_articles() -> None:
    pairs = [noun_forms(e) for e in ("chef", "dictionary", "match/matches", "rash", "tray")]
    assert [plural for _, plural in pairs] == [
        "chefs",
        "dictionaries",
        "matches",
        "rashes",
        "trays",
    ]
    assert with_article("omelette") == "an omelette"
    assert with_article("soup") == "a soup"
