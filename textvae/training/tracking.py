"""Curves: every scalar goes to TensorBoard and, under the same name, to metrics.jsonl."""

import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.utils.tensorboard import SummaryWriter


class Tracker:
    """Writes `tensorboard/` and `metrics.jsonl` of a run folder.

    Continuing a run at `resumed_step` drops what an interrupted run wrote after that step, so
    that no step appears twice.
    """

    def __init__(self, folder: Path, *, resumed_step: int = 0) -> None:
        self._metrics = folder / "metrics.jsonl"
        _keep_until(self._metrics, resumed_step)
        self._writer = SummaryWriter(folder / "tensorboard", purge_step=resumed_step + 1)

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """One point of several curves; names are tags such as `train/kl`."""
        for tag, value in values.items():
            self._writer.add_scalar(tag, value, step)
        with self._metrics.open("a") as file:
            file.write(json.dumps({"step": step, **values}) + "\n")

    def histogram(self, step: int, tag: str, values: Tensor) -> None:
        """A distribution."""
        self._writer.add_histogram(tag, values, step)

    def text(self, step: int, tag: str, lines: list[str]) -> None:
        """Sentences, one a line, as preformatted text."""
        self._writer.add_text(tag, "\n".join(f"    {line}" for line in lines), step)

    def close(self) -> None:
        """Flush everything to disk."""
        self._writer.close()


def _keep_until(path: Path, step: int) -> None:
    """Drop the lines of a metrics file after `step`, and a last line that was cut short."""
    if not path.exists():
        return
    kept = []
    for line in path.read_text().splitlines():
        try:
            if json.loads(line)["step"] <= step:
                kept.append(line)
        except ValueError:
            continue
    rewritten = path.with_suffix(".tmp")
    rewritten.write_text("".join(f"{line}\n" for line in kept))
    os.replace(rewritten, path)
