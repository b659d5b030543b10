"""The English grammar behind the shipped corpus: factors, topics, lexicon and rules put together.

The factors are drawn first: topic, tense, number and type independently, then polarity and
sentiment given the type (questions are negated and coloured less often). The prior is over all
lengths; the limits of 4 to 20 words bend it slightly, and `Grammar.prior` accounts for that.
"""

from functools import cache
from itertools import product

from textvae.grammar.clauses import CLAUSES, SENTENCES
from textvae.grammar.grammar import Grammar
from textvae.grammar.lexicon import TOPICS
from textvae.grammar.lexicon.shared import SHARED
from textvae.grammar.phrases import NOUN_PHRASES, VERB_PHRASES
from textvae.grammar.rules import Root
from textvae.grammar.schema import expand
from textvae.grammar.vocabulary import add_articles, lexical_rules

FACTORS = ("topic", "sentiment", "tense", "polarity", "number", "type")
MIN_WORDS = 4
MAX_WORDS = 20

DOMAINS = {
    "topic": tuple(TOPICS),
    "kind": ("people", "main", "side"),
    "object": ("people", "main", "side"),
    "thing": ("main", "side"),
    "number": ("singular", "plural"),
    "other": ("singular", "plural"),
    "tense": ("past", "present", "future"),
    "construct": ("verb", "progressive", "state"),
    "polarity": ("affirmative", "negative"),
    "tone": ("neutral", "positive", "negative"),
    "valence": ("positive", "negative"),
    "hue": ("positive", "negative"),
    "shade": ("neutral", "positive", "negative"),
    "form": ("base", "third", "past", "ing"),
}

TOPIC_WEIGHT = (1.2, 1.1, 1.1, 1.0, 1.0, 1.0, 0.9, 0.9)
TENSE_WEIGHT = {"past": 0.40, "present": 0.42, "future": 0.18}
NUMBER_WEIGHT = {"singular": 0.6, "plural": 0.4}
TYPE_WEIGHT = {"statement": 0.62, "yes-no": 0.21, "wh": 0.17}
TYPE_SYMBOL = {"statement": "Statement", "yes-no": "YesNo", "wh": "Wh"}
NEGATIVE_GIVEN_TYPE = {"statement": 0.28, "yes-no": 0.15, "wh": 0.20}
SENTIMENT_GIVEN_TYPE = {
    "statement": {"neutral": 0.38, "positive": 0.34, "negative": 0.28},
    "yes-no": {"neutral": 0.52, "positive": 0.26, "negative": 0.22},
    "wh": {"neutral": 0.52, "positive": 0.24, "negative": 0.24},
}


@cache
def english() -> Grammar:
    """The grammar of the shipped corpus; built once and then shared, which is safe (immutable)."""
    rules = expand("\n".join((SHARED, NOUN_PHRASES, VERB_PHRASES, CLAUSES, SENTENCES)), DOMAINS)
    add_articles(rules)
    for symbol, alternatives in lexical_rules(TOPICS).items():
        rules.setdefault(symbol, []).extend(alternatives)
    return Grammar(
        rules=rules, roots=_roots(), factors=FACTORS, min_words=MIN_WORDS, max_words=MAX_WORDS
    )


def _roots() -> list[Root]:
    """One root for each assignment of the factors, weighted by its prior probability."""
    roots = []
    for kind, (topic, topic_weight), tense, number in product(
        TYPE_WEIGHT, zip(TOPICS, TOPIC_WEIGHT, strict=True), TENSE_WEIGHT, NUMBER_WEIGHT
    ):
        shared = TYPE_WEIGHT[kind] * topic_weight * TENSE_WEIGHT[tense] * NUMBER_WEIGHT[number]
        negative = NEGATIVE_GIVEN_TYPE[kind]
        for polarity, p in (("affirmative", 1 - negative), ("negative", negative)):
            for sentiment, q in SENTIMENT_GIVEN_TYPE[kind].items():
                roots.append(
                    Root(
                        weight=shared * p * q,
                        values=(topic, sentiment, tense, polarity, number, kind),
                        symbol=(TYPE_SYMBOL[kind], topic, tense, polarity, number, sentiment),
                    )
                )
    return roots
