"""Schedules: pure functions of the step, as values that a config can hold.

A schedule has no state, so a resumed run needs none. What reacts to validation (a plateau, early
stopping, the end of aggressive inference) is a controller, and lives in `textvae.training`.

Steps count parameter updates from 0. A length that is left out (`None`) stands for the whole
training; `bound_to(schedule, total)` fills it in before the first step.
"""

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeVar


def _check(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True)
class Constant:
    """The same value at every step."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    value: float
    kind: Literal["constant"] = "constant"

    def __call__(self, step: int) -> float:
        """Value at `step`."""
        return self.value


@dataclass(frozen=True)
class Linear:
    """From `start` to `end` in a straight line over `steps`, after `delay` steps at `start`.

    As KL weight, the annealing of Bowman et al. 2016.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    start: float = 0.0
    end: float = 1.0
    steps: int | None = None
    delay: int = 0
    kind: Literal["linear"] = "linear"

    def __post_init__(self) -> None:
        _check(self.steps is None or self.steps > 0, "steps must be positive")
        _check(self.delay >= 0, "delay must not be negative")

    def __call__(self, step: int) -> float:
        """Value at `step`."""
        return self.start + (self.end - self.start) * _progress(step - self.delay, self.steps)


@dataclass(frozen=True)
class Logistic:
    """A logistic curve that is halfway between `start` and `end` at step `midpoint`.

    `start + (end - start) / (1 + exp(-steepness (step - midpoint)))`: the sigmoid annealing of
    Bowman et al. 2016.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    midpoint: int
    steepness: float = 0.0025
    start: float = 0.0
    end: float = 1.0
    kind: Literal["logistic"] = "logistic"

    def __post_init__(self) -> None:
        _check(self.steepness > 0, "steepness must be positive")

    def __call__(self, step: int) -> float:
        """Value at `step`."""
        # tanh saturates where exp would overflow
        share = 0.5 * (1.0 + math.tanh(0.5 * self.steepness * (step - self.midpoint)))
        return self.start + (self.end - self.start) * share


@dataclass(frozen=True)
class Cyclical:
    """Fu et al. 2019: every `period` steps, rise linearly from `start` to `end`, then stay there.

    The rise takes the share `rise` of a cycle. After `cycles` cycles (if given) it stays at `end`.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    period: int
    rise: float = 0.5
    start: float = 0.0
    end: float = 1.0
    cycles: int | None = None
    kind: Literal["cyclical"] = "cyclical"

    def __post_init__(self) -> None:
        _check(self.period > 0, "period must be positive")
        _check(0 < self.rise <= 1, "rise must be a share of the cycle, above 0 and at most 1")
        _check(self.cycles is None or self.cycles > 0, "cycles must be positive")

    def __call__(self, step: int) -> float:
        """Value at `step`."""
        if self.cycles is not None and step >= self.cycles * self.period:
            return self.end
        phase = (step % self.period) / self.period
        return self.start + (self.end - self.start) * min(1.0, phase / self.rise)


@dataclass(frozen=True)
class Exponential:
    """`start * (end / start)^(step / steps)`, then `end`: for a Gumbel-softmax temperature."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    start: float = 1.0
    end: float = 0.5
    steps: int | None = None
    kind: Literal["exponential"] = "exponential"

    def __post_init__(self) -> None:
        _check(self.start > 0 and self.end > 0, "start and end must be positive")
        _check(self.steps is None or self.steps > 0, "steps must be positive")

    def __call__(self, step: int) -> float:
        """Value at `step`."""
        return self.start * (self.end / self.start) ** _progress(step, self.steps)


@dataclass(frozen=True)
class Warmup:
    """Linear warm-up to `peak` over `warmup` steps, then decay to `floor * peak` at `steps`.

    `decay` is the shape of the second part: along a half cosine (Loshchilov and Hutter 2017), a
    straight line, or none.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    peak: float
    warmup: int = 0
    decay: Literal["cosine", "linear", "none"] = "cosine"
    floor: float = 0.0
    steps: int | None = None
    kind: Literal["warmup"] = "warmup"

    def __post_init__(self) -> None:
        _check(self.warmup >= 0, "warmup must not be negative")
        _check(0 <= self.floor <= 1, "floor is a share of the peak, between 0 and 1")
        _check(self.steps is None or self.steps > self.warmup, "steps must exceed warmup")

    def __call__(self, step: int) -> float:
        """Value at `step`."""
        if step < self.warmup:
            return self.peak * (step + 1) / self.warmup
        if self.decay == "none":
            return self.peak
        length = None if self.steps is None else self.steps - self.warmup
        progress = _progress(step - self.warmup, length)
        remaining = (
            1 - progress if self.decay == "linear" else (1 + math.cos(math.pi * progress)) / 2
        )
        return self.peak * (self.floor + (1 - self.floor) * remaining)


Schedule = Constant | Linear | Logistic | Cyclical | Exponential | Warmup

S = TypeVar("S", bound=Schedule)


def bound_to(schedule: S, total: int) -> S:
    """`schedule` with an open length closed at `total` training steps."""
    if isinstance(schedule, Linear | Exponential | Warmup) and schedule.steps is None:
        used = schedule.delay if isinstance(schedule, Linear) else 0
        length = total - used
        if isinstance(schedule, Warmup):
            length = max(length, schedule.warmup + 1)
        return replace(schedule, steps=max(1, length))
    return schedule


def _progress(step: int, steps: int | None) -> float:
    """Share of `steps` that lies behind, between 0 and 1."""
    if steps is None:
        raise ValueError("this schedule has no length yet: give `steps`, or bind it to a training")
    return min(1.0, max(0.0, step / steps))
