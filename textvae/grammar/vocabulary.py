"""From word lists to lexical rules: inflected nouns and verbs, adjectives, determiners, places.

Within a list the k-th word (from 0) has weight 1 / (1 + k / 8): a mild version of Zipf's law that
leaves every word frequent enough to be learnt from the shipped corpus.
"""

from collections.abc import Mapping

from textvae.grammar.lexicon.shared import CONTROL, LIKING, NEUTRAL, OPINION, PERSONAL
from textvae.grammar.morphology import noun_forms, verb_forms, with_article
from textvae.grammar.rules import Rule, Symbol

KINDS = ("people", "main", "side")
TONES = ("neutral", "positive", "negative")

Rules = dict[Symbol, list[Rule]]


def lexical_rules(topics: Mapping[str, Mapping[str, str]]) -> Rules:
    """The rules of all lexical symbols whose words depend on the topic or are verbs."""
    rules: Rules = {}
    _add_verbs(rules, ("Neutral",), NEUTRAL)
    _add_verbs(rules, ("Personal",), PERSONAL)
    _add_verbs(rules, ("Control",), CONTROL)
    _add_verbs(rules, ("Opinion",), OPINION, progressive=False)
    for tone, entries in LIKING.items():
        _add_verbs(rules, ("Liking", tone), entries, progressive=False)
    for topic, lists in topics.items():
        for kind in KINDS:
            _add_nouns(rules, topic, kind, lists[kind])
            _add_determiners(rules, topic, kind, owned=kind in lists["owned"].split())
            for tone in TONES:
                _add_adjectives(rules, topic, kind, tone, lists.get(f"{kind} {tone}", ""))
        for key, entries in lists.items():
            actor, arrow, undergoer = key.partition(">")
            if arrow and undergoer:
                _add_verbs(rules, ("Transitive", topic, actor, undergoer), entries)
            elif arrow:
                _add_verbs(rules, ("Intransitive", topic, actor), entries)
            if actor == "people" and undergoer:
                for weight, entry in _ranked(entries):
                    participle = verb_forms(entry)["participle"]
                    _add(rules, ("Participle", topic, undergoer), weight, participle)
        _add_pairs(rules, topic, lists["people"])
        _add_verbs(rules, ("Skill", topic), lists["skills"])
        for weight, place in _ranked(lists["places"], divider="|"):
            _add(rules, ("Place", topic), weight, *place.split())
    return rules


def add_articles(rules: Rules) -> None:
    """Beside each adjective list that topics share, the same list with "a" or "an" before it."""
    for symbol in [s for s in rules if s[0] in ("Human", "General")]:
        for weight, (word,) in rules[symbol]:
            assert isinstance(word, str)
            _add(rules, ("A" + symbol[0], *symbol[1:]), weight, *with_article(word).split())


def _ranked(entries: str, divider: str | None = None) -> list[tuple[float, str]]:
    return [(1 / (1 + rank / 8), entry) for rank, entry in enumerate(entries.split(divider))]


def _add(rules: Rules, symbol: Symbol, weight: float, *body: str | Symbol) -> None:
    rules.setdefault(symbol, []).append(Rule(weight, body))


def _add_verbs(rules: Rules, symbol: Symbol, entries: str, *, progressive: bool = True) -> None:
    for weight, entry in _ranked(entries):
        forms = verb_forms(entry)
        for form in ("base", "third", "past", "ing") if progressive else ("base", "third", "past"):
            _add(rules, (*symbol, form), weight, forms[form])


def _add_nouns(rules: Rules, topic: str, kind: str, entries: str) -> None:
    for weight, entry in _ranked(entries):
        singular, plural = noun_forms(entry)
        _add(rules, ("Noun", topic, kind, "singular"), weight, singular)
        _add(rules, ("Noun", topic, kind, "plural"), weight, plural)
        _add(rules, ("ANoun", topic, kind), weight, *with_article(singular).split())


def _add_pairs(rules: Rules, topic: str, entries: str) -> None:
    """Two different people joined by "and"."""
    for weight, first in _ranked(entries):
        for other_weight, second in _ranked(entries):
            if first != second:
                words = ("the", noun_forms(first)[0], "and", "the", noun_forms(second)[0])
                _add(rules, ("Pair", topic), weight * other_weight, *words)


def _add_determiners(rules: Rules, topic: str, kind: str, *, owned: bool) -> None:
    """Demonstratives, and possessives where they make sense ("her passport", not "her storm")."""
    for number in ("singular", "plural"):
        symbol = ("Determiner", topic, kind, number)
        _add(rules, symbol, 2.0, ("Pointer", number))
        if owned:
            _add(rules, symbol, 3.0, ("Possessive", number))


def _add_adjectives(rules: Rules, topic: str, kind: str, tone: str, entries: str) -> None:
    """Adjectives before a noun (with and without article) and after "be"."""
    attributive = ("Human", tone) if kind == "people" else ("General", tone)
    predicative = ("Condition", tone) if kind == "people" else ("General", tone)
    _add(rules, ("Adjective", topic, kind, tone), 1.0, attributive)
    _add(rules, ("AnAdjective", topic, kind, tone), 1.0, ("A" + attributive[0], tone))
    _add(rules, ("Described", topic, kind, tone), 1.0, predicative)
    for weight, word in _ranked(entries):
        _add(rules, ("Adjective", topic, kind, tone), weight, word)
        _add(rules, ("AnAdjective", topic, kind, tone), weight, *with_article(word).split())
        _add(rules, ("Described", topic, kind, tone), weight, word)
