"""log p(x) by importance sampling, and what the decoder loses without its own z."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from textvae.core.bounds import log_importance_weights
from textvae.core.terms import Draw
from textvae.evaluation.modes import evaluating
from textvae.models.vae import VAE


@torch.inference_mode()
def importance_weighted_log_likelihood(
    model: VAE,
    batches: Iterable[Any],
    *,
    samples: int,
    device: torch.device | str,
    seed: int = 0,
    rows_at_once: int = 4096,
) -> Float[Tensor, " n"]:
    """log 1/S sum_s p(x, z_s) / q(z_s|x) of each example, nats (Burda et al. 2016).

    In expectation a lower bound of log p(x) that rises to it with the number of samples. Each
    batch is encoded once and its draws are streamed, `rows_at_once` of (draws * examples) in
    memory, and summed in fp64. Examples come back in the order of their rows.
    """
    estimates, rows = [], []
    with evaluating(model, seed=seed, device=device):
        for cpu_batch in batches:
            batch = cpu_batch.to(device)
            q = model.posterior(batch)
            at_once = max(1, rows_at_once // batch.num_examples)
            total = torch.full((batch.num_examples,), -math.inf, dtype=torch.double, device=device)
            for start in range(0, samples, at_once):
                terms = model(batch, Draw(samples=min(at_once, samples - start)), posterior=q)
                part = log_importance_weights(terms).double().logsumexp(0)
                total = torch.logaddexp(total, part)
            estimates.append(total - math.log(samples))
            rows.append(batch.rows)
    return torch.cat(estimates)[torch.cat(rows).argsort()]


@torch.inference_mode()
def log_likelihood_given(
    model: VAE, batches: Iterable[Any], z: Float[Tensor, "n size"], *, device: torch.device | str
) -> Float[Tensor, " n"]:
    """log p(x_i|z_i) in nats, for a z of each example, in the order of their rows."""
    values, rows = [], []
    with evaluating(model, seed=0, device=device):
        for cpu_batch in batches:
            batch = cpu_batch.to(device)
            own = z[batch.rows].unsqueeze(0)
            values.append(model.decoder(own, *batch.decoder_arguments)[0].double())
            rows.append(batch.rows)
    return torch.cat(values)[torch.cat(rows).argsort()]


def derangement(n: int, *, seed: int = 0) -> Tensor:
    """A random permutation of `n` in which nothing stays in its place (one long cycle)."""
    if n < 2:
        raise ValueError("a single example has no other one to change places with")
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    permutation = torch.empty_like(order)
    permutation[order] = order.roll(1)
    return permutation
