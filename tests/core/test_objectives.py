"""What training minimises, and the bound that it leaves alone."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from textvae.core import bounds
from textvae.core.free_bits import FreeBits
from textvae.core.objectives import NegativeELBO
from textvae.core.terms import Terms
from textvae.schedules import Constant, Linear


def terms(samples=2, batch=3, units=4):
    torch.manual_seed(0)
    shape = (samples, batch)
    return Terms(
        log_likelihood=-5 * torch.rand(shape, dtype=torch.float64).requires_grad_(),
        log_prior=torch.randn(shape, dtype=torch.float64),
        log_posterior=torch.randn(shape, dtype=torch.float64),
        kl=torch.rand(1, batch, units, dtype=torch.float64).requires_grad_(),
        kl_estimator="analytic",
        log_weight=torch.rand(shape, dtype=torch.float64).log_softmax(0),
        z=torch.zeros(*shape, 1, dtype=torch.float64),
    )


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0, 4.0])
def test_loss_is_reconstruction_plus_weighted_kl_per_example(weight):
    t = terms()
    loss = NegativeELBO(kl_weight=Constant(weight))(t, 0)
    reconstruction = -(t.log_weight.exp() * t.log_likelihood).sum(0)
    assert_close(loss.loss, reconstruction + weight * t.kl[0].sum(1))
    assert loss.kl_weight == weight
    by_likelihood, by_kl = torch.autograd.grad(loss.loss.sum(), (t.log_likelihood, t.kl))
    assert_close(by_likelihood, -t.log_weight.exp())
    assert_close(by_kl, torch.full_like(by_kl, weight))


def test_the_weight_follows_the_step():
    objective = NegativeELBO(kl_weight=Linear(start=0.0, end=2.0, steps=10))
    t = terms()
    weights = [0.0, 1.0, 2.0, 2.0]
    for step, weight in zip([0, 5, 10, 20], weights, strict=True):
        loss = objective(t, step)
        assert loss.kl_weight == weight
        assert_close(loss.loss, loss.reconstruction + weight * loss.kl)


@pytest.mark.parametrize("scope", [None, "unit", "total", "unit_batch_mean"])
@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_what_is_reported_knows_no_weight_and_no_free_bits(scope, weight):
    t = terms()
    free_bits = None if scope is None else FreeBits(nats=3.0, scope=scope)
    loss = NegativeELBO(kl_weight=Constant(weight), free_bits=free_bits)(t, 0)
    assert torch.equal(loss.elbo, bounds.elbo(t))
    assert torch.equal(loss.reconstruction, bounds.reconstruction(t))
    assert torch.equal(loss.kl, bounds.kl_per_unit(t).sum(1))
    assert_close(loss.elbo, -(loss.reconstruction + loss.kl))
    assert not any(value.requires_grad for value in (loss.elbo, loss.reconstruction, loss.kl))
    floored = loss.kl if free_bits is None else free_bits(bounds.kl_per_unit(t))
    assert_close(loss.loss, loss.reconstruction + weight * floored)


def test_with_weight_one_the_loss_is_the_negative_bound():
    t = terms()
    assert_close(NegativeELBO(kl_weight=Constant(1.0))(t, 0).loss, -bounds.elbo(t))


def test_relaxed_draws_are_named():
    objective = NegativeELBO(kl_weight=Constant(1.0))
    assert objective(replace(terms(), relaxed=True), 0).relaxed
    assert not objective(terms(), 0).relaxed
