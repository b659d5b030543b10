"""Mutual information and active units against enumerations and known cases."""

import itertools
import math

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal
from torch.testing import assert_close

from textvae.core.diagnostics import (
    active_units,
    log_aggregate_posterior,
    mutual_information,
    unit_activity,
)
from textvae.core.distributions import DiagonalGaussian, OneHotCategoricals


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def gaussian(n=6, size=3):
    return DiagonalGaussian(
        torch.randn(n, size, dtype=torch.float64), torch.randn(n, size, dtype=torch.float64)
    )


def test_aggregate_posterior_is_the_uniform_mixture_of_all_posteriors():
    q = gaussian()
    mixture = MixtureSameFamily(
        Categorical(torch.ones(6, dtype=torch.float64)),
        Independent(Normal(q.loc, q.variance.sqrt()), 1),
    )
    z = torch.randn(11, 3, dtype=torch.float64)
    assert_close(log_aggregate_posterior(z, q), mixture.log_prob(z))


@pytest.mark.parametrize("chunk", [1, 18, 40, 10**6])
def test_slices_change_nothing(chunk):
    q, z = gaussian(), torch.randn(11, 3, dtype=torch.float64)
    one_by_one = torch.cat([log_aggregate_posterior(row.unsqueeze(0), q) for row in z])
    assert_close(log_aggregate_posterior(z, q, chunk_elements=chunk), one_by_one)


def test_aggregate_of_categoricals_is_the_mean_probability():
    q = OneHotCategoricals(torch.randn(6, 2, 3, dtype=torch.float64))
    z = q.sample()
    naive = torch.stack([q.log_prob(code).exp().mean(0).log() for code in z])
    assert_close(log_aggregate_posterior(z, q), naive)


def test_separated_posteriors_tell_the_example_exactly():
    """N examples that never share a z: I(x; z) = ln N, the largest value there is."""
    n = 5
    q = DiagonalGaussian(1000.0 * torch.arange(n).unsqueeze(1), torch.zeros(n, 1))
    assert_close(mutual_information(q.rsample(), q), torch.full((n,), math.log(n)))
    one_hot = OneHotCategoricals(1000.0 * torch.eye(n).unsqueeze(1))
    assert_close(mutual_information(one_hot.sample(), one_hot), torch.full((n,), math.log(n)))


def test_equal_posteriors_tell_nothing():
    q = DiagonalGaussian(torch.full((5, 2), 0.3), torch.full((5, 2), -1.0))
    assert_close(mutual_information(q.rsample(), q), torch.zeros(5))
    c = OneHotCategoricals(torch.randn(1, 2, 3).expand(5, -1, -1))
    assert_close(mutual_information(c.sample(), c), torch.zeros(5), rtol=0, atol=1e-6)


def test_mutual_information_of_codes_is_that_of_the_enumeration():
    """I(x; z) = H[q(z)] - mean H[q(z|x)], over all codes; our estimate with many draws."""
    n, classes = 4, 3
    q = OneHotCategoricals(1.5 * torch.randn(n, 2, classes, dtype=torch.float64))
    eye = torch.eye(classes, dtype=torch.float64)
    codes = torch.stack([torch.cat(rows) for rows in itertools.product(eye, repeat=2)])
    conditional = q.log_prob(codes.unsqueeze(1)).exp()  # (codes, n)
    aggregate = conditional.mean(1)
    exact = -(aggregate * aggregate.log()).sum(0) - q.entropy().mean(0)
    # weighting every code by its probability is the expectation over draws
    estimate = sum(
        conditional[k] @ mutual_information(codes[k].expand(n, -1), q) / n
        for k in range(len(codes))
    )
    assert_close(estimate, exact)
    assert 0.1 < exact < math.log(n)


def test_activity_is_the_variance_of_the_posterior_means():
    q = gaussian(n=50)
    mean = q.mean.mean(0)
    assert_close(unit_activity(q), ((q.mean - mean) ** 2).mean(0))


def test_activity_of_a_variable_sums_over_its_classes():
    q = OneHotCategoricals(torch.randn(7, 2, 3, dtype=torch.float64))
    naive = [
        sum(q.probs[:, variable, k].var(correction=0) for k in range(3)) for variable in range(2)
    ]
    assert_close(unit_activity(q), torch.stack(naive))


def test_active_units_are_those_above_the_threshold():
    means = torch.zeros(100, 3)
    means[:, 1] = 0.09 * (-1.0) ** torch.arange(100)  # variance 0.0081
    means[:, 2] = 0.11 * (-1.0) ** torch.arange(100)  # variance 0.0121
    q = DiagonalGaussian(means, torch.randn(100, 3))
    assert active_units(q) == 1
    assert active_units(q, threshold=0.008) == 2
    codes = torch.zeros(100, 2, 4)
    codes[torch.arange(100), 0, torch.arange(100) % 4] = 20.0  # the second variable is constant
    assert active_units(OneHotCategoricals(codes)) == 1
