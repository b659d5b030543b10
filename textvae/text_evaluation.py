"""`evaluate`: the figures of evaluation.json for a sentence VAE."""

import json
import math
import os
from pathlib import Path
from typing import Any

import torch

from textvae.core import diagnostics
from textvae.data.batches import evaluation_batches
from textvae.data.encoded import EncodedTexts, encode_split
from textvae.data.opening import Source
from textvae.data.sources import load_split
from textvae.errors import TextVAEError
from textvae.evaluation.likelihood import (
    derangement,
    importance_weighted_log_likelihood,
    log_likelihood_given,
)
from textvae.evaluation.posterior_pass import run_posterior
from textvae.evaluation.statistics import mean
from textvae.text_vae import TextVAE

_BATCH = 128
_PRIOR_SAMPLES = 1000

ESTIMATORS = {
    "iw_nll": "minus the importance-weighted bound with num_samples draws, nats per sentence",
    "perplexity": "exp(sum of iw_nll / tokens), the end token counted",
    "elbo": "evidence lower bound, one draw, analytic KL, unweighted, nats per sentence",
    "reconstruction": "-E_q[log p(x|z)], one draw, nats per sentence",
    "kl": "KL[q(z|x) || p(z)], analytic, nats per sentence",
    "mutual_information": "E[log q(z|x) - log q(z)], one draw, q(z) the mixture over all "
    "num_sentences posteriors; at most mutual_information_ceiling = ln(num_sentences)",
    "active_units": "units whose posterior mean varies by more than 0.01 over the sentences",
    "shuffled_z_gap": "log p(x|z) - log p(x|z of another sentence), one draw, nats per sentence",
    "entropy": "minus the mean true log p of the same sentences",
    "gap_to_entropy": "iw_nll - entropy, standard error of the paired difference",
    "grammatical_rate": "share of sentences from the prior (temperature 1) the grammar can write",
    "factors": "factors of the greedy reconstruction from the code equal to the sentence's",
}


def evaluate(
    vae: TextVAE,
    *,
    split: str = "test",
    samples: int = 500,
    dataset: Source | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure a model on a split of its data (or of `dataset`); nats per sentence.

    `samples` are the draws of the importance-weighted likelihood. What each figure estimates is
    in `estimators` of the result.
    """
    if samples < 1:
        raise TextVAEError(f"samples: at least one draw is needed, not {samples}")
    texts = _load(vae, split, dataset)
    if len(texts) < 2:
        raise TextVAEError(f"split {split!r} has {len(texts)} sentence; two are needed at least")
    model, device, specials = vae.model, vae.device, vae.tokenizer.specials

    def batches() -> Any:
        return evaluation_batches(texts, specials, batch_size=_BATCH)

    passed = run_posterior(model, batches(), device=device, seed=seed)
    log_likelihood = importance_weighted_log_likelihood(
        model, batches(), samples=samples, device=device, seed=seed
    )
    others = derangement(len(texts), seed=seed).to(device)
    shuffled = log_likelihood_given(model, batches(), passed.z[others], device=device)
    tokens = int(passed.tokens.sum())
    figures: dict[str, Any] = {
        "split": split,
        "num_sentences": len(texts),
        "num_tokens": tokens,
        "num_samples": samples,
        "rows": texts.report.summary(),
    }
    measured = {
        "iw_nll": -log_likelihood,
        "elbo": passed.elbo,
        "reconstruction": passed.reconstruction,
        "kl": passed.kl.sum(1),
        "mutual_information": diagnostics.mutual_information(passed.z, passed.posteriors),
        "shuffled_z_gap": -passed.reconstruction - shuffled,
    }
    for name, values in measured.items():
        figures[name], figures[f"{name}_stderr"] = mean(values)
    figures["perplexity"] = math.exp(-log_likelihood.sum().item() / tokens)
    figures["mutual_information_ceiling"] = math.log(len(texts))
    figures["active_units"] = diagnostics.active_units(passed.posteriors)
    figures["kl_per_unit"] = passed.kl.mean(0).tolist()
    if vae.config.data.grammar is not None:
        figures |= _truth(vae, texts, log_likelihood, seed)
    figures["estimators"] = {k: v for k, v in ESTIMATORS.items() if k in figures}
    return figures


def write_evaluation(figures: dict[str, Any], path: Path) -> None:
    """Write evaluation.json; what stood there stays until all is written."""
    writing = path.with_name(f".{path.name}.writing")
    writing.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    os.replace(writing, path)


def _load(vae: TextVAE, split: str, dataset: Source | None) -> EncodedTexts:
    data = vae.config.data
    if dataset is None and data.path is None and data.from_disk is None:
        raise TextVAEError(
            "the model was trained on a dataset handed over in Python: hand one to evaluate, too"
        )
    raw = load_split(data, split, dataset)
    return encode_split(
        raw, data.text, vae.tokenizer, max_length=data.max_length, overlong=data.overlong
    )


def _truth(
    vae: TextVAE, texts: EncodedTexts, log_likelihood: torch.Tensor, seed: int
) -> dict[str, Any]:
    """What only a corpus of known grammar can tell."""
    from textvae.evaluation import truth
    from textvae.grammar import english

    grammar = english()
    sentences = texts.texts(range(len(texts)))
    lossless = not any(vae.tokenizer.loses(sentence) for sentence in sentences)
    return {
        **truth.entropy_figures(grammar, sentences, log_likelihood, lossless=lossless),
        **truth.grammatical_rate(grammar, vae.sample(_PRIOR_SAMPLES, seed=seed)),
        "factors": truth.factor_accuracy(grammar, sentences, vae.reconstruct(sentences)),
    }
