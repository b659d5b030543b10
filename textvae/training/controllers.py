"""Controllers: decisions that validation feeds. Unlike a schedule, each has a state to save."""

from dataclasses import dataclass, field
from typing import Any, Protocol


class Controller(Protocol):
    """State that a checkpoint keeps, as JSON-able values."""

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""


@dataclass
class Best:
    """Counts the validations since the bound was last better than ever (higher is better)."""

    value: float = field(default=float("-inf"))
    waited: int = 0

    def is_better(self, value: float) -> bool:
        """Take note of a validation; true if it is the best so far."""
        if value > self.value:
            self.value, self.waited = value, 0
            return True
        self.waited += 1
        return False

    def state_dict(self) -> dict[str, Any]:
        """Best value and validations waited."""
        return {"value": self.value, "waited": self.waited}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.value, self.waited = state["value"], state["waited"]


@dataclass
class PlateauDecay:
    """Multiplies the learning rate by `factor` whenever `patience` validations bring no gain."""

    factor: float
    patience: int
    scale: float = 1.0
    best: Best = field(default_factory=Best)

    def after_validation(self, elbo: float) -> bool:
        """Take note of a validation; true if the learning rate was cut."""
        if self.best.is_better(elbo) or self.best.waited < self.patience:
            return False
        self.scale *= self.factor
        self.best.waited = 0
        return True

    def state_dict(self) -> dict[str, Any]:
        """The scale reached, and the best validation."""
        return {"scale": self.scale, "best": self.best.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.scale = state["scale"]
        self.best.load_state_dict(state["best"])
