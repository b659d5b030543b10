"""The importance-weighted likelihood against an exact enumeration, and the shuffled gap."""

import itertools
import math
from dataclasses import replace

import pytest
import torch

from tests.helpers import text_batch, tiny_vae
from textvae.evaluation.likelihood import (
    derangement,
    importance_weighted_log_likelihood,
    log_likelihood_given,
)
from textvae.evaluation.posterior_pass import run_posterior

SENTENCES = [[3, 4, 5], [6, 7], [8, 3, 4, 5], [4]]


def batches():
    """Two batches, rows out of order."""
    late = replace(text_batch(SENTENCES[2:]), rows=torch.tensor([2, 3]))
    early = replace(text_batch(SENTENCES[:2]), rows=torch.tensor([1, 0]))
    return [late, early]


def exact(model):
    """log p(x) of a categorical latent by enumerating its 9 codes under the uniform prior."""
    variables, classes = model.latent.shape
    codes = torch.tensor(list(itertools.product(range(classes), repeat=variables)))
    z = model.latent.embed(codes).double()
    values = torch.empty(4, dtype=torch.double)
    for batch in batches():
        rows = z.unsqueeze(1).expand(-1, batch.num_examples, -1)
        log_likelihood = model.decoder(rows, *batch.decoder_arguments)
        values[batch.rows] = log_likelihood.logsumexp(0) - variables * math.log(classes)
    return values


@pytest.fixture
def categorical():
    torch.manual_seed(0)
    return tiny_vae(latent="categorical")


@torch.no_grad()
def test_many_draws_reach_the_exact_likelihood(categorical):
    estimate = importance_weighted_log_likelihood(
        categorical, batches(), samples=20_000, device="cpu"
    )
    torch.testing.assert_close(estimate, exact(categorical), atol=0.02, rtol=0)


@torch.no_grad()
def test_few_draws_bound_it_from_below_and_more_are_tighter(categorical):
    def average(samples):
        runs = [
            importance_weighted_log_likelihood(
                categorical, batches(), samples=samples, device="cpu", seed=seed
            )
            for seed in range(200)
        ]
        return torch.stack(runs).mean(0).sum()

    one, five, truth = average(1), average(5), exact(categorical).sum()
    assert one < five < truth + 0.02


def test_streaming_in_slices_is_the_same_estimate(categorical):
    def estimate(rows):
        return importance_weighted_log_likelihood(
            categorical, batches(), samples=2000, device="cpu", rows_at_once=rows
        )

    torch.testing.assert_close(estimate(7), estimate(10_000), atol=0.1, rtol=0)


def test_the_global_generator_and_the_mode_are_left_alone(categorical):
    categorical.train()
    before = torch.get_rng_state()
    importance_weighted_log_likelihood(categorical, batches(), samples=3, device="cpu")
    run_posterior(categorical, batches(), device="cpu")
    assert torch.equal(torch.get_rng_state(), before)
    assert categorical.training


def test_a_pass_comes_back_in_the_order_of_the_rows():
    torch.manual_seed(0)
    model = tiny_vae()
    passed = run_posterior(model, batches(), device="cpu")
    ordered = text_batch([SENTENCES[1], SENTENCES[0], *SENTENCES[2:]])
    with torch.no_grad():
        posterior = model.posterior(ordered)
    torch.testing.assert_close(passed.posteriors.loc, posterior.loc)
    assert passed.tokens.tolist() == [3, 4, 5, 2]
    torch.testing.assert_close(passed.elbo, -(passed.reconstruction + passed.kl.sum(1)))
    given = log_likelihood_given(model, batches(), passed.z, device="cpu")
    torch.testing.assert_close(given, -passed.reconstruction)


def test_a_decoder_that_ignores_z_loses_nothing_by_a_shuffle():
    torch.manual_seed(0)
    model = tiny_vae(decoder="lstm-initial_state")
    with torch.no_grad():
        model.decoder.initial_cell.weight.zero_()
    passed = run_posterior(model, batches(), device="cpu")
    shuffled = log_likelihood_given(model, batches(), passed.z[derangement(4)], device="cpu")
    torch.testing.assert_close(shuffled, -passed.reconstruction)


@pytest.mark.parametrize("n", [2, 3, 10, 101])
def test_a_derangement_moves_everything(n):
    for seed in range(20):
        permutation = derangement(n, seed=seed)
        assert sorted(permutation.tolist()) == list(range(n))
        assert (permutation != torch.arange(n)).all()
    with pytest.raises(ValueError, match="single"):
        derangement(1)
