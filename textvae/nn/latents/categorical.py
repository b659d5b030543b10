"""Categorical latents: `variables` independent variables of `classes` classes, uniform prior.

The gradient crosses the draw by Gumbel-softmax or straight-through (Jang et al. 2017).
"""

from collections.abc import Iterator
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from textvae.core.distributions import OneHotCategoricals
from textvae.core.terms import Draw
from textvae.nn.precision import at_least_fp32


class CategoricalLatent(nn.Module):
    """z is the concatenation of one-hot codes; a unit is a variable."""

    discrete = True
    zero: Tensor

    def __init__(
        self,
        *,
        features: int,
        variables: int,
        classes: int,
        estimator: Literal["gumbel_softmax", "straight_through"],
    ) -> None:
        super().__init__()
        self.size = variables * classes
        self.units = self.code_size = variables
        self.shape = (variables, classes)
        self.estimator = estimator
        self.head = nn.Linear(features, self.size)
        self.register_buffer("zero", torch.zeros(self.shape), persistent=False)

    def posterior(self, features: Float[Tensor, "batch features"]) -> OneHotCategoricals:
        """q(z|x), parameters in fp32 at least."""
        return OneHotCategoricals(at_least_fp32(self.head(features)).unflatten(-1, self.shape))

    def prior(self) -> OneHotCategoricals:
        """The uniform distribution over codes."""
        return OneHotCategoricals(self.zero)

    def draw(self, q: OneHotCategoricals, draw: Draw) -> Float[Tensor, "samples batch size"]:
        """Relaxed draws unless `draw.hard`; exact ones carry a straight-through gradient."""
        if not draw.hard:
            return q.relaxed((draw.samples,), draw.temperature)
        if torch.is_grad_enabled():
            return q.straight_through((draw.samples,), draw.temperature)
        return q.sample((draw.samples,))

    def code(self, q: OneHotCategoricals) -> Int[Tensor, "batch variables"]:
        """The most probable class of each variable."""
        return q.log_probs.argmax(-1)

    def embed(self, code: Int[Tensor, "batch variables"]) -> Float[Tensor, "batch size"]:
        """One-hot vectors of the classes."""
        return F.one_hot(code, self.shape[1]).flatten(-2).to(self.zero.dtype)

    def inference_parameters(self) -> Iterator[nn.Parameter]:
        """Parameters of the posterior; the prior has none."""
        return self.parameters()
