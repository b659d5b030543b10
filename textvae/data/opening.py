"""Open what the data section of a config names, and turn the libraries' errors into one line."""

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import datasets
from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

from textvae.config import DataConfig
from textvae.data import hub
from textvae.errors import TextVAEError

AnyDataset: TypeAlias = Dataset | IterableDataset
Source: TypeAlias = AnyDataset | DatasetDict | IterableDatasetDict | Sequence[str]

_BUILDERS = {"text", "json", "csv", "parquet", "arrow", "pandas", "sql", "xml"}


def open_source(config: DataConfig, source: Source | None = None) -> dict[str, AnyDataset]:
    """The splits by name. `source`, if given, is used instead of what `config` names.

    A lone dataset and a list of strings are a split called 'train'.
    """
    if source is not None:
        return _from_object(config, source)
    if config.from_disk is not None:
        return _from_disk(config.from_disk)
    if config.path is None:
        raise TextVAEError(
            "data: nothing to read: set `data.path` (with `data.data_files` for text, json, csv or "
            "parquet files) or `data.from_disk`, or hand over a dataset"
        )
    return _from_path(config, config.path)


@contextmanager
def without_progress_bars() -> Iterator[None]:
    """Keep `datasets` off the terminal, which belongs to the command line alone."""
    were_off = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if not were_off:
            datasets.enable_progress_bars()


def _named(opened: Any) -> dict[str, AnyDataset]:
    if isinstance(opened, Mapping):
        return {str(name): split for name, split in opened.items()}
    return {"train": opened}


def _from_object(config: DataConfig, source: Source) -> dict[str, AnyDataset]:
    if isinstance(source, Dataset | IterableDataset | DatasetDict | IterableDatasetDict):
        return _named(source)
    if isinstance(source, str) or not isinstance(source, Sequence):
        raise TextVAEError(
            f"data: cannot read sentences from a {type(source).__name__}: hand over a list of "
            "strings, a datasets.Dataset or a DatasetDict"
        )
    for row, text in enumerate(source):
        if not isinstance(text, str):
            raise TextVAEError(
                f"data: item {row} of the list is a {type(text).__name__}, not a string"
            )
    if not source:
        raise TextVAEError("data: the list of sentences is empty")
    return {"train": Dataset.from_dict({config.text: list(source)})}


def _from_disk(folder: str) -> dict[str, AnyDataset]:
    if not Path(folder).is_dir():
        raise TextVAEError(f"data.from_disk: there is no folder '{Path(folder).absolute()}'")
    try:
        return _named(datasets.load_from_disk(folder))
    except (OSError, ValueError) as error:
        raise TextVAEError(
            f"data.from_disk: '{folder}' was not written by Dataset.save_to_disk: {_line(error)}"
        ) from error


def _from_path(config: DataConfig, path: str) -> dict[str, AnyDataset]:
    files = _local_files(config)
    if path in _BUILDERS and not Path(path).is_dir():
        if config.data_files is None:
            # without files the builder would read whatever lies in the working directory
            raise TextVAEError(f"data.data_files: say which files `path: {path}` should read")
    elif not Path(path).exists():
        if hub.looks_like_a_file(path):
            raise TextVAEError(f"data.path: there is no file or folder '{Path(path).absolute()}'")
        hub.check_known(path, "dataset", "data.path")
    elif Path(path).is_file():
        builder = {".txt": "text", ".jsonl": "json"}.get(Path(path).suffix, Path(path).suffix[1:])
        raise TextVAEError(
            f"data.path: '{path}' is a file: write `path: {builder or 'text'}` and "
            f"`data_files: {path}`"
        )
    try:
        with without_progress_bars():
            opened = datasets.load_dataset(
                path,
                config.name,
                revision=config.revision,
                data_files=config.data_files,
                streaming=config.streaming,
            )
    except Exception as error:
        raise _explained(error, path, files) from error
    return _named(opened)


def _local_files(config: DataConfig) -> list[str]:
    """The files that `data_files` names on this machine; raises if one of them is missing."""
    patterns = config.data_files
    if patterns is None:
        return []
    groups = list(patterns.values()) if isinstance(patterns, dict) else [patterns]
    flat = [p for group in groups for p in ([group] if isinstance(group, str) else group)]
    if config.path not in _BUILDERS:
        return []  # relative to a hub repository or a folder, which `datasets` resolves
    found: list[str] = []
    for pattern in flat:
        if "://" in pattern:
            continue
        matches = sorted(glob.glob(pattern, recursive=True))
        if not matches:
            raise TextVAEError(f"data.data_files: there is no file '{Path(pattern).absolute()}'")
        found += matches
    return found


def _explained(error: Exception, path: str, files: Sequence[str]) -> TextVAEError:
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    if isinstance(cause, UnicodeDecodeError):
        return TextVAEError(f"data.data_files: {_where_not_utf8(files) or _line(cause)}")
    if type(cause).__name__ == "SchemaInferenceError":
        names = ", ".join(f"'{name}'" for name in files) or f"'{path}'"
        return TextVAEError(f"data: there are no rows in {names}")
    if isinstance(error, ValueError) and "Config name" in str(error):
        return TextVAEError(f"data.name: {_line(error)}")
    return TextVAEError(f"data: cannot read '{path}': {type(cause).__name__}: {_line(cause)}")


def _where_not_utf8(files: Sequence[str]) -> str | None:
    for name in files:
        try:
            with open(name, "rb") as file:
                offset = 0
                for number, line in enumerate(file, start=1):
                    try:
                        line.decode()
                    except UnicodeDecodeError as error:
                        return (
                            f"'{name}' is not UTF-8: byte {line[error.start]:#04x} at offset "
                            f"{offset + error.start}, line {number}: convert the file "
                            "(`iconv -t utf-8`) or mend the line"
                        )
                    offset += len(line)
        except OSError:
            continue
    return None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
