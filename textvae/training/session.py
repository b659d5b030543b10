"""From a task and a config to the parts the loop drives, and the state they leave behind."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from accelerate import Accelerator
from torch.optim import Optimizer

from textvae.config import (
    AggressiveUpdateConfig,
    CategoricalLatentConfig,
    Config,
    TrainConfig,
)
from textvae.core.free_bits import FreeBits
from textvae.core.objectives import NegativeELBO
from textvae.core.terms import Draw
from textvae.errors import TextVAEError
from textvae.evaluation.posterior_pass import PosteriorPass
from textvae.models.vae import VAE
from textvae.schedules import Schedule, bound_to
from textvae.training.accelerator import build_accelerator
from textvae.training.controllers import Best, Controller, PlateauDecay
from textvae.training.learner import Learner
from textvae.training.optimizers import build_optimizer
from textvae.training.updates import AggressiveUpdate, JointUpdate, UpdateRule


class TrainBatches(Protocol):
    """An endless, resumable source of training batches."""

    @property
    def batches_per_epoch(self) -> int | None:
        """None if it cannot be known."""

    def __iter__(self) -> Iterator[Any]:
        """Itself."""

    def __next__(self) -> Any:
        """The next batch."""

    def state_dict(self) -> dict[str, Any]:
        """The position, as JSON-able values."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""


@dataclass(frozen=True)
class Task:
    """What a modality hands to the loop.

    `batches` and `inner_batches` (for aggressive inference) are independent passes over the
    training data; `validation` starts a new pass over the validation data at each call. `corrupt`
    puts noise on the input of a training batch. `show` writes examples for TensorBoard, lines by
    tag. `save_best` stores the model with its validation figures.
    """

    model: VAE
    batches: TrainBatches
    inner_batches: TrainBatches
    validation: Callable[[], Iterable[Any]]
    corrupt: Callable[[Any], Any]
    show: Callable[[VAE, PosteriorPass], dict[str, list[str]]]
    save_best: Callable[[VAE, int, dict[str, float]], None]


@dataclass
class Session:
    """Everything the loop drives. `model` is bare: without Accelerate's wrapper, in fp32."""

    task: Task
    accelerator: Accelerator
    model: VAE
    optimizer: Optimizer
    learner: Learner
    update: UpdateRule
    learning_rate: Schedule
    total: int
    validate_every: int
    checkpoint_every: int
    patience: float
    plateau: PlateauDecay | None
    best: Best = field(default_factory=Best)

    def _controllers(self) -> dict[str, Controller]:
        parts: dict[str, Controller] = {
            "batches": self.task.batches,
            "inner_batches": self.task.inner_batches,
            "update": self.update,
            "best": self.best,
        }
        return parts if self.plateau is None else parts | {"plateau": self.plateau}

    def state_dict(self) -> dict[str, Any]:
        """Positions and controllers, as JSON-able values."""
        return {name: part.state_dict() for name, part in self._controllers().items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        for name, part in self._controllers().items():
            part.load_state_dict(state[name])


def assemble(task: Task, config: Config) -> Session:
    """Build what a run needs; schedules of open length are closed at its number of steps."""
    settings = config.train
    total, validate_every = _lengths(settings, task.batches.batches_per_epoch)
    accelerator = build_accelerator(device=settings.device, precision=settings.precision)
    model, optimizer = accelerator.prepare(
        task.model, build_optimizer(settings.optimizer, task.model)
    )
    bare = accelerator.unwrap_model(model, keep_fp32_wrapper=False)
    free_bits = config.objective.free_bits
    learner = Learner(
        model=model,
        objective=NegativeELBO(
            kl_weight=bound_to(config.objective.kl_weight, total),
            free_bits=None if free_bits is None else FreeBits(free_bits.nats, free_bits.scope),
        ),
        optimizer=optimizer,
        accelerator=accelerator,
        draw=_draw(config, total),
        corrupt=task.corrupt,
        clip=settings.clip,
    )
    stopping = settings.early_stopping
    plateau = settings.plateau
    return Session(
        task=task,
        accelerator=accelerator,
        model=bare,
        optimizer=optimizer,
        learner=learner,
        update=_update_rule(config, learner, bare, task.inner_batches),
        learning_rate=bound_to(settings.lr, total),
        total=total,
        validate_every=validate_every,
        checkpoint_every=settings.checkpoint_every or validate_every,
        patience=math.inf if stopping is None else stopping.patience,
        plateau=None if plateau is None else PlateauDecay(plateau.factor, plateau.patience),
    )


def _lengths(settings: TrainConfig, batches_per_epoch: int | None) -> tuple[int, int]:
    """Steps of the run and between validations."""
    if batches_per_epoch is None:
        if settings.steps is None:
            raise TextVAEError("train.epochs: a stream has no known length; give train.steps")
        if settings.validate_every is None:
            raise TextVAEError("train.validate_every: give it in steps when data.streaming is on")
        return settings.steps, settings.validate_every
    epoch = max(1, batches_per_epoch // settings.accumulate)
    total = settings.steps
    if total is None:
        assert settings.epochs is not None
        total = max(1, math.ceil(settings.epochs * epoch))
    return total, settings.validate_every or epoch


def _draw(config: Config, total: int) -> Callable[[int], Draw]:
    """How latents are drawn while training, by step."""
    latent = config.model.latent
    if not isinstance(latent, CategoricalLatentConfig):
        return lambda step: Draw()
    temperature = bound_to(latent.temperature, total)
    hard = latent.estimator == "straight_through"
    return lambda step: Draw(temperature=temperature(step), hard=hard)


def _update_rule(
    config: Config, learner: Learner, model: VAE, inner_batches: TrainBatches
) -> UpdateRule:
    settings = config.train.update
    if isinstance(settings, AggressiveUpdateConfig):
        return AggressiveUpdate(
            learner=learner,
            inner_batches=inner_batches,
            inference=list(model.inference_parameters()),
            generative=list(model.generative_parameters()),
            max_inner_steps=settings.max_inner_steps,
            check_every=settings.check_every,
        )
    return JointUpdate(learner)
