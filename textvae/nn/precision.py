"""How precise the numbers are that a model is judged by."""

import torch
from torch import Tensor


def at_least_fp32(values: Tensor) -> Tensor:
    """`values` in fp32, or in fp64 where the model is.

    Softmax and posterior parameters leave bf16 here; a model in double precision keeps it.
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))
