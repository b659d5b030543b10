import pytest
import torch

from textvae.nn.precision import at_least_fp32


@pytest.mark.parametrize(
    ("given", "returned"),
    [
        (torch.bfloat16, torch.float32),
        (torch.float16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
    ],
)
def test_half_precision_is_widened_and_double_is_kept(given, returned):
    values = torch.tensor([1.5, -2.0], dtype=given)
    assert at_least_fp32(values).dtype == returned
    assert at_least_fp32(values).tolist() == [1.5, -2.0]
