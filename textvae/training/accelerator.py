"""The Accelerator of a run: device and precision as the config names them."""

from typing import Literal

from accelerate import Accelerator
from accelerate.state import AcceleratorState

from textvae.devices import DeviceName, best_device


def build_accelerator(*, device: DeviceName, precision: Literal["fp32", "bf16"]) -> Accelerator:
    """An Accelerator on `device`. Raises `TextVAEError` if this machine does not have it."""
    chosen = best_device(device)
    # Accelerate keeps device and precision in a singleton: without this, the second training of a
    # process would silently have, or loudly refuse, what the first one chose
    AcceleratorState._reset_state(reset_partial_state=True)
    return Accelerator(
        cpu=chosen.type == "cpu", mixed_precision="no" if precision == "fp32" else "bf16"
    )
