"""The Accelerator of a run: device and precision as the config names them."""

from typing import Literal

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from textvae.errors import TextVAEError


def build_accelerator(
    *, device: Literal["auto", "cpu", "cuda", "mps"], precision: Literal["fp32", "bf16"]
) -> Accelerator:
    """An Accelerator on `device`; "auto" takes cuda, then mps, then cpu.

    Raises `TextVAEError` if a device is named that this machine does not have.
    """
    available = {
        "auto": True,
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available[device]:
        there = ", ".join(name for name, there in available.items() if there)
        raise TextVAEError(f"train.device: this machine has no {device}; choose among {there}")
    # Accelerate keeps device and precision in a singleton: without this, the second training of a
    # process would silently have, or loudly refuse, what the first one chose
    AcceleratorState._reset_state(reset_partial_state=True)
    return Accelerator(cpu=device == "cpu", mixed_precision="no" if precision == "fp32" else "bf16")


def best_device(device: Literal["auto", "cpu", "cuda", "mps"] = "auto") -> torch.device:
    """The device for using a trained model: the one named, or the best there is."""
    if device != "auto":
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
