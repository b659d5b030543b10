"""Where the progress of a training goes: the command line hands in a reporter that draws it."""

import logging
from typing import Protocol

_log = logging.getLogger("textvae")


class Reporter(Protocol):
    """What a long computation tells its user."""

    def say(self, line: str) -> None:
        """One line of information."""

    def start(self, total: int, done: int, what: str) -> None:
        """A computation of `total` steps begins, of which `done` lie behind."""

    def advance(self, done: int, status: str) -> None:
        """`done` steps lie behind; `status` are the newest figures."""

    def stop(self) -> None:
        """The computation has ended, one way or another."""


class LoggingReporter:
    """Lines go to the `textvae` logger, progress nowhere: the default when called from Python."""

    def say(self, line: str) -> None:
        """One line of information."""
        _log.info(line)

    def start(self, total: int, done: int, what: str) -> None:
        """Nothing to draw."""

    def advance(self, done: int, status: str) -> None:
        """Nothing to draw."""

    def stop(self) -> None:
        """Nothing to draw."""
