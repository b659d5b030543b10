"""From the data section of a config, or a Python object, to the splits of a training run."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from datasets import Dataset, IterableDataset, ReadInstruction, Value, concatenate_datasets

from textvae.config import DataConfig
from textvae.data.opening import AnyDataset, Source, open_source
from textvae.errors import TextVAEError

_STRINGS = {"string", "large_string", "string_view"}
_CARVING_SEED = 20_160_501  # the carved rows depend on the data alone, never on a run's seed


@dataclass(frozen=True)
class Splits:
    """One string column each; `carved` says how many validation rows were taken off train."""

    train: AnyDataset
    validation: AnyDataset | None
    test: AnyDataset | None
    carved: int = 0


def load_splits(config: DataConfig, dataset: Source | None = None) -> Splits:
    """Train, validation and test as `config` names them, from `dataset` if one is handed over.

    Without a `validation` split, `validation_size` is carved off train: a fixed random choice of
    rows, or of a stream its first rows. Raises `TextVAEError` for everything a user can mend.
    """
    source = open_source(config, dataset)
    train, validation, carved = _train_and_validation(config, source)
    test = None
    if config.test is not None or "test" in source:
        test = _checked(_resolve(source, config.test or "test", "test"), config, "test")
    return Splits(train=train, validation=validation, test=test, carved=carved)


def load_split(config: DataConfig, name: str, dataset: Source | None = None) -> AnyDataset:
    """One split: a role ('train', 'validation', 'test') as in `load_splits`, or any expression.

    An expression is a split of the dataset, sliced or not: 'extra', 'train[:100]'.
    """
    source = open_source(config, dataset)
    if name in ("train", "validation"):
        train, validation, _ = _train_and_validation(config, source)
        return train if name == "train" else validation
    expression = (config.test or "test") if name == "test" else name
    return _checked(_resolve(source, expression, name), config, name)


def _train_and_validation(
    config: DataConfig, source: Mapping[str, AnyDataset]
) -> tuple[AnyDataset, AnyDataset, int]:
    train = _checked(_resolve(source, config.train, "train"), config, "train")
    expression = config.validation or ("validation" if "validation" in source else None)
    if expression is not None:
        held_out = _resolve(source, expression, "validation")
        return train, _checked(held_out, config, "validation"), 0
    return _carve(train, config.validation_size)


def _carve(train: AnyDataset, size: float) -> tuple[AnyDataset, AnyDataset, int]:
    """(what is left of train, validation, rows of validation)."""
    if isinstance(train, IterableDataset):
        if size < 1:
            raise TextVAEError(
                f"data.validation_size: {size} is a share, but the rows of a stream are not "
                "counted: give a number of rows, or name a split in `data.validation`"
            )
        rows = int(size)
        return train.skip(rows), copy.deepcopy(train).take(rows), rows
    rows = max(1, round(len(train) * size)) if size < 1 else int(size)
    if rows >= len(train):
        raise TextVAEError(
            f"data.validation_size: cannot carve {rows} validation rows off {len(train)} training "
            "rows: make it smaller, or name a split in `data.validation`"
        )
    chosen = np.zeros(len(train), dtype=bool)
    chosen[np.random.default_rng(_CARVING_SEED).permutation(len(train))[:rows]] = True
    return train.select(np.flatnonzero(~chosen)), train.select(np.flatnonzero(chosen)), rows


def _resolve(source: Mapping[str, AnyDataset], expression: str, role: str) -> AnyDataset:
    """The rows that a split expression such as 'train', 'train[:90%]' or 'a[5:]+b' stands for."""
    if any(isinstance(split, IterableDataset) for split in source.values()):
        return _resolve_stream(source, expression, role)
    sizes = {name: len(split) for name, split in source.items()}
    try:
        parts = ReadInstruction.from_spec(expression).to_absolute(sizes)
    except (ValueError, AssertionError) as error:
        raise _no_such_split(source, expression, role) from error
    slices = [
        source[part.splitname].select(range(part.from_, max(part.from_, part.to))) for part in parts
    ]
    return slices[0] if len(slices) == 1 else concatenate_datasets(slices)


def _resolve_stream(source: Mapping[str, AnyDataset], expression: str, role: str) -> AnyDataset:
    match = re.fullmatch(r"(?P<name>[^\[\]+]+)(\[(?P<start>\d*):(?P<stop>\d*)\])?", expression)
    if "%" in expression or "[-" in expression or ":-" in expression:
        raise TextVAEError(
            f"data.{role}: '{expression}' needs the number of rows, which a stream does not know: "
            "slice by rows from the start, as in 'train[:1000]'"
        )
    if match is None or match["name"] not in source:
        raise _no_such_split(source, expression, role)
    # a copy for each role: two iterators over one stream would overwrite each other's position
    stream = copy.deepcopy(source[match["name"]])
    start = int(match["start"] or 0)
    if match["stop"]:
        stream = stream.take(int(match["stop"]))
    return stream.skip(start) if start else stream


def _no_such_split(source: Mapping[str, AnyDataset], expression: str, role: str) -> TextVAEError:
    known = ", ".join(f"'{name}'" for name in source)
    return TextVAEError(
        f"data.{role}: there is no split '{expression}': the splits are {known}, whole or as in "
        f"'{next(iter(source), 'train')}[:1000]'"
    )


def _checked(split: AnyDataset, config: DataConfig, role: str) -> AnyDataset:
    """`split` with its text column alone; raises unless there are rows, and strings in them.

    A stream shows its first row only: later ones are checked where they are read.
    """
    column = config.text
    first: dict | None = None
    if isinstance(split, IterableDataset):
        first = _first_row(split, role)
    elif len(split):
        first = {}
    if first is None:
        raise TextVAEError(f"data.{role}: this split has no rows")
    columns = list(split.features or first)
    if column not in columns:
        near = get_close_matches(column, columns, n=1)
        hint = f": did you mean '{near[0]}'?" if near else ": set `data.text`"
        raise TextVAEError(
            f"data.text: there is no column '{column}' in the {role} split, its columns are "
            f"{', '.join(columns)}{hint}"
        )
    feature = split.features[column] if split.features else None
    split = split.select_columns([column])
    if feature is None and not isinstance(first[column], str | None):
        raise not_text(f"row 0 of the {role} split", first[column], column)
    if feature is None or (isinstance(feature, Value) and feature.dtype in _STRINGS):
        return split
    if isinstance(split, Dataset) and not isinstance(feature, Value):
        # JSON of mixed types loads without a word
        for row, text in enumerate(split[column]):
            if text is not None and not isinstance(text, str):
                raise not_text(f"row {row} of the {role} split", text, column)
    raise TextVAEError(
        f"data.text: column '{column}' of the {role} split holds {_kind(feature)}, not strings"
    )


def _first_row(stream: IterableDataset, role: str) -> dict | None:
    try:
        return next(iter(copy.deepcopy(stream)), None)
    except UnicodeDecodeError as error:
        raise not_utf8(f"the {role} split", error) from error


def not_utf8(place: str, error: UnicodeDecodeError) -> TextVAEError:
    """The error for a stream that cannot be decoded; only it is known which bytes were wrong."""
    byte = error.object[error.start]
    return TextVAEError(
        f"data: {place} is not UTF-8: byte {byte:#04x} at offset {error.start} of what was read "
        "last: convert the files (`iconv -t utf-8`); without streaming the line is named"
    )


def not_text(place: str, value: object, column: str) -> TextVAEError:
    """The error for a row whose text is something else."""
    return TextVAEError(
        f"data.text: {place} has no string in column '{column}' but a {type(value).__name__}: "
        f"{str(value)[:40]!r}"
    )


def _kind(feature: object) -> str:
    return feature.dtype if isinstance(feature, Value) else type(feature).__name__
