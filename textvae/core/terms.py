"""The contract between models and objectives: what a model returns about a batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Draw:
    """How the latents are drawn.

    `samples`: draws per example. `hard`: discrete latents give exact one-hot draws; if false,
    relaxed ones at `temperature`, through which a gradient flows. Continuous latents need neither.
    What is reported is always drawn with the default, hard.
    """

    samples: int = 1
    temperature: float = 1.0
    hard: bool = True


@dataclass(frozen=True)
class Terms:
    """The pieces of every bound, in nats, one column per example, never reduced over the batch.

    `log_likelihood`: log p(x|z_s), summed over real tokens or pixels.
    `log_prior`, `log_posterior`: log p(z_s), log q(z_s|x), summed over the latents.
    `kl`: KL[q||p] of each latent unit, in closed form ("analytic", one row) or estimated at the
    draws ("monte_carlo", a row for each draw).
    `log_weight`: log weights of the expectation over draws, summing to one over the samples:
    -ln S for S draws.
    `score`: log q of draws that carry no gradient, for a score-function estimator.
    `relaxed`: the draws are relaxations of discrete ones, so that nothing here bounds log p(x).
    `z`: the draws. `extras`: what an objective may ask for by name.
    """

    log_likelihood: Float[Tensor, "samples batch"]
    log_prior: Float[Tensor, "samples batch"]
    log_posterior: Float[Tensor, "samples batch"]
    kl: Float[Tensor, "kl_rows batch units"]
    kl_estimator: Literal["analytic", "monte_carlo"]
    log_weight: Float[Tensor, "samples batch"]
    z: Float[Tensor, "samples batch size"]
    relaxed: bool = False
    score: Float[Tensor, "samples batch"] | None = None
    extras: Mapping[str, Tensor] = field(default_factory=dict)

    def with_monte_carlo_kl(self) -> "Terms":
        """The same draws, with log q(z_s|x) - log p(z_s) in place of an analytic KL (one unit)."""
        kl = (self.log_posterior - self.log_prior).unsqueeze(-1)
        return replace(self, kl=kl, kl_estimator="monte_carlo")
