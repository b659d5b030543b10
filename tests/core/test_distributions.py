"""The hand-written distributions against those of torch, and against enumerations."""

import itertools
import math

import pytest
import torch
from torch.distributions import (
    Dirichlet,
    Independent,
    Laplace,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    OneHotCategorical,
    StudentT,
    kl_divergence,
)
from torch.testing import assert_close

from textvae.core.distributions import (
    DiagonalGaussian,
    OneHotCategoricals,
    concatenate,
    kl_per_unit,
)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def randn(*shape, requires_grad=False):
    return torch.randn(*shape, dtype=torch.float64, requires_grad=requires_grad)


def gaussian(*batch, size=3):
    return DiagonalGaussian(
        randn(*batch, size, requires_grad=True), randn(*batch, size, requires_grad=True)
    )


def parameters(q):
    return (q.loc, q.log_variance) if isinstance(q, DiagonalGaussian) else (q.logits,)


def twin(q):
    if isinstance(q, DiagonalGaussian):
        return Independent(Normal(q.loc, (0.5 * q.log_variance).exp()), 1)
    return Independent(OneHotCategorical(logits=q.log_probs), 1)


# --- Gaussian -------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [(), (4,), (2, 4)])
def test_gaussian_density_entropy_and_moments_are_those_of_torch(batch):
    q = gaussian(*batch)
    value = randn(5, *batch, 3)
    assert q.batch_shape == batch
    assert q.event_shape == (3,)
    assert_close(q.log_prob(value), twin(q).log_prob(value))
    assert_close(q.entropy(), twin(q).entropy())
    assert_close(q.mean, twin(q).mean)
    assert_close(q.variance, twin(q).variance)


def test_gaussian_density_integrates_to_one():
    q = DiagonalGaussian(torch.tensor([0.3]), torch.tensor([-1.2]))
    grid = torch.linspace(-6, 6, 4001).unsqueeze(1)
    assert_close(torch.trapezoid(q.log_prob(grid).exp(), grid[:, 0]).item(), 1.0)


def test_gaussian_draws_have_the_moments_and_are_independent():
    q = gaussian(2)
    z = q.rsample((200_000,)).detach()
    assert z.shape == (200_000, 2, 3)
    assert_close(z.mean(0), q.mean.detach(), rtol=0, atol=0.02)
    assert_close(z.var(0), q.variance.detach(), rtol=0.03, atol=0)
    both = z.flatten(1)
    assert_close(torch.corrcoef(both.T), torch.eye(6, dtype=z.dtype), rtol=0, atol=0.02)


def test_reparameterised_gradient_of_a_quadratic():
    """E[z'Az + c'z] = m'Am + sum_u A_uu v_u + c'm; gradients by m and by log v."""
    q = gaussian()
    matrix, linear = randn(3, 3), randn(3)
    z = q.rsample((400_000,))
    ours = torch.autograd.grad(
        ((z @ matrix) * z).sum(-1).mean(0) + (z @ linear).mean(0), (q.loc, q.log_variance)
    )
    by_mean = (matrix + matrix.T) @ q.loc + linear
    by_log_variance = matrix.diagonal() * q.variance
    assert_close(ours, (by_mean.detach(), by_log_variance.detach()), rtol=0, atol=0.03)


def test_a_tiny_log_variance_does_not_underflow():
    q = DiagonalGaussian(torch.zeros(2), torch.full((2,), -200.0))
    kl = kl_per_unit(q, DiagonalGaussian(torch.zeros(2), torch.zeros(2)))
    assert_close(kl, torch.full((2,), 99.5))
    assert_close(q.entropy().item(), math.log(2 * math.pi * math.e) - 200, rtol=1e-5, atol=0)


# --- categorical ----------------------------------------------------------------------------


def categoricals(*batch, variables=2, classes=3):
    q = OneHotCategoricals(logits := randn(*batch, variables, classes, requires_grad=True))
    q.logits = logits  # to differentiate by
    return q


def codes(variables=2, classes=3):
    """Every one-hot code, (classes ** variables, variables * classes)."""
    eye = torch.eye(classes, dtype=torch.float64)
    return torch.stack([torch.cat(rows) for rows in itertools.product(eye, repeat=variables)])


@pytest.mark.parametrize("batch", [(), (4,), (2, 4)])
def test_categorical_probability_entropy_and_mean_are_those_of_torch(batch):
    q = categoricals(*batch)
    assert q.batch_shape == batch
    assert q.event_shape == (6,)
    for code in codes():
        value = code.expand(*batch, 6)
        assert_close(q.log_prob(value), twin(q).log_prob(value.unflatten(-1, (2, 3))))
    assert_close(q.entropy(), twin(q).entropy())
    assert_close(q.mean, twin(q).mean.flatten(-2))


def test_categorical_probabilities_sum_to_one_over_the_codes():
    q = categoricals(5)
    total = q.log_prob(codes().unsqueeze(1)).exp().sum(0)
    assert_close(total, torch.ones(5, dtype=torch.float64))


@pytest.mark.parametrize("kind", ["exact", "argmax of relaxed", "straight-through"])
def test_draws_are_distributed_as_the_categorical(kind):
    """Chi-square over the joint codes, 8 degrees of freedom: 26.1 has probability 0.001."""
    q, draws = categoricals(), 100_000
    if kind == "exact":
        z = q.sample((draws,))
    elif kind == "straight-through":
        z = q.straight_through((draws,), 0.7).detach()
    else:
        soft = q.relaxed((draws,), 0.7).detach().unflatten(-1, (2, 3))
        z = torch.nn.functional.one_hot(soft.argmax(-1), 3).double().flatten(-2)
    every = codes()
    assert torch.equal(z.unflatten(-1, (2, 3)).sum(-1), torch.ones(draws, 2, dtype=z.dtype))
    counts = (z @ every.T == 2).double().sum(0)
    assert counts.sum() == draws
    expected = draws * q.log_prob(every).exp().detach()
    assert ((counts - expected) ** 2 / expected).sum() < 26.1


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
def test_relaxed_draws_have_the_concrete_distribution(temperature):
    """Maddison et al. 2017, eq. 4: logit of a binary relaxation = (logit p + logistic) / T."""
    q = OneHotCategoricals(torch.tensor([[0.4, -0.5]], dtype=torch.float64))
    z = q.relaxed((200_000,), temperature)[:, 0]
    point = torch.tensor([0.02, 0.2, 0.5, 0.8, 0.98], dtype=torch.float64)
    below = (z.unsqueeze(1) <= point).double().mean(0)
    exact = torch.sigmoid(temperature * point.logit() - 0.9)
    assert_close(below, exact, rtol=0, atol=0.005)


def test_straight_through_is_one_hot_forward_and_relaxed_backward():
    q, draws = categoricals(4), (5,)
    torch.manual_seed(3)
    relaxed = q.relaxed(draws, 0.5)
    torch.manual_seed(3)
    hard = q.straight_through(draws, 0.5)
    assert set(hard.detach().flatten().tolist()) == {0.0, 1.0}
    parts = hard.unflatten(-1, (2, 3))
    assert torch.equal(parts.argmax(-1), relaxed.unflatten(-1, (2, 3)).argmax(-1))
    upstream = randn(*hard.shape)
    assert_close(
        torch.autograd.grad((hard * upstream).sum(), q.log_probs, retain_graph=True),
        torch.autograd.grad((relaxed * upstream).sum(), q.log_probs),
    )
    assert relaxed.grad_fn is not None
    assert not q.sample(draws).requires_grad


def test_relaxed_gradient_approaches_the_exact_one_as_the_temperature_falls():
    """d E[f(z)] / d logits by enumeration, for a quadratic f that couples the variables."""
    logits = randn(2, 3, requires_grad=True)
    matrix, every = randn(6, 6), codes()

    def f(z):
        return ((z @ matrix) * z).sum(-1)

    q = OneHotCategoricals(logits)
    (exact,) = torch.autograd.grad(q.log_prob(every).exp() @ f(every), logits)
    gradients = []
    for temperature in (0.8, 0.4, 0.2, 0.1):
        mean = f(OneHotCategoricals(logits).relaxed((400_000,), temperature)).mean(0)
        gradients += torch.autograd.grad(mean, logits)
    errors = [(ours - exact).norm().item() for ours in gradients]
    assert all(cold < 0.75 * warm for warm, cold in itertools.pairwise(errors))
    # the error is about linear in the temperature: the last two lead to the exact gradient at 0
    extrapolated = 2 * gradients[-1] - gradients[-2]
    assert (extrapolated - exact).norm() < 0.05 * exact.norm()


# --- KL -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "p", "units"),
    [
        (lambda: gaussian(4), lambda: gaussian(), 3),
        (lambda: gaussian(4), lambda: gaussian(4), 3),
        (lambda: gaussian(2, 4), lambda: gaussian(), 3),
        (lambda: categoricals(4), lambda: categoricals(), 2),
        (lambda: categoricals(2, 4), lambda: categoricals(), 2),
    ],
)
def test_kl_is_that_of_torch_in_value_and_gradient(q, p, units):
    q, p = q(), p()
    ours, theirs = kl_per_unit(q, p), kl_divergence(twin(q), twin(p))
    assert ours.shape == (*q.batch_shape, units)
    assert_close(ours.sum(-1), theirs)
    assert_close(kl_divergence(q, p), theirs)
    inputs = (*parameters(q), *parameters(p))
    assert_close(
        torch.autograd.grad(ours.sum(), inputs, retain_graph=True),
        torch.autograd.grad(theirs.sum(), inputs),
    )


def test_kl_per_unit_is_that_of_each_unit_alone():
    q, p = gaussian(4), gaussian()
    for unit, kl in enumerate(kl_per_unit(q, p).unbind(-1)):
        one_q = Normal(q.loc[:, unit], (0.5 * q.log_variance[:, unit]).exp())
        one_p = Normal(p.loc[unit], (0.5 * p.log_variance[unit]).exp())
        assert_close(kl, kl_divergence(one_q, one_p))


@pytest.mark.parametrize(("make", "units"), [(gaussian, 3), (categoricals, 2)])
def test_analytic_kl_equals_monte_carlo(make, units):
    q, p = make(2), make()
    z = q.rsample((200_000,)) if q.has_rsample else q.sample((200_000,))
    estimate = (q.log_prob(z) - p.log_prob(z)).mean(0)
    assert_close(kl_per_unit(q, p).sum(-1), estimate, rtol=0, atol=0.03)


def test_kl_is_zero_only_between_equals():
    for q in (gaussian(4), categoricals(4)):
        assert_close(kl_per_unit(q, q).abs().max().item(), 0.0)
        other = type(q)(*(randn(*tensor.shape) for tensor in parameters(q)))
        assert (kl_per_unit(q, other) > 0).all()


def test_kl_of_a_users_pair_is_split_into_the_units_of_a_vector():
    q = Independent(Laplace(randn(4, 3), randn(4, 3).exp()), 1)
    p = Independent(Laplace(randn(3), randn(3).exp()), 1)
    ours = kl_per_unit(q, p)
    assert ours.shape == (4, 3)
    assert_close(ours, kl_divergence(q.base_dist, p.base_dist))
    z = q.sample((200_000,))
    assert_close(ours.sum(-1), (q.log_prob(z) - p.log_prob(z)).mean(0), rtol=0.03, atol=0.03)


def test_kl_of_any_other_known_pair_is_one_unit():
    q, p = (MultivariateNormal(randn(4, 2), torch.eye(2).double() * s) for s in (1.0, 2.0))
    assert_close(kl_per_unit(q, p), kl_divergence(q, p).unsqueeze(-1))
    q, p = (Independent(Laplace(randn(4, 3, 2), randn(4, 3, 2).exp()), 2) for _ in "qp")
    assert_close(kl_per_unit(q, p), kl_divergence(q, p).unsqueeze(-1))
    q, p = Dirichlet(randn(4, 3).exp()), Dirichlet(randn(4, 3).exp())
    assert_close(kl_per_unit(q, p), kl_divergence(q, p).unsqueeze(-1))


def test_kl_without_a_closed_form_is_none():
    mixture = MixtureSameFamily(torch.distributions.Categorical(torch.ones(2)), twin(gaussian(2)))
    assert kl_per_unit(gaussian(4), mixture) is None
    assert kl_per_unit(gaussian(4), twin(gaussian())) is None
    laplace = Independent(Laplace(randn(4, 3), randn(4, 3).exp()), 1)
    student = Independent(StudentT(torch.full((3,), 4.0)), 1)
    assert kl_per_unit(laplace, student) is None


# --- batches --------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [gaussian, categoricals])
def test_rows_and_concatenation_keep_every_distribution(make):
    q = make(5)
    z = q.sample()
    rows = torch.tensor([3, 0])
    assert_close(q[rows].log_prob(z[rows]), q.log_prob(z)[rows])
    joined = concatenate([q[torch.tensor([0, 1])], q[torch.tensor([2, 3, 4])]])
    assert type(joined) is type(q)
    assert joined.batch_shape == (5,)
    assert_close(joined.log_prob(z), q.log_prob(z))
