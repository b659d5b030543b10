"""A model beside the truth, for a corpus whose grammar is known."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from textvae.errors import TextVAEError
from textvae.evaluation.statistics import mean

READ_OFF = ("topic", "tense", "type")


@runtime_checkable
class Judge(Protocol):
    """What is known about a corpus: `textvae.grammar.Grammar` is one."""

    def log_prob(self, text: str) -> float:
        """True log-probability of a sentence in nats; -inf if it cannot occur."""

    def parse(self, text: str) -> dict[str, str] | None:
        """The factors of a sentence; None if it cannot occur."""


def entropy_figures(
    grammar: Judge,
    sentences: Sequence[str],
    log_likelihood: Float[Tensor, " n"],
    *,
    lossless: bool,
) -> dict[str, float | None]:
    """`entropy`: minus the mean true log p of these sentences, nats; no model beats it on average.

    `gap_to_entropy`: mean of true log p(x) minus the model's estimate, sentence by sentence, so
    that its standard error is that of the differences. None unless the tokenizer is `lossless` on
    these sentences: else the model scores something else than they are.
    """
    true = torch.tensor([grammar.log_prob(sentence) for sentence in sentences]).double()
    if not true.isfinite().all():
        wrong = sentences[int((~true.isfinite()).nonzero()[0, 0])]
        raise TextVAEError(f"data.grammar: did not write this sentence of the corpus: {wrong!r}")
    entropy, gap = mean(-true), mean(true - log_likelihood.cpu())
    return {
        "entropy": entropy.value,
        "entropy_stderr": entropy.stderr,
        "gap_to_entropy": gap.value if lossless else None,
        "gap_to_entropy_stderr": gap.stderr if lossless else None,
    }


def grammatical_rate(grammar: Judge, sentences: Sequence[str]) -> dict[str, float]:
    """Share of `sentences` that the grammar can write, with its standard error."""
    good = sum(grammar.log_prob(sentence) > -math.inf for sentence in sentences)
    rate = good / len(sentences)
    return {
        "grammatical_rate": rate,
        "grammatical_rate_stderr": math.sqrt(rate * (1 - rate) / len(sentences)),
        "grammatical_rate_samples": len(sentences),
    }


def factor_accuracy(
    grammar: Judge, sentences: Sequence[str], reconstructions: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Share of reconstructions with the factors of their sentence, each and all jointly.

    Factors are read off by the grammar; what it cannot parse counts as wrong. `majority` is what
    always saying the most frequent value would reach.
    """
    wanted = [_read(grammar, sentence) for sentence in sentences]
    got = [_read(grammar, sentence) for sentence in reconstructions]
    accuracy: dict[str, float] = {}
    majority: dict[str, float] = {}
    for i, factor in enumerate(READ_OFF):
        pairs = [(w and w[i], g and g[i]) for w, g in zip(wanted, got, strict=True)]
        accuracy[factor] = sum(w is not None and w == g for w, g in pairs) / len(pairs)
        majority[factor] = Counter(w for w, _ in pairs).most_common(1)[0][1] / len(pairs)
    joint = [w is not None and w == g for w, g in zip(wanted, got, strict=True)]
    accuracy["joint"] = sum(joint) / len(joint)
    majority["joint"] = Counter(wanted).most_common(1)[0][1] / len(wanted)
    return {"accuracy": accuracy, "majority": majority}


def _read(grammar: Judge, sentence: str) -> tuple[str, ...] | None:
    factors = grammar.parse(sentence)
    return None if factors is None else tuple(factors[name] for name in READ_OFF)
