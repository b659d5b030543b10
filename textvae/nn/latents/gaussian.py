"""Gaussian latent (Kingma and Welling 2014): diagonal posterior, standard normal prior."""

from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor, nn

from textvae.core.distributions import DiagonalGaussian
from textvae.core.terms import Draw
from textvae.nn.precision import at_least_fp32


class GaussianLatent(nn.Module):
    """q(z|x) = N(mean(x), diag(variance(x))), p(z) = N(0, I); a unit is a dimension."""

    discrete = False
    zero: Tensor

    def __init__(self, *, features: int, size: int) -> None:
        super().__init__()
        self.size = self.units = self.code_size = size
        self.head = nn.Linear(features, 2 * size)
        self.register_buffer("zero", torch.zeros(size), persistent=False)

    def posterior(self, features: Float[Tensor, "batch features"]) -> DiagonalGaussian:
        """q(z|x), parameters in fp32 at least."""
        mean, log_variance = at_least_fp32(self.head(features)).chunk(2, dim=-1)
        return DiagonalGaussian(mean, log_variance)

    def prior(self) -> DiagonalGaussian:
        """p(z)."""
        return DiagonalGaussian(self.zero, self.zero)

    def draw(self, q: DiagonalGaussian, draw: Draw) -> Float[Tensor, "samples batch size"]:
        """Reparameterised draws."""
        return q.rsample((draw.samples,))

    def code(self, q: DiagonalGaussian) -> Float[Tensor, "batch size"]:
        """The posterior mean."""
        return q.loc

    def embed(self, code: Float[Tensor, "batch size"]) -> Float[Tensor, "batch size"]:
        """A code of this latent is its z."""
        return code.to(self.zero.dtype)

    def inference_parameters(self) -> Iterator[nn.Parameter]:
        """Parameters of the posterior; the prior has none."""
        return self.parameters()
