"""No network, caches that last as long as a test, and shapes and types that are checked."""

import datasets
import pytest
from huggingface_hub import constants
from jaxtyping import install_import_hook

install_import_hook(
    [
        f"textvae.data.{name}"
        for name in ("batch", "batches", "encoded", "streaming", "corruptions")
    ],
    "beartype.beartype",
)


@pytest.fixture(autouse=True)
def _offline_and_clean(tmp_path_factory, monkeypatch):
    monkeypatch.setattr(
        datasets.config, "HF_DATASETS_CACHE", str(tmp_path_factory.mktemp("datasets-cache"))
    )
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
