"""Weights on disk: safetensors only, loaded strictly."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_model, save_model
from torch import nn

from textvae.errors import TextVAEError


def save_weights(model: nn.Module, path: Path) -> None:
    """Write the weights of `model`, tied ones once."""
    save_model(model, str(path))


def load_weights(model: nn.Module, path: Path) -> None:
    """Fill `model` in place; a missing, unexpected or misshapen tensor is an error."""
    try:
        load_model(model, str(path), strict=True)
    except FileNotFoundError:
        raise TextVAEError(f"{path}: no such file; is the model folder complete?") from None
    except (RuntimeError, SafetensorError) as error:
        problem = " ".join(str(error).split())
        raise TextVAEError(f"{path}: does not fit the model of config.json: {problem}") from None
