"""Against loops that anyone can check."""

import pytest
import torch

from textvae.nn.positions import padding_free, real_positions, sum_rows

CASES = [([3, 1, 4], 4), ([3, 1, 4], 7), ([2], 2), ([1, 1, 1], 1), ([0, 2, 0, 1], 3)]


@pytest.mark.parametrize(("lengths", "width"), CASES)
def test_positions_of_real_tokens(lengths, width):
    real = [[position < length for position in range(width)] for length in lengths]
    assert padding_free(torch.tensor(lengths), width).tolist() == real
    naive = [row * width + i for row, length in enumerate(lengths) for i in range(length)]
    assert real_positions(torch.tensor(lengths), width, sum(lengths)).tolist() == naive


@pytest.mark.parametrize(("lengths", "width"), CASES)
def test_sum_over_the_real_tokens_of_each_row(lengths, width):
    total = sum(lengths)
    values = torch.arange(1.0, total + 1, requires_grad=True)
    positions = real_positions(torch.tensor(lengths), width, total)
    sums = sum_rows(values, positions, len(lengths), width)
    naive = [part.sum().item() for part in values.split(lengths)]
    assert sums.tolist() == naive
    upstream = 10.0 ** torch.arange(len(lengths))
    (gradient,) = torch.autograd.grad(sums @ upstream, values)
    assert torch.equal(gradient, upstream.repeat_interleave(torch.tensor(lengths)))
