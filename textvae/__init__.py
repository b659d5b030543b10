"""Sentence generation with variational autoencoders.

    from textvae import TextVAE, train

The two names above are imported when they are first used: `import textvae` itself stays light,
so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textvae.run import Run
    from textvae.text_training import train
    from textvae.text_vae import TextVAE

__version__ = "0.1.0"
__all__ = ["Run", "TextVAE", "__version__", "train"]


_HOMES = {"Run": "textvae.run", "TextVAE": "textvae.text_vae", "train": "textvae.text_training"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'textvae' has no attribute {name!r}")
