"""Averages between two log lines, kept on the device until they are read."""

import time
from dataclasses import dataclass, field
from typing import Any

import torch

from textvae.errors import TextVAEError
from textvae.training.learner import Sums


@dataclass
class Window:
    """The updates since the last log line.

    The loop never waits for the device: losses are checked for NaN and infinity when the window
    is read, and the first bad step is then named with the rows of its batch.
    """

    steps: list[tuple[int, list[Any], Sums]] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    def add(self, step: int, batches: list[Any], sums: Sums) -> None:
        """Take note of one update."""
        self.steps.append((step, batches, sums))

    def read(self, *, lr: float, kl_weight: float, relaxed: bool) -> dict[str, float]:
        """Means per example under their tags; the window starts anew.

        Raises `TextVAEError` if a loss or gradient was not finite.
        """
        values = torch.stack([sums.values for _, _, sums in self.steps])
        norms = torch.stack([sums.grad_norm for _, _, sums in self.steps])
        self._check_finite(values, norms, lr)
        examples = sum(sums.examples for _, _, sums in self.steps)
        tokens = sum(sums.tokens for _, _, sums in self.steps)
        loss, elbo, reconstruction, kl = (values.sum(0) / examples).tolist()
        seconds = time.perf_counter() - self.started
        norm = norms.mean().item()
        self.steps, self.started = [], time.perf_counter()
        return {
            "train/loss": loss,
            "train/elbo_relaxed" if relaxed else "train/elbo": elbo,
            "train/reconstruction": reconstruction,
            "train/kl": kl,
            "train/kl_weight": kl_weight,
            "train/learning_rate": lr,
            "train/grad_norm": norm,
            "train/tokens_per_second": tokens / seconds,
        }

    def restart_clock(self) -> None:
        """Leave the time that validation and saving took out of the next rate."""
        self.started = time.perf_counter()

    def _check_finite(self, values: torch.Tensor, norms: torch.Tensor, lr: float) -> None:
        bad = ~(values.isfinite().all(1) & norms.isfinite())
        if not bad.any():
            return
        first = int(bad.nonzero()[0, 0])
        step, batches, sums = self.steps[first]
        _, _, reconstruction, kl = sums.values.isfinite().tolist()
        if not kl:
            cause = "the KL overflowed: the posterior's variance exploded"
        elif not reconstruction:
            cause = "the likelihood overflowed: the decoder's logits exploded"
        else:
            cause = "the gradient overflowed"
        rows = [int(row) for batch in batches for row in batch.rows[:5]]
        raise TextVAEError(
            f"step {step}: the loss is not finite; {cause} (learning rate {lr:g}; the batch began "
            f"with training rows {', '.join(map(str, rows))}): lower train.lr or train.clip; "
            "the last checkpoint is from before this step"
        )
