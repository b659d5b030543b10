"""What the command line draws: a progress bar, and tables. Talk goes to standard error."""

from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

talk = Console(stderr=True, highlight=False, soft_wrap=True)


class TerminalReporter:
    """A progress bar with rate and time left, and lines above it."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task = TaskID(0)

    def say(self, line: str) -> None:
        """One line of information."""
        talk.print(line, markup=False)

    def start(self, total: int, done: int, what: str) -> None:
        """Draw the bar."""
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[status]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=talk,
            transient=True,
        )
        self._progress.start()
        self._task = self._progress.add_task(what, total=total, completed=done, status="")

    def advance(self, done: int, status: str) -> None:
        """Move the bar."""
        if self._progress is not None:
            self._progress.update(self._task, completed=done, status=status)

    def stop(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def print_table(table: Table) -> None:
    """A result, so it goes to standard output."""
    Console().print(table)


def evaluation_table(figures: dict[str, Any]) -> Table:
    """The figures of evaluation.json for a reader."""
    samples, n = figures["num_samples"], figures["num_sentences"]
    judged = figures.get("grammatical_rate_samples")
    rows = [
        ("IW-NLL", "iw_nll", f"nats/sentence, {samples} draws"),
        ("perplexity", "perplexity", "per token, end token counted"),
        ("ELBO", "elbo", "nats/sentence"),
        ("reconstruction", "reconstruction", "nats/sentence"),
        ("KL", "kl", "nats/sentence"),
        (
            "mutual information",
            "mutual_information",
            f"nats, at most ln {n} = {figures['mutual_information_ceiling']:.2f}",
        ),
        ("active units", "active_units", f"of {len(figures['kl_per_unit'])}"),
        ("shuffled-z gap", "shuffled_z_gap", "nats lost with another sentence's z"),
        ("entropy of the corpus", "entropy", "nats/sentence, the truth"),
        ("gap to entropy", "gap_to_entropy", "nats/sentence"),
        (
            "grammatical",
            "grammatical_rate",
            f"of {judged} samples",
        ),
    ]
    table = Table(title=f"{n:,} sentences of {figures['split']}", title_justify="left")
    for column in ("figure", "value", "± s.e.", "of what"):
        table.add_column(column, justify="right" if column in ("value", "± s.e.") else "left")
    for label, key, note in rows:
        if key in figures:
            stderr = figures.get(f"{key}_stderr")
            table.add_row(
                label, _number(figures[key]), "" if stderr is None else _number(stderr), note
            )
    for factor, share in figures.get("factors", {}).get("accuracy", {}).items():
        majority = figures["factors"]["majority"][factor]
        table.add_row(
            f"{factor} kept", f"{share:.3f}", "", f"reconstructions; majority {majority:.3f}"
        )
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
