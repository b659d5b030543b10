"""The two posterior families of the hot path, as `torch.distributions`.

Their events are flat vectors, `(size,)`, so that bounds and decoders treat them alike. Each is
tested against the library's own distribution; they exist because they are faster, keep the
log-variance instead of a standard deviation that can underflow, and draw relaxed samples.
"""

import math
from collections.abc import Sequence
from typing import TypeGuard, TypeVar

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.distributions import Distribution, Independent
from torch.distributions.kl import register_kl
from torch.nn import functional as F

Shape = torch.Size | list[int] | tuple[int, ...]


class DiagonalGaussian(Distribution):
    """N(mean, diag(exp(log_variance))) over vectors."""

    arg_constraints = {}  # noqa: RUF012 - the base class wants a plain dict
    has_rsample = True

    def __init__(
        self, mean: Float[Tensor, "*batch size"], log_variance: Float[Tensor, "*batch size"]
    ) -> None:
        self.loc = mean
        self.log_variance = log_variance
        super().__init__(mean.shape[:-1], mean.shape[-1:], validate_args=False)

    @property
    def mean(self) -> Tensor:  # noqa: D102 - as the base class
        return self.loc

    @property
    def variance(self) -> Tensor:  # noqa: D102 - as the base class
        return self.log_variance.exp()

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        """Reparameterised draws mean + std * noise, `(*sample_shape, *batch, size)`."""
        noise = torch.randn(
            (*sample_shape, *self.loc.shape), dtype=self.loc.dtype, device=self.loc.device
        )
        return self.loc + (0.5 * self.log_variance).exp() * noise

    def log_prob(self, value: Float[Tensor, "... size"]) -> Float[Tensor, "..."]:
        """Log-density in nats, summed over the vector."""
        squared = (value - self.loc).square() * (-self.log_variance).exp()
        return -0.5 * (squared + self.log_variance + math.log(2 * math.pi)).sum(-1)

    def __getitem__(self, rows: Int[Tensor, " kept"]) -> "DiagonalGaussian":
        """The distributions of some rows of the batch."""
        return DiagonalGaussian(self.loc[rows], self.log_variance[rows])

    def entropy(self) -> Tensor:
        """Differential entropy in nats."""
        return 0.5 * (self.log_variance + math.log(2 * math.pi) + 1).sum(-1)


class OneHotCategoricals(Distribution):
    """Independent categorical variables; an event is their one-hot codes, concatenated."""

    arg_constraints = {}  # noqa: RUF012
    has_rsample = False

    def __init__(self, logits: Float[Tensor, "*batch variables classes"]) -> None:
        self.log_probs = F.log_softmax(logits, dim=-1)
        variables, classes = logits.shape[-2:]
        super().__init__(logits.shape[:-2], torch.Size((variables * classes,)), validate_args=False)

    @property
    def probs(self) -> Tensor:
        """Class probabilities, `(*batch, variables, classes)`."""
        return self.log_probs.exp()

    @property
    def mean(self) -> Tensor:  # noqa: D102 - as the base class
        return self.probs.flatten(-2)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        """Exact one-hot draws, `(*sample_shape, *batch, variables * classes)`; no gradient."""
        with torch.no_grad():
            perturbed = self.log_probs + self._gumbel(sample_shape)
            return _one_hot_argmax(perturbed).flatten(-2)

    def relaxed(self, sample_shape: Shape, temperature: float) -> Tensor:
        """Gumbel-softmax draws softmax((log p + Gumbel) / temperature), reparameterised.

        Jang et al. 2017, eq. 2; Maddison et al. 2017. Their argmax has the exact distribution.
        """
        perturbed = self.log_probs + self._gumbel(sample_shape)
        return F.softmax(perturbed / temperature, dim=-1).flatten(-2)

    def straight_through(self, sample_shape: Shape, temperature: float) -> Tensor:
        """Exact one-hot draws forward; the gradient of the relaxed draw backward (Jang et al.)."""
        relaxed = self.relaxed(sample_shape, temperature)
        soft = relaxed.unflatten(-1, self.log_probs.shape[-2:])
        hard = _one_hot_argmax(soft.detach()).flatten(-2)
        return hard + (relaxed - relaxed.detach())

    def log_prob(self, value: Float[Tensor, "... size"]) -> Float[Tensor, "..."]:
        """Log-probability of one-hot codes in nats (of relaxed codes: its linear extension)."""
        return (value * self.log_probs.flatten(-2)).sum(-1)

    def __getitem__(self, rows: Int[Tensor, " kept"]) -> "OneHotCategoricals":
        """The distributions of some rows of the batch."""
        return OneHotCategoricals(self.log_probs[rows])

    def entropy(self) -> Tensor:
        """Entropy in nats, summed over the variables."""
        return -(self.probs * self.log_probs).sum((-2, -1))

    def _gumbel(self, sample_shape: Shape) -> Tensor:
        noise = torch.empty(
            (*sample_shape, *self.log_probs.shape),
            dtype=self.log_probs.dtype,
            device=self.log_probs.device,
        )
        return -noise.exponential_().log()


P = TypeVar("P", DiagonalGaussian, OneHotCategoricals)


def concatenate(parts: Sequence[P]) -> P:
    """One distribution over the batches of all `parts`."""
    if isinstance(parts[0], DiagonalGaussian):
        return DiagonalGaussian(
            torch.cat([part.loc for part in parts]),
            torch.cat([part.log_variance for part in parts]),
        )
    return OneHotCategoricals(torch.cat([part.log_probs for part in parts]))


def _one_hot_argmax(scores: Float[Tensor, "... classes"]) -> Float[Tensor, "... classes"]:
    index = scores.argmax(dim=-1, keepdim=True)
    return torch.zeros_like(scores).scatter_(-1, index, 1.0)


def kl_per_unit(q: Distribution, p: Distribution) -> Float[Tensor, "*batch units"] | None:
    """KL[q||p] of each latent unit in closed form, nats; None where the pair has none.

    A unit is a dimension of a Gaussian, a variable of `OneHotCategoricals`, a dimension of any
    other `Independent` vector. Every other pair with a registered `torch.distributions` KL is one
    unit; for the rest the caller estimates at the draws.
    """
    if isinstance(q, DiagonalGaussian) and isinstance(p, DiagonalGaussian):
        ratio = q.log_variance - p.log_variance
        distance = (q.loc - p.loc).square() * (-p.log_variance).exp()
        return 0.5 * (ratio.exp() + distance - 1 - ratio)
    if isinstance(q, OneHotCategoricals) and isinstance(p, OneHotCategoricals):
        return (q.probs * (q.log_probs - p.log_probs)).sum(-1)
    try:
        if _is_independent_vector(q) and _is_independent_vector(p):
            return torch.distributions.kl_divergence(q.base_dist, p.base_dist)
        return torch.distributions.kl_divergence(q, p).unsqueeze(-1)
    except NotImplementedError:
        return None


def _is_independent_vector(distribution: Distribution) -> TypeGuard[Independent]:
    return isinstance(distribution, Independent) and distribution.reinterpreted_batch_ndims == 1


@register_kl(DiagonalGaussian, DiagonalGaussian)
@register_kl(OneHotCategoricals, OneHotCategoricals)
def _kl_in_total(q: Distribution, p: Distribution) -> Tensor:
    units = kl_per_unit(q, p)
    assert units is not None
    return units.sum(-1)
