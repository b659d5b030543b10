"""Free bits: an amount of KL that costs nothing, so that a collapsed latent has no reward.

Kingma et al. 2016 (Improving Variational Inference with Inverse Autoregressive Flow), eq. 15 and
appendix C.8; the three scopes are those compared by Li et al. 2019 and in later work. Free bits
change what training minimises and never the KL that is reported.
"""

from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class FreeBits:
    """A floor of `nats` under the KL.

    scope "unit": max(nats, KL_u(x)) for each unit and example.
    scope "total": max(nats, sum_u KL_u(x)) for each example.
    scope "unit_batch_mean": max(nats, mean over the batch of KL_u) for each unit. This is the
    form of Kingma et al.: single examples may go below the floor, their mean may not.
    """

    nats: float
    scope: Literal["unit", "total", "unit_batch_mean"]

    def __call__(self, kl: Float[Tensor, "batch units"]) -> Float[Tensor, " batch"]:
        """The KL to be paid, nats per example; no gradient where the floor holds."""
        if self.scope == "unit":
            return kl.clamp(min=self.nats).sum(1)
        if self.scope == "total":
            return kl.sum(1).clamp(min=self.nats)
        # the mean over the batch of what is returned is sum_u max(nats, mean KL_u)
        above = kl.mean(0, keepdim=True) > self.nats
        return kl.where(above, kl.new_tensor(self.nats)).sum(1)
