"""A model beside a grammar that knows everything."""

import math

import pytest
import torch

from textvae.errors import TextVAEError
from textvae.evaluation import truth
from textvae.evaluation.statistics import mean


class Known:
    """Three sentences of known probability and factors."""

    p = {"a": 0.5, "b": 0.25, "c": 0.25}  # noqa: RUF012
    factors = {"a": ("x", "past", "s"), "b": ("x", "now", "s"), "c": ("y", "now", "q")}  # noqa: RUF012

    def log_prob(self, text):
        return math.log(self.p[text]) if text in self.p else -math.inf

    def parse(self, text):
        return (
            dict(zip(truth.READ_OFF, self.factors[text], strict=True)) if text in self.p else None
        )


def test_mean_and_standard_error():
    value, stderr = mean(torch.tensor([1.0, 2.0, 3.0, 6.0], dtype=torch.double))
    assert value == 3.0
    assert stderr == pytest.approx(math.sqrt((4 + 1 + 0 + 9) / 3 / 4))
    assert math.isnan(mean(torch.ones(1)).stderr)


def test_entropy_and_the_paired_gap():
    sentences = ["a", "b", "a", "c"]
    true = torch.tensor([Known().log_prob(s) for s in sentences], dtype=torch.double)
    model = true - torch.tensor([0.1, 0.3, 0.1, 0.3], dtype=torch.double)
    figures = truth.entropy_figures(Known(), sentences, model, lossless=True)
    assert figures["entropy"] == pytest.approx(1.5 * math.log(2))
    assert figures["gap_to_entropy"] == pytest.approx(0.2)
    # of the differences: much smaller than that of either term
    assert figures["gap_to_entropy_stderr"] == pytest.approx(mean(true - model).stderr)
    assert figures["gap_to_entropy_stderr"] < figures["entropy_stderr"] / 2


def test_no_gap_where_the_tokenizer_loses_something():
    figures = truth.entropy_figures(Known(), ["a", "b"], torch.zeros(2).double(), lossless=False)
    assert figures["gap_to_entropy"] is None
    assert figures["gap_to_entropy_stderr"] is None
    assert figures["entropy"] > 0


def test_a_sentence_the_grammar_did_not_write_is_named():
    with pytest.raises(TextVAEError, match="'zebra'"):
        truth.entropy_figures(Known(), ["a", "zebra"], torch.zeros(2).double(), lossless=True)


def test_grammatical_rate():
    figures = truth.grammatical_rate(Known(), ["a", "b", "?", "a"])
    assert figures["grammatical_rate"] == 0.75
    assert figures["grammatical_rate_stderr"] == pytest.approx(math.sqrt(0.75 * 0.25 / 4))
    assert figures["grammatical_rate_samples"] == 4


def test_factors_kept_by_reconstructions():
    figures = truth.factor_accuracy(Known(), ["a", "a", "b", "c"], ["a", "b", "?", "c"])
    assert figures["accuracy"] == {"topic": 0.75, "tense": 0.5, "type": 0.75, "joint": 0.5}
    assert figures["majority"] == {"topic": 0.75, "tense": 0.5, "type": 0.75, "joint": 0.5}
