"""Ctrl-C and SIGTERM ask the loop to save and leave; they do not tear it down."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class TrainingInterrupted(Exception):
    """The run was asked to stop, has saved a checkpoint, and can be resumed."""

    def __init__(self, step: int, signal_number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(signal_number).name} after step {step}")
        self.step = step
        self.signal_number = signal_number


@dataclass
class StopRequest:
    """The signal that asked the loop to stop, if one has."""

    signal_number: int | None = None


@contextmanager
def stop_signals() -> Iterator[StopRequest]:
    """Inside, the first SIGINT or SIGTERM is only noted; a second one has its usual effect.

    Outside the main thread signals cannot be caught: the request then stays empty.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, frame: FrameType | None) -> None:
        request.signal_number = number
        restore()

    for number in before:
        signal.signal(number, note)
    try:
        yield request
    finally:
        restore()
