"""Shapes written in signatures are checked while the tests run."""

from jaxtyping import install_import_hook

install_import_hook(
    ["textvae.core", "textvae.nn", "textvae.models", "textvae.evaluation"], "beartype.beartype"
)
