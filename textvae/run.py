"""The run folder: what a training leaves behind, and how commands find a model."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from textvae.config import Config
from textvae.config_file import dump_config, parse_config
from textvae.errors import TextVAEError

MODEL_FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "README.md"]

# keys that a resumed run may change: they say how long and how often, not what is trained
RESUMABLE = {
    "train.steps",
    "train.epochs",
    "train.device",
    "train.log_every",
    "train.validate_every",
    "train.checkpoint_every",
    "train.keep_checkpoints",
    "train.early_stopping",
}


@dataclass(frozen=True)
class Run:
    """A run folder: config.yaml, model/, checkpoints/, tensorboard/, metrics.jsonl, ..."""

    folder: Path

    @property
    def config_file(self) -> Path:
        """The resolved configuration: `textvae train` of this file repeats the run."""
        return self.folder / "config.yaml"

    @property
    def model_folder(self) -> Path:
        """The best model: all that `TextVAE.from_pretrained` needs."""
        return self.folder / "model"

    @property
    def tensorboard_folder(self) -> Path:
        """For `tensorboard --logdir`."""
        return self.folder / "tensorboard"

    @property
    def evaluation_file(self) -> Path:
        """What `textvae evaluate` measured."""
        return self.folder / "evaluation.json"

    @property
    def config(self) -> Config:
        """The configuration the run was started with."""
        return parse_config(yaml.safe_load(self.config_file.read_text(encoding="utf-8")))

    def metrics(self) -> list[dict[str, float]]:
        """Every logged point: `step`, and the scalars under their TensorBoard tags."""
        lines = (self.folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def evaluation(self) -> dict[str, Any]:
        """The figures of the last `evaluate`."""
        return json.loads(self.evaluation_file.read_text(encoding="utf-8"))

    def begin(self, config: Config, *, resume: bool) -> bool:
        """Claim the folder for `config`; true if it holds training that is to be continued.

        A folder in which nothing was trained yet, since its config or data were wrong, is claimed
        anew. Raises `TextVAEError` rather than touch a run that was not meant, or continue one
        with a config that trains something else.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise TextVAEError(f"{self.folder}: is a file; name a folder for the run")
        if not self.config_file.exists() and self.folder.exists() and any(self.folder.iterdir()):
            raise TextVAEError(
                f"{self.folder}: is not empty and holds no run; name another --output"
            )
        trained = self._holds_training()
        if trained and not resume:
            raise TextVAEError(
                f"{self.folder}: holds a run already; add --resume to continue it, or name another "
                "--output"
            )
        if trained:
            self._check_same(config)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_config(config)
        return trained

    def _holds_training(self) -> bool:
        checkpoints = (self.folder / "checkpoints").glob("step-*")
        return any(checkpoints) or (self.model_folder / "config.json").exists()

    def _check_same(self, config: Config) -> None:
        for key, before, now in _differences(self.config.model_dump(), config.model_dump()):
            if not any(key == name or key.startswith(f"{name}.") for name in RESUMABLE):
                raise TextVAEError(
                    f"{self.config_file}: `{key}` was {before!r} when the run began and is now "
                    f"{now!r}; resume with the same config, or start another run"
                )

    def _write_config(self, config: Config) -> None:
        writing = self.config_file.with_suffix(".yaml.writing")
        writing.write_text(dump_config(config), encoding="utf-8")
        os.replace(writing, self.config_file)


def model_folder(name: str | Path) -> Path:
    """The model folder of a run folder, a model folder or a hub id (which is downloaded).

    Raises `TextVAEError` if there is none.
    """
    path = Path(name)
    for folder in (path / "model", path):
        if (folder / "config.json").exists():
            return folder
    if path.exists():
        what = "the run has saved no model yet" if (path / "config.yaml").exists() else "no model"
        raise TextVAEError(f"{path}: {what} (neither config.json nor model/config.json is there)")
    from huggingface_hub import snapshot_download

    from textvae.data import hub

    if hub.looks_like_a_file(str(name)):
        raise TextVAEError(f"{name}: no such folder")
    hub.check_known(str(name), "model", str(name))
    try:
        return Path(snapshot_download(str(name), allow_patterns=MODEL_FILES))
    except Exception as error:  # the hub's HTTP client has changed its exceptions between releases
        raise TextVAEError(f"{name}: cannot be downloaded: {error}") from error


def _differences(
    before: dict[str, Any], now: dict[str, Any], prefix: str = ""
) -> list[tuple[str, Any, Any]]:
    """Keys whose values differ, with both values."""
    found = []
    for key in before.keys() | now.keys():
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(old, new, f"{prefix}{key}.")
        elif old != new:
            found.append((prefix + key, old, new))
    return sorted(found, key=lambda item: item[0])
