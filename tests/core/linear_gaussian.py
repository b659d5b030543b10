"""A model whose evidence, posterior and bounds are all known exactly.

p(z) = N(0, I), p(x|z) = N(W z + b, scale^2 I): then p(x) = N(b, W W' + scale^2 I), and p(z|x) is
Gaussian too; diagonal where the columns of W are orthogonal.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal

from textvae.core.distributions import DiagonalGaussian, kl_per_unit
from textvae.core.terms import Terms


@dataclass
class LinearGaussian:
    weight: Tensor  # (data, size)
    bias: Tensor
    scale: float = 0.7

    @property
    def prior(self) -> DiagonalGaussian:
        zero = self.weight.new_zeros(self.weight.shape[1])
        return DiagonalGaussian(zero, zero)

    def log_evidence(self, x: Tensor) -> Tensor:
        noise = self.scale**2 * torch.eye(len(self.bias), dtype=x.dtype)
        return MultivariateNormal(self.bias, self.weight @ self.weight.T + noise).log_prob(x)

    def true_posterior(self, x: Tensor) -> MultivariateNormal:
        precision = self.weight.T @ self.weight / self.scale**2
        precision = precision + torch.eye(self.weight.shape[1], dtype=x.dtype)
        covariance = torch.linalg.inv(precision)
        mean = (x - self.bias) @ self.weight @ covariance / self.scale**2
        return MultivariateNormal(mean, covariance)

    def exact_elbo(self, x: Tensor, q: DiagonalGaussian) -> Tensor:
        """log p(x) - KL[q(z|x) || p(z|x)]."""
        full = MultivariateNormal(q.mean, torch.diag_embed(q.variance))
        return self.log_evidence(x) - torch.distributions.kl_divergence(
            full, self.true_posterior(x)
        )

    def terms(self, x: Tensor, q: DiagonalGaussian, z: Tensor, log_weight: Tensor) -> Terms:
        """The terms of draws z (S, B, size) with log weights (S, B)."""
        likelihood = Normal(z @ self.weight.T + self.bias, self.scale)
        kl = kl_per_unit(q, self.prior)
        assert kl is not None
        return Terms(
            log_likelihood=likelihood.log_prob(x).sum(-1),
            log_prior=self.prior.log_prob(z),
            log_posterior=q.log_prob(z),
            kl=kl.unsqueeze(0),
            kl_estimator="analytic",
            log_weight=log_weight,
            z=z,
        )

    def sampled(self, x: Tensor, q: DiagonalGaussian, samples: int) -> Terms:
        z = q.rsample((samples,))
        return self.terms(x, q, z, z.new_full(z.shape[:2], -math.log(samples)))

    def integrated(self, x: Tensor, q: DiagonalGaussian, nodes: int = 4) -> Terms:
        """Gauss-Hermite quadrature in place of draws: expectations of polynomials are exact."""
        points, weights = np.polynomial.hermite_e.hermegauss(nodes)
        size = q.mean.shape[-1]
        grid = torch.tensor(list(itertools.product(points, repeat=size)), dtype=x.dtype)
        weight = torch.tensor(list(itertools.product(weights, repeat=size)), dtype=x.dtype)
        log_weight = (weight / math.sqrt(2 * math.pi)).log().sum(-1)
        z = q.mean + (0.5 * q.log_variance).exp() * grid.unsqueeze(1)
        return self.terms(x, q, z, log_weight.unsqueeze(1).expand(-1, x.shape[0]))
