"""Which device there is."""

from typing import Literal

import torch

from textvae.errors import TextVAEError

DeviceName = Literal["auto", "cpu", "cuda", "mps"]


def best_device(name: DeviceName = "auto") -> torch.device:
    """The device named; "auto" takes cuda, then mps, then cpu.

    Raises `TextVAEError` if this machine does not have it.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, there in available.items() if there))
    if not available[name]:
        there = ", ".join(kind for kind, there in available.items() if there)
        raise TextVAEError(f"device: this machine has no {name}; choose among auto, {there}")
    return torch.device(name)
