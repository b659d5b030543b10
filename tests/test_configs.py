"""Every shipped config loads, survives a round trip, and builds its model."""

from pathlib import Path

import pytest
import torch

from textvae.config_file import dump_config, load_config
from textvae.models.build import build_text_vae

CONFIGS = sorted((Path(__file__).parent.parent / "configs").glob("*.yaml"))


def test_there_are_configs():
    assert {"quickstart", "plain", "ptb", "yelp", "hub"} <= {path.stem for path in CONFIGS}


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_config_loads_and_builds(path, tmp_path):
    config = load_config(path)
    written = tmp_path / "config.yaml"
    written.write_text(dump_config(config))
    assert load_config(written) == config
    with torch.device("meta"):
        model = build_text_vae(config.model, vocabulary=1000, max_length=config.data.max_length)
    assert sum(p.numel() for p in model.parameters()) > 0
