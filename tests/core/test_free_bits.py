"""Free bits by hand: value and gradient of every scope."""

import pytest
import torch
from torch.testing import assert_close

from textvae.core.free_bits import FreeBits

# column means: 0.5 (under a floor of 1), 1.5, 2.0; row sums: 2.5, 5.5
KL = torch.tensor([[0.2, 0.3, 2.0], [0.8, 2.7, 2.0]], dtype=torch.float64)


def paid(scope, nats=1.0):
    kl = KL.clone().requires_grad_()
    value = FreeBits(nats=nats, scope=scope)(kl)
    (gradient,) = torch.autograd.grad(value.sum(), kl)
    return value.detach(), gradient


def test_unit_is_a_floor_under_each_unit_of_each_example():
    value, gradient = paid("unit")
    assert_close(value, torch.tensor([1.0 + 1.0 + 2.0, 1.0 + 2.7 + 2.0]).double())
    assert gradient.tolist() == [[0, 0, 1], [0, 1, 1]]


def test_total_is_a_floor_under_the_sum_of_each_example():
    value, gradient = paid("total", nats=3.0)
    assert_close(value, torch.tensor([3.0, 5.5]).double())
    assert gradient.tolist() == [[0, 0, 0], [1, 1, 1]]


def test_unit_batch_mean_is_a_floor_under_the_mean_of_each_unit():
    value, gradient = paid("unit_batch_mean")
    # unit 0 pays the floor; in unit 1 the first example stays below it, its mean does not
    assert_close(value, torch.tensor([1.0 + 0.3 + 2.0, 1.0 + 2.7 + 2.0]).double())
    assert gradient.tolist() == [[0, 1, 1], [0, 1, 1]]


@pytest.mark.parametrize("nats", [0.1, 1.0, 1.7, 9.0])
def test_the_mean_of_unit_batch_mean_is_the_sum_of_floored_means(nats):
    """Kingma et al. 2016, eq. 15: sum_u max(nats, E_batch[KL_u]), value and gradient."""
    torch.manual_seed(0)
    kl = (2 * torch.rand(7, 5, dtype=torch.float64)).requires_grad_()
    ours = FreeBits(nats=nats, scope="unit_batch_mean")(kl).mean(0)
    exact = kl.mean(0).clamp(min=nats).sum(0)
    assert_close(ours, exact)
    assert_close(torch.autograd.grad(ours, kl, retain_graph=True), torch.autograd.grad(exact, kl))


@pytest.mark.parametrize("scope", ["unit", "total", "unit_batch_mean"])
def test_under_the_floor_there_is_no_gradient_and_above_it_no_change(scope):
    value, gradient = paid(scope, nats=100.0)
    assert value.tolist() == [100.0 * (1 if scope == "total" else 3)] * 2
    assert gradient.count_nonzero() == 0
    value, gradient = paid(scope, nats=0.01)
    assert_close(value, KL.sum(1))
    assert (gradient == 1).all()
