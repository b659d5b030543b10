"""Update rules: what one training step does to the parameters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from textvae.training.learner import Learner, Sums, frozen


class UpdateRule(Protocol):
    """One training step, and what it needs to remember between steps."""

    def __call__(self, batches: Sequence[Any], step: int) -> Sums:
        """Update the parameters once from `batches`."""

    def after_validation(self, mutual_information: float) -> str | None:
        """Take note of a validation; a sentence for the user if something changed."""

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs, as JSON-able values."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""


@dataclass
class JointUpdate:
    """Encoder and decoder together: stochastic gradient descent on the objective."""

    learner: Learner

    def __call__(self, batches: Sequence[Any], step: int) -> Sums:
        """Update all parameters once."""
        sums = self.learner.accumulate(batches, step)
        return sums._replace(grad_norm=self.learner.descend())

    def after_validation(self, mutual_information: float) -> str | None:
        """Nothing depends on validation."""
        return None

    def state_dict(self) -> dict[str, Any]:
        """Nothing to remember."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to restore."""


@dataclass
class AggressiveUpdate:
    """Aggressive training of the inference network (He et al. 2019, Algorithm 1).

    Each step first trains the inference network alone, on batches of its own, until the mean loss
    per token over `check_every` inner steps stops falling or `max_inner_steps` are done; then the
    generative model makes one step on the step's batches, with the inference network fixed. Once
    mutual information on validation has fallen from one validation to the next, training goes on
    with joint updates for good.

    Deviations from the authors' code: inner batches come from shuffled epochs of their own and not
    by random choice with replacement; the gradient norm that is clipped is that of the parameters
    being updated (theirs includes the gradients of the part that stays); the test of mutual
    information follows the validations of the run, which are epochs only if `validate_every` says
    so, and uses the aggregate posterior of the whole validation set, not of a batch.
    """

    learner: Learner
    inner_batches: Iterator[Any]
    inference: Sequence[nn.Parameter]
    generative: Sequence[nn.Parameter]
    max_inner_steps: int
    check_every: int
    active: bool = True
    previous_information: float = field(default=float("-inf"))

    def __call__(self, batches: Sequence[Any], step: int) -> Sums:
        """Inner loop and one generative step while active, a joint step afterwards."""
        if not self.active:
            return JointUpdate(self.learner)(batches, step)
        with frozen(self.generative):
            self._train_inference(batches, step)
        with frozen(self.inference):
            sums = self.learner.accumulate(batches, step)
            return sums._replace(grad_norm=self.learner.descend())

    def _train_inference(self, batches: Sequence[Any], step: int) -> None:
        previous = float("inf")
        loss: Tensor | float = 0.0
        tokens = 0
        for inner_step in range(1, self.max_inner_steps + 1):
            # the first inner step sees the batches of the outer one, as in the authors' code
            inner = batches if inner_step == 1 else [next(self.inner_batches)]
            sums = self.learner.accumulate(inner, step)
            self.learner.descend()
            loss, tokens = loss + sums.values[0], tokens + sums.tokens
            if inner_step % self.check_every == 0:
                mean_here = torch.as_tensor(loss / tokens)
                mean = self.learner.accelerator.reduce(mean_here, reduction="mean").item()
                if mean > previous:
                    return
                previous, loss, tokens = mean, 0.0, 0

    def after_validation(self, mutual_information: float) -> str | None:
        """End the aggressive phase when mutual information has fallen."""
        if not self.active:
            return None
        fell = mutual_information < self.previous_information
        before, self.previous_information = self.previous_information, mutual_information
        if not fell:
            return None
        self.active = False
        return (
            f"aggressive inference ends: mutual information fell from {before:.3f} "
            f"to {mutual_information:.3f} nats"
        )

    def state_dict(self) -> dict[str, Any]:
        """Whether the aggressive phase lasts, and the last mutual information."""
        return {"active": self.active, "previous_information": self.previous_information}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.active = state["active"]
        self.previous_information = state["previous_information"]
