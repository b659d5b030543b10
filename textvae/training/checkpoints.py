"""Checkpoints: everything a run needs to continue bit for bit.

A checkpoint is a folder of safetensors and JSON files; nothing in it is pickled. It is written
under a temporary name, flushed to disk, and renamed: under its final name it is whole. Should one
be damaged later all the same, the next older one is taken.
"""

import hashlib
import json
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from textvae.errors import TextVAEError

_PREFIX = "step-"
_WRITING = ".writing-"


@dataclass(frozen=True)
class Checkpoints:
    """The `checkpoints/` folder of a run; the newest `keep` checkpoints stay."""

    folder: Path
    keep: int = 2

    def save(
        self, step: int, *, model: nn.Module, optimizer: Optimizer, state: dict[str, Any]
    ) -> Path:
        """Write a checkpoint. `state` is JSON-able: positions, controllers, counts."""
        final = self.folder / f"{_PREFIX}{step:09d}"
        if final.exists():
            return final
        self.folder.mkdir(parents=True, exist_ok=True)
        writing = self.folder / f"{_WRITING}{step:09d}"
        shutil.rmtree(writing, ignore_errors=True)
        writing.mkdir()
        optimizer_tensors, optimizer_groups = _pack_optimizer(optimizer)
        tensors = {
            "model": {name: p.detach().contiguous() for name, p in _unique_state(model).items()},
            "optimizer": optimizer_tensors,
            "generators": _torch_generators(),
        }
        for name, content in tensors.items():
            save_file(content, writing / f"{name}.safetensors")
        document = {
            "step": step,
            "state": state,
            "optimizer_groups": optimizer_groups,
            "python_generator": random.getstate(),
            "numpy_generator": _numpy_generator(),
            "sha256": {
                f"{name}.safetensors": _digest(writing / f"{name}.safetensors") for name in tensors
            },
        }
        (writing / "state.json").write_text(json.dumps(document))
        for file in writing.iterdir():
            _flush(file)
        os.rename(writing, final)
        _flush(self.folder)
        for old in self._complete()[: -self.keep]:
            shutil.rmtree(old)
        return final

    def load_newest(
        self, *, model: nn.Module, optimizer: Optimizer
    ) -> tuple[int, dict[str, Any], list[str]] | None:
        """Restore the newest valid checkpoint: weights, optimiser and generators in place.

        Returns its step, its `state`, and a line for every damaged checkpoint that was passed
        over; None if there is no checkpoint at all. Raises `TextVAEError` if all are damaged.
        """
        for leftover in self.folder.glob(f"{_WRITING}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        damaged = []
        for path in reversed(self._complete()):
            try:
                document, tensors = _read(path)
            except (OSError, ValueError, KeyError) as error:
                damaged.append(f"{path}: damaged checkpoint passed over ({error})")
                os.rename(path, self.folder / f"damaged-{path.name}")  # its name is needed again
                continue
            _restore(model, optimizer, document, tensors)
            return document["step"], document["state"], damaged
        if damaged:
            raise TextVAEError(f"{self.folder}: every checkpoint is damaged; start a new run")
        return None

    def _complete(self) -> list[Path]:
        return sorted(self.folder.glob(f"{_PREFIX}*"))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Tensor]]]:
    document = json.loads((path / "state.json").read_text())
    for name, digest in document["sha256"].items():
        if _digest(path / name) != digest:
            raise ValueError(f"{name} has changed since it was written")
    names = ("model", "optimizer", "generators")
    return document, {name: load_file(path / f"{name}.safetensors") for name in names}


def _restore(
    model: nn.Module,
    optimizer: Optimizer,
    document: dict[str, Any],
    tensors: dict[str, dict[str, Tensor]],
) -> None:
    targets = _unique_state(model)
    if targets.keys() != tensors["model"].keys():
        raise TextVAEError("the checkpoint holds another model; was the code or config changed?")
    with torch.no_grad():
        for name, value in tensors["model"].items():
            targets[name].copy_(value)
    _unpack_optimizer(optimizer, tensors["optimizer"], document["optimizer_groups"])
    python = document["python_generator"]
    random.setstate((python[0], tuple(python[1]), python[2]))
    kind, key, *rest = document["numpy_generator"]
    np.random.set_state((kind, np.array(key, dtype=np.uint32), *rest))  # noqa: NPY002
    for name, generator_state in tensors["generators"].items():
        if name == "cpu":
            torch.set_rng_state(generator_state)
        elif torch.cuda.is_available():
            torch.cuda.set_rng_state(generator_state, int(name.removeprefix("cuda:")))


def _unique_state(model: nn.Module) -> dict[str, Tensor]:
    """The state of a model, tied tensors once."""
    seen: set[int] = set()
    unique = {}
    for name, tensor in model.state_dict().items():
        if tensor.data_ptr() not in seen:
            seen.add(tensor.data_ptr())
            unique[name] = tensor
    return unique


def _pack_optimizer(optimizer: Optimizer) -> tuple[dict[str, Tensor], list[dict[str, Any]]]:
    """Optimiser state as flat tensors `index.name`, and its groups without tensors."""
    packed = optimizer.state_dict()
    tensors = {
        f"{index}.{name}": value
        for index, values in packed["state"].items()
        for name, value in values.items()
        if value is not None  # SGD without momentum keeps a None
    }
    return tensors, packed["param_groups"]


def _unpack_optimizer(
    optimizer: Optimizer, tensors: dict[str, Tensor], groups: list[dict[str, Any]]
) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _torch_generators() -> dict[str, Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states |= {f"cuda:{i}": s for i, s in enumerate(torch.cuda.get_rng_state_all())}
    return states


def _numpy_generator() -> list[Any]:
    kind, key, *rest = np.random.get_state()  # noqa: NPY002 - the legacy one libraries may use
    return [kind, np.asarray(key).tolist(), *rest]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Ask the operating system to put a file or folder on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
