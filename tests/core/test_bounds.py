"""Bounds against a model whose log p(x) is known, and against enumerations."""

import itertools
import math
from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from textvae.core import bounds
from textvae.core.distributions import DiagonalGaussian
from textvae.core.terms import Terms

from .linear_gaussian import LinearGaussian

BATCH, DATA, SIZE = 3, 4, 2


def random_model(*, orthogonal=False):
    weight = torch.randn(DATA, SIZE, dtype=torch.float64)
    if orthogonal:
        weight = torch.linalg.qr(weight).Q * torch.tensor([1.5, 0.4], dtype=torch.float64)
    return LinearGaussian(weight, torch.randn(DATA, dtype=torch.float64))


def random_posterior(batch=BATCH):
    return DiagonalGaussian(
        torch.randn(batch, SIZE, dtype=torch.float64, requires_grad=True),
        torch.randn(batch, SIZE, dtype=torch.float64, requires_grad=True),
    )


def random_terms(samples, batch=BATCH, spread=2.0):
    def draw():
        return spread * torch.randn(samples, batch, dtype=torch.float64)

    log_prior, log_posterior = draw(), draw()
    return Terms(
        log_likelihood=draw(),
        log_prior=log_prior,
        log_posterior=log_posterior,
        kl=(log_posterior - log_prior).unsqueeze(-1),
        kl_estimator="monte_carlo",
        log_weight=torch.full((samples, batch), -math.log(samples), dtype=torch.float64),
        z=torch.zeros(samples, batch, 1, dtype=torch.float64),
    )


def subset(terms, rows):
    fields = ("log_likelihood", "log_prior", "log_posterior", "kl", "z")
    parts = {name: getattr(terms, name)[list(rows)] for name in fields}
    log_weight = terms.log_weight[list(rows)] * 0 - math.log(len(rows))
    return replace(terms, **parts, log_weight=log_weight)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


@pytest.mark.parametrize("samples", [1, 2, 7])
def test_with_the_true_posterior_every_bound_is_log_evidence_for_any_draws(samples):
    model = random_model(orthogonal=True)
    x = torch.randn(BATCH, DATA, dtype=torch.float64)
    true = model.true_posterior(x)
    q = DiagonalGaussian(true.mean, true.variance.log())
    terms = model.sampled(x, q, samples)
    assert_close(bounds.importance_weighted(terms), model.log_evidence(x), rtol=0, atol=1e-10)
    assert_close(bounds.elbo(terms.with_monte_carlo_kl()), model.log_evidence(x))
    # the analytic KL is another estimator of the same bound
    assert_close(bounds.elbo(model.integrated(x, q)), model.log_evidence(x))


def test_elbo_is_log_evidence_less_the_kl_to_the_true_posterior_in_value_and_gradient():
    model = random_model()
    model.weight.requires_grad_()
    model.bias.requires_grad_()
    x, q = torch.randn(BATCH, DATA, dtype=torch.float64), random_posterior()
    parameters = (q.loc, q.log_variance, model.weight, model.bias)
    ours, exact = bounds.elbo(model.integrated(x, q)), model.exact_elbo(x, q)
    assert (exact < model.log_evidence(x) - 0.1).all()  # a posterior that is really wrong
    assert_close(ours, exact, rtol=0, atol=1e-10)
    upstream = torch.randn(BATCH, dtype=torch.float64)
    assert_close(
        torch.autograd.grad(ours @ upstream, parameters),
        torch.autograd.grad(exact @ upstream, parameters),
        rtol=0,
        atol=1e-9,
    )


def test_monte_carlo_kl_has_the_same_expectation_as_the_analytic_one():
    model, q = random_model(), random_posterior()
    x = torch.randn(BATCH, DATA, dtype=torch.float64)
    analytic = model.integrated(x, q)
    estimated = analytic.with_monte_carlo_kl()
    assert estimated.kl_estimator == "monte_carlo"
    assert estimated.kl.shape == (*analytic.log_prior.shape, 1)
    assert_close(bounds.kl_per_unit(estimated).sum(-1), bounds.kl_per_unit(analytic).sum(-1))
    assert_close(bounds.elbo(estimated), bounds.elbo(analytic))


def test_sampled_elbo_is_unbiased_in_value_and_gradient():
    model, q = random_model(), random_posterior(batch=1)
    x = torch.randn(1, DATA, dtype=torch.float64)
    ours = bounds.elbo(model.sampled(x, q, 200_000)).sum()
    exact = model.exact_elbo(x, q).sum()
    assert_close(ours, exact, rtol=0, atol=0.05)
    assert_close(
        torch.autograd.grad(ours, (q.loc, q.log_variance)),
        torch.autograd.grad(exact, (q.loc, q.log_variance)),
        rtol=0,
        atol=0.05,
    )


def test_importance_weighting_tightens_the_bound_in_expectation():
    model = random_model(orthogonal=True)
    repeats = 4000
    x = torch.randn(DATA, dtype=torch.float64).expand(repeats, -1)
    q = DiagonalGaussian(
        torch.full((repeats, SIZE), 0.5, dtype=torch.float64),
        torch.full((repeats, SIZE), -0.5, dtype=torch.float64),
    )
    evidence = model.log_evidence(x[:1]).item()
    means = [bounds.importance_weighted(model.sampled(x, q, s)).mean() for s in (1, 4, 16, 64)]
    assert all(a + 0.05 < b for a, b in itertools.pairwise(means))
    assert means[-1] < evidence
    single = DiagonalGaussian(q.loc[:1], q.log_variance[:1])
    assert_close(means[0].item(), model.exact_elbo(x[:1], single).item(), rtol=0, atol=0.1)
    converged = bounds.importance_weighted(model.sampled(x[:1], single, 200_000)).item()
    assert_close(converged, evidence, rtol=0, atol=0.05)


def test_importance_weighted_with_one_draw_is_the_elbo_of_that_draw():
    terms = random_terms(1)
    assert_close(bounds.importance_weighted(terms), bounds.elbo(terms), rtol=0, atol=1e-12)


def test_importance_weighted_by_hand():
    """log 1/S sum_s p(x|z_s) p(z_s) / q(z_s|x), without logarithms."""
    terms = random_terms(3, spread=0.5)
    ratio = terms.log_likelihood.exp() * terms.log_prior.exp() / terms.log_posterior.exp()
    assert_close(bounds.importance_weighted(terms), ratio.mean(0).log())
    assert_close(bounds.log_importance_weights(terms), ratio.log())


def test_importance_weighted_averaged_over_subsets_does_not_decrease_in_their_size():
    draws = 6
    terms = random_terms(draws)
    means = []
    for size in range(1, draws + 1):
        values = [
            bounds.importance_weighted(subset(terms, rows))
            for rows in itertools.combinations(range(draws), size)
        ]
        means.append(torch.stack(values).mean(0))
    assert_close(means[0], bounds.elbo(terms))
    for fewer, more in itertools.pairwise(means):
        assert (more > fewer).all()


def test_gradient_of_importance_weighted_is_the_weighted_average_of_the_draws():
    """Burda et al. 2016, eq. 14: weights normalised over the draws."""
    terms = random_terms(4)
    log_likelihood = terms.log_likelihood.requires_grad_()
    (gradient,) = torch.autograd.grad(bounds.importance_weighted(terms).sum(), log_likelihood)
    ratio = (terms.log_likelihood + terms.log_prior - terms.log_posterior).exp()
    assert_close(gradient, ratio / ratio.sum(0, keepdim=True))


@pytest.mark.parametrize("copies", [1, 3])
def test_an_enumerated_latent_gives_the_exact_evidence_in_value_and_gradient(copies):
    """log_weight = log q(k|x) (less ln L with L rows per code): q cancels."""
    classes = 5
    prior = torch.randn(classes, 1, dtype=torch.float64, requires_grad=True)
    likelihood = torch.randn(classes, BATCH, dtype=torch.float64, requires_grad=True)
    logits = torch.randn(classes, BATCH, dtype=torch.float64, requires_grad=True)
    log_prior = prior.log_softmax(0).expand(-1, BATCH)
    log_q = logits.log_softmax(0)
    terms = Terms(
        log_likelihood=likelihood.repeat(copies, 1),
        log_prior=log_prior.repeat(copies, 1),
        log_posterior=log_q.repeat(copies, 1),
        kl=(log_q - log_prior).repeat(copies, 1).unsqueeze(-1),
        kl_estimator="monte_carlo",
        log_weight=log_q.repeat(copies, 1) - math.log(copies),
        z=torch.eye(classes, dtype=torch.float64).repeat(copies, 1).unsqueeze(1).repeat(1, 3, 1),
    )
    evidence = (likelihood + log_prior).logsumexp(0)
    ours = bounds.importance_weighted(terms)
    assert_close(ours, evidence, rtol=0, atol=1e-12)
    by_logits, *ours_gradient = torch.autograd.grad(
        ours.sum(), (logits, prior, likelihood), retain_graph=True
    )
    assert_close(by_logits, torch.zeros_like(logits))
    exact_gradient = torch.autograd.grad(evidence.sum(), (prior, likelihood), retain_graph=True)
    assert_close(ours_gradient, list(exact_gradient))

    true_posterior = likelihood + log_prior - evidence
    gap = (log_q.exp() * (log_q - true_posterior)).sum(0)
    elbo = bounds.elbo(terms)
    assert_close(elbo, evidence - gap)
    assert_close(
        torch.autograd.grad(elbo.sum(), logits, retain_graph=True)[0],
        torch.autograd.grad(-gap.sum(), logits)[0],
    )


def test_weights_of_the_draws_enter_every_expectation():
    weight = torch.tensor([[0.25], [0.75]])
    terms = replace(
        random_terms(2, batch=1),
        log_likelihood=torch.tensor([[-4.0], [-8.0]]),
        kl=torch.tensor([[[1.0, 2.0]], [[3.0, 6.0]]]),
        log_weight=weight.log(),
    )
    assert_close(bounds.reconstruction(terms), torch.tensor([7.0]))
    assert_close(bounds.kl_per_unit(terms), torch.tensor([[2.5, 5.0]]))
    assert_close(bounds.elbo(terms), torch.tensor([-14.5]))


def test_relaxed_draws_are_no_importance_samples():
    with pytest.raises(ValueError, match="hard=True"):
        bounds.importance_weighted(replace(random_terms(2), relaxed=True))
