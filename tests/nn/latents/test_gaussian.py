import torch
from torch.testing import assert_close

from textvae.core.terms import Draw
from textvae.nn.latents import GaussianLatent


def latent():
    torch.manual_seed(0)
    return GaussianLatent(features=5, size=3).double()


def test_posterior_has_the_two_halves_of_the_head():
    module, features = latent(), torch.randn(4, 5, dtype=torch.float64)
    q = module.posterior(features)
    assert_close(q.loc, features @ module.head.weight[:3].T + module.head.bias[:3])
    assert_close(q.log_variance, features @ module.head.weight[3:].T + module.head.bias[3:])


def test_prior_is_standard_normal():
    z = torch.randn(7, 3, dtype=torch.float64)
    exact = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(-1)
    assert_close(latent().prior().log_prob(z), exact)


def test_draws_are_reparameterised():
    module = latent()
    q = module.posterior(torch.randn(4, 5, dtype=torch.float64))
    torch.manual_seed(1)
    z = module.draw(q, Draw(samples=6))
    torch.manual_seed(1)
    noise = torch.randn(6, 4, 3, dtype=torch.float64)
    assert_close(z, q.loc + q.variance.sqrt() * noise)
    (gradient,) = torch.autograd.grad(z.sum(), q.loc)
    assert torch.equal(gradient, torch.full_like(gradient, 6.0))


def test_code_is_the_mean_and_its_own_embedding():
    module = latent()
    q = module.posterior(torch.randn(4, 5, dtype=torch.float64))
    assert torch.equal(module.code(q), q.loc)
    assert torch.equal(module.embed(q.loc), q.loc)
    assert module.embed(q.loc.float()).dtype == torch.float64
    assert (module.size, module.units, module.code_size, module.discrete) == (3, 3, 3, False)


def test_posterior_leaves_half_precision():
    module = GaussianLatent(features=5, size=3).bfloat16()
    q = module.posterior(torch.randn(4, 5, dtype=torch.bfloat16))
    assert q.loc.dtype == q.log_variance.dtype == torch.float32
