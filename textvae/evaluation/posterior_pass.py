"""One pass over a data set: every example's bound, posterior and one draw. Most measures follow."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from textvae.core import bounds, diagnostics
from textvae.core.distributions import concatenate
from textvae.evaluation.modes import evaluating
from textvae.models.vae import VAE


@dataclass(frozen=True)
class PosteriorPass:
    """N examples in the order of their rows, nats per example, hard draws, fp32, no dropout.

    `z` holds the one draw of each posterior at which the bound was taken; `tokens` counts real
    targets, the end token included (pixels, for images).
    """

    elbo: Float[Tensor, " n"]
    reconstruction: Float[Tensor, " n"]
    kl: Float[Tensor, "n units"]
    z: Float[Tensor, "n size"]
    posteriors: Any
    tokens: Int[Tensor, " n"]

    def summary(self) -> dict[str, float]:
        """The means that validation logs, by tag."""
        return {
            "elbo": self.elbo.mean().item(),
            "reconstruction": self.reconstruction.mean().item(),
            "kl": self.kl.sum(1).mean().item(),
            "perplexity_bound": math.exp(min(700.0, -(self.elbo.sum() / self.tokens.sum()).item())),
            "mutual_information": diagnostics.mutual_information(self.z, self.posteriors)
            .mean()
            .item(),
            "active_units": float(diagnostics.active_units(self.posteriors)),
        }


@torch.inference_mode()
def run_posterior(
    model: VAE, batches: Iterable[Any], *, device: torch.device | str, seed: int = 0
) -> PosteriorPass:
    """Encode and score every batch once, with one hard draw of each posterior.

    The draws come from `seed`; the global generators and the mode of the model are left as they
    were found. `batch.rows` must number the examples from 0 without gaps.
    """
    parts, posteriors, rows = [], [], []
    with evaluating(model, seed=seed, device=device):
        for cpu_batch in batches:
            batch = cpu_batch.to(device)
            q = model.posterior(batch)
            terms = model(batch, posterior=q)
            parts.append(
                (
                    bounds.elbo(terms).double(),
                    bounds.reconstruction(terms).double(),
                    bounds.kl_per_unit(terms).double(),
                    terms.z[0],
                    batch.lengths,
                )
            )
            posteriors.append(q)
            rows.append(batch.rows)
    order = torch.cat(rows).argsort()
    columns = zip(*parts, strict=True)
    elbo, reconstruction, kl, z, tokens = (torch.cat(column)[order] for column in columns)
    return PosteriorPass(
        elbo=elbo,
        reconstruction=reconstruction,
        kl=kl,
        z=z,
        posteriors=concatenate(posteriors)[order],
        tokens=tokens,
    )
