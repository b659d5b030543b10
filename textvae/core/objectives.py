"""Objectives: what training does to a bound. They see terms, never a model.

An objective returns the loss and, untouched beside it, the bound and its parts, so that a weighted
loss can never be mistaken for an ELBO.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from textvae.core import bounds
from textvae.core.free_bits import FreeBits
from textvae.core.terms import Terms


@dataclass(frozen=True)
class Loss:
    """`loss` is minimised; the rest is reported. All in nats per example, unreduced.

    `elbo`, `reconstruction` and `kl` carry no KL weight and no free bits:
    elbo = -(reconstruction + kl). `relaxed`: the draws were, so `elbo` bounds nothing.
    """

    loss: Float[Tensor, " batch"]
    elbo: Float[Tensor, " batch"]
    reconstruction: Float[Tensor, " batch"]
    kl: Float[Tensor, " batch"]
    kl_weight: float
    relaxed: bool


@dataclass(frozen=True)
class NegativeELBO:
    """reconstruction + kl_weight(step) * KL, with free bits under the KL if there are any.

    A constant `kl_weight` of beta is the beta-VAE (Higgins et al. 2017); a rising one anneals
    (Bowman et al. 2016).
    """

    kl_weight: Callable[[int], float]
    free_bits: FreeBits | None = None

    def __call__(self, terms: Terms, step: int) -> Loss:
        """Loss and untouched bound of `terms` at a training step."""
        weight = self.kl_weight(step)
        reconstruction = bounds.reconstruction(terms)
        kl = bounds.kl_per_unit(terms)
        paid = kl.sum(1) if self.free_bits is None else self.free_bits(kl)
        return Loss(
            loss=reconstruction + weight * paid,
            elbo=bounds.elbo(terms).detach(),
            reconstruction=reconstruction.detach(),
            kl=kl.sum(1).detach(),
            kl_weight=weight,
            relaxed=terms.relaxed,
        )
