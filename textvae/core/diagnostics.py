"""How much a latent is used: mutual information and active units, over a whole data set.

All take the posteriors of N examples as one batched distribution.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution

from textvae.core.distributions import DiagonalGaussian, OneHotCategoricals

Posteriors = DiagonalGaussian | OneHotCategoricals


def log_aggregate_posterior(
    z: Float[Tensor, "draws size"], posteriors: Posteriors, *, chunk_elements: int = 1 << 25
) -> Float[Tensor, " draws"]:
    """log q(z) = log 1/N sum_j q(z|x_j), nats, at each draw; over all N posteriors.

    Costs draws * N densities, evaluated in slices of about `chunk_elements` numbers.
    """
    n, size = posteriors.batch_shape[0], z.shape[-1]
    rows = max(1, chunk_elements // (n * size))
    slices = [posteriors.log_prob(part.unsqueeze(1)).logsumexp(1) for part in z.split(rows)]
    return torch.cat(slices) - math.log(n)


def mutual_information(
    z: Float[Tensor, "batch size"], posteriors: Posteriors
) -> Float[Tensor, " batch"]:
    """log q(z_i|x_i) - log q(z_i) with one draw z_i of each posterior; its mean estimates I(x; z).

    The marginal q(z) is the aggregate posterior of the *whole* set, so the estimate cannot exceed
    ln N, and N is part of the number. Not to be confused with the estimator of He et al. 2019,
    which takes the marginal over a batch and cannot exceed the logarithm of the batch size.
    """
    return posteriors.log_prob(z) - log_aggregate_posterior(z, posteriors)


def unit_activity(posteriors: Distribution) -> Float[Tensor, " units"]:
    """Variance over the data of each unit's posterior mean (Burda et al. 2016, section 5.2).

    For a categorical variable: the variances of its class probabilities, summed over the classes.
    """
    variance = posteriors.mean.var(0, correction=0)
    if isinstance(posteriors, OneHotCategoricals):
        return variance.unflatten(-1, posteriors.log_probs.shape[-2:]).sum(-1)
    return variance


def active_units(posteriors: Distribution, threshold: float = 0.01) -> int:
    """How many units have an activity above `threshold`."""
    return int((unit_activity(posteriors) > threshold).sum())
