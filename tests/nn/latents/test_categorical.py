import math

import pytest
import torch
from torch.testing import assert_close

from textvae.core.terms import Draw
from textvae.nn.latents import CategoricalLatent


def latent(estimator="gumbel_softmax"):
    torch.manual_seed(0)
    return CategoricalLatent(features=5, variables=2, classes=3, estimator=estimator).double()


def posterior(module, batch=4):
    return module.posterior(torch.randn(batch, 5, dtype=torch.float64))


def test_posterior_is_a_softmax_for_each_variable():
    module, features = latent(), torch.randn(4, 5, dtype=torch.float64)
    logits = (features @ module.head.weight.T + module.head.bias).view(4, 2, 3)
    assert_close(module.posterior(features).probs, logits.softmax(-1))


def test_prior_is_uniform():
    module = latent()
    z = module.prior().sample((50,))
    assert_close(module.prior().log_prob(z), torch.full((50,), -2 * math.log(3)).double())


def test_draws_that_are_not_hard_are_relaxed_at_the_temperature():
    module = latent()
    q = posterior(module)
    torch.manual_seed(1)
    z = module.draw(q, Draw(samples=6, temperature=0.4, hard=False))
    torch.manual_seed(1)
    assert torch.equal(z, q.relaxed((6,), 0.4))
    assert ((z > 0) & (z < 1)).all()
    assert z.requires_grad


@pytest.mark.parametrize("grad", [False, True])
def test_hard_draws_are_codes_with_a_gradient_only_where_one_is_asked_for(grad):
    module = latent("straight_through")
    with torch.set_grad_enabled(grad):
        z = module.draw(posterior(module), Draw(samples=6))
    assert z.shape == (6, 4, 6)
    assert set(z.detach().flatten().tolist()) == {0.0, 1.0}
    assert torch.equal(z.unflatten(-1, (2, 3)).sum(-1), torch.ones(6, 4, 2, dtype=z.dtype))
    assert z.requires_grad == grad


def test_code_is_the_most_probable_class_and_embeds_as_one_hot():
    module = latent()
    q = posterior(module)
    code = module.code(q)
    assert torch.equal(code, q.probs.argmax(-1))
    z = module.embed(code)
    assert z.shape == (4, 6)
    assert_close(q.log_prob(z), q.log_probs.max(-1).values.sum(-1))
    assert (module.size, module.units, module.code_size, module.discrete) == (6, 2, 2, True)
