"""Means with their standard errors."""

import math
from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor


class Mean(NamedTuple):
    """A mean over examples and its standard error (nan for a single example)."""

    value: float
    stderr: float


def mean(values: Float[Tensor, " n"]) -> Mean:
    """Mean and standard error of independent values."""
    n = values.shape[0]
    stderr = (values.var(0, correction=1) / n).sqrt().item() if n > 1 else math.nan
    return Mean(values.mean().item(), stderr)
