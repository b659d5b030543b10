"""Sentence generation with variational autoencoders.

    from textvae import TextVAE, train

The two names above are imported when they are first used: `import textvae` itself stays light,
so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textvae.api import Run, TextVAE, train

__version__ = "0.1.0"
__all__ = ["Run", "TextVAE", "__version__", "train"]


def __getattr__(name: str) -> Any:
    if name in ("Run", "TextVAE", "train"):
        return getattr(import_module("textvae.api"), name)
    raise AttributeError(f"module 'textvae' has no attribute {name!r}")
