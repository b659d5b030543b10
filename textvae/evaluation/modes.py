"""Running a model for measurement without leaving a trace in training."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def evaluating(
    model: nn.Module, *, seed: int, device: torch.device | str = "cpu"
) -> Iterator[None]:
    """No dropout, noise from `seed`; afterwards mode and generators are as they were before."""
    was_training = model.training
    kind = torch.device(device).type
    devices = [device] if kind != "cpu" else []
    model.eval()
    try:
        with torch.random.fork_rng(devices, device_type=kind if devices else "cuda"):
            torch.manual_seed(seed)
            yield
    finally:
        model.train(was_training)
