"""What update rules share: a batch to a loss, a gradient and a step of the optimiser."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim import Optimizer

from textvae.core.objectives import Loss, NegativeELBO
from textvae.core.terms import Draw


class Sums(NamedTuple):
    """Sums over the examples of an update, on the device, and what they were summed over."""

    values: Tensor  # float64: loss, elbo, reconstruction, kl
    grad_norm: Tensor
    examples: int
    tokens: int


@dataclass(frozen=True)
class Learner:
    """Model, objective and optimiser, with the operations every update rule is made of."""

    model: nn.Module
    objective: NegativeELBO
    optimizer: Optimizer
    accelerator: Accelerator
    draw: Callable[[int], Draw]
    corrupt: Callable[[Any], Any]
    clip: float | None

    def loss(self, batch: Any, step: int) -> Loss:
        """Loss of one batch, its input corrupted as training asks."""
        batch = self.corrupt(batch.to(self.accelerator.device))
        # always through __call__, or a wrapped model would not synchronise its gradients
        return self.objective(self.model(batch, self.draw(step)), step)

    def accumulate(self, batches: Sequence[Any], step: int) -> Sums:
        """Gradient of the mean loss over all examples of `batches`, added to what is there."""
        examples = sum(batch.num_examples for batch in batches)
        total = torch.zeros(4, dtype=torch.float64, device=self.accelerator.device)
        for batch in batches:
            loss = self.loss(batch, step)
            self.accelerator.backward(loss.loss.sum() / examples)
            parts = (loss.loss.detach(), loss.elbo, loss.reconstruction, loss.kl)
            total += torch.stack([part.sum() for part in parts])
        return Sums(
            total, total.new_zeros(()), examples, sum(batch.num_tokens for batch in batches)
        )

    def descend(self) -> Tensor:
        """Clip the gradient, step, clear the gradient; returns its norm before clipping.

        Parameters without a gradient (frozen ones) are left alone, and so is their optimiser
        state.
        """
        parameters = [p for p in self.model.parameters() if p.grad is not None]
        limit = math.inf if self.clip is None else self.clip
        norm = self.accelerator.clip_grad_norm_(parameters, limit)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return norm.detach().double()


@contextmanager
def frozen(parameters: Sequence[nn.Parameter]) -> Iterator[None]:
    """Inside, `parameters` need no gradient: none is computed for them."""
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.requires_grad_(True)
