"""Where the real tokens of a padded batch are, without asking the device how many there are."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def padding_free(lengths: Int[Tensor, " batch"], width: int) -> Bool[Tensor, "batch width"]:
    """True at real tokens."""
    return torch.arange(width, device=lengths.device) < lengths.unsqueeze(1)


def real_positions(
    lengths: Int[Tensor, " batch"], width: int, total: int
) -> Int[Tensor, " tokens"]:
    """Indices of the `total` real tokens into the flattened `(batch * width)` batch, in order."""
    rows = torch.repeat_interleave(lengths, output_size=total)
    starts = lengths.cumsum(0) - lengths
    within = torch.arange(total, device=lengths.device) - starts[rows]
    return rows * width + within


def sum_rows(
    values: Float[Tensor, " tokens"], positions: Int[Tensor, " tokens"], rows: int, width: int
) -> Float[Tensor, " rows"]:
    """Sum of the values of each row of a `(rows, width)` batch; padding contributes nothing."""
    return values.new_zeros(rows * width).scatter(0, positions, values).view(rows, width).sum(1)
