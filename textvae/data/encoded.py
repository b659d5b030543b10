"""A split as token ids: tokenised once, then read from Arrow's own memory."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import datasets
import numpy as np
import pyarrow as pa
from datasets import Dataset, Features, IterableDataset, List, Value
from jaxtyping import Int32, Int64

from textvae.data.opening import AnyDataset, without_progress_bars
from textvae.data.sources import not_text, not_utf8
from textvae.data.tokenizer import Tokenizer
from textvae.errors import TextVAEError

Overlong = Literal["drop", "truncate"]

_IDS = Features({"ids": List(Value("int32"))})
_FORMAT = "1"  # of the cache: to be raised when this module writes something else


@dataclass(frozen=True)
class EncodingReport:
    """What became of a split. Rows are counted, except `longest`, `tokens`, `unknown`: tokens.

    `blank` rows hold no token at all; `overlong` ones were dropped or truncated, see
    `overlong_action`. Of the rows that were kept, the longest and all tokens count the end token;
    `unknown` counts unknown tokens.
    """

    total: int
    kept: int
    blank: int
    overlong: int
    overlong_action: Overlong
    longest: int
    tokens: int
    unknown: int

    def summary(self) -> str:
        """One line for a person."""
        action = "dropped" if self.overlong_action == "drop" else "truncated"
        share = self.unknown / self.tokens if self.tokens else 0.0
        return (
            f"{self.kept:,} of {self.total:,} rows kept ({self.blank:,} blank, {self.overlong:,} "
            f"too long and {action}), {self.tokens:,} tokens, longest {self.longest}, "
            f"{share:.2%} unknown"
        )


@dataclass(frozen=True)
class EncodedTexts:
    """Sentences one after the other: sentence i is `values[offsets[i]:offsets[i + 1]]`.

    `values` (int32) are content ids without start and end; `rows` (int64) says which row of the
    split each sentence was, before any were dropped.
    """

    values: Int32[np.ndarray, " tokens"]
    offsets: Int64[np.ndarray, " boundaries"]
    rows: Int64[np.ndarray, " sentences"]
    report: EncodingReport
    dataset: AnyDataset | None = field(default=None, repr=False, compare=False)
    column: str = "text"

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lengths(self) -> Int64[np.ndarray, " sentences"]:
        """Tokens of each sentence, the end token counted."""
        return np.diff(self.offsets) + 1

    def texts(self, indices: Sequence[int] | np.ndarray) -> list[str]:
        """The sentences at `indices` as the split spells them (an overlong one in full)."""
        if self.dataset is None:
            raise ValueError("these sentences were not made from a dataset that is still open")
        return self.dataset[self.rows[np.asarray(indices, dtype=np.int64)]][self.column]


def encode_split(
    dataset: AnyDataset,
    column: str,
    tokenizer: Tokenizer,
    *,
    max_length: int,
    overlong: Overlong,
) -> EncodedTexts:
    """`dataset[column]` as ids; blank and overlong rows are counted in the report.

    `max_length` is in tokens, the end token counted. The ids are cached beside the dataset's own
    cache, whatever `max_length` and `overlong` are. A stream is read into memory whole.
    """
    if isinstance(dataset, IterableDataset):
        dataset = _in_memory(dataset, column)
    values, offsets = _all_ids(dataset, column, tokenizer)
    texts = select(values, offsets, tokenizer.unk_id, max_length=max_length, overlong=overlong)
    if not len(texts):
        report = texts.report
        raise TextVAEError(
            f"data.max_length: none of {report.total} rows is left: {report.blank} are blank and "
            f"{report.overlong} have more than {max_length} tokens"
        )
    return replace(texts, dataset=dataset, column=column)


def select(
    values: Int32[np.ndarray, " tokens"],
    offsets: Int64[np.ndarray, " boundaries"],
    unk_id: int | None,
    *,
    max_length: int,
    overlong: Overlong,
) -> EncodedTexts:
    """Drop blank rows, drop or truncate overlong ones, count both. Copies only if it must."""
    lengths = np.diff(offsets)
    blank = lengths == 0
    too_long = lengths + 1 > max_length
    keep = ~blank & ~too_long if overlong == "drop" else ~blank
    rows = np.flatnonzero(keep)
    if len(rows) < len(keep) or too_long.any():
        starts = offsets[:-1][rows]
        kept_lengths = np.minimum(lengths[rows], max_length - 1)
        offsets = np.concatenate([[0], np.cumsum(kept_lengths)])
        # position of each kept value = start of its row + distance from the new start
        shifts = np.repeat(starts - offsets[:-1], kept_lengths)
        values = values[shifts + np.arange(offsets[-1])]
    report = EncodingReport(
        total=len(keep),
        kept=len(rows),
        blank=int(blank.sum()),
        overlong=int(too_long.sum()),
        overlong_action=overlong,
        longest=int(np.diff(offsets).max(initial=-1)) + 1,
        tokens=int(offsets[-1]) + len(rows),
        unknown=0 if unk_id is None else int(np.count_nonzero(values == unk_id)),
    )
    return EncodedTexts(values, offsets, rows, report)


def encode_rows(
    texts: Sequence[Any], column: str, tokenizer: Tokenizer, *, first_row: int = 0
) -> list[list[int]]:
    """Content ids of each text; of a blank or missing one, none. `first_row` is for errors."""
    for row, text in enumerate(texts, start=first_row):
        if text is not None and not isinstance(text, str):
            raise not_text(f"row {row}", text, column)
    ids = tokenizer.encode([text or "" for text in texts])
    # a byte-level tokenizer has tokens for spaces
    return [
        [] if text is None or not text.strip() else row
        for text, row in zip(texts, ids, strict=True)
    ]


def _all_ids(dataset: Dataset, column: str, tokenizer: Tokenizer) -> tuple[np.ndarray, np.ndarray]:
    """(values, offsets) of every row, blank ones included."""

    def encode(batch: Mapping[str, list]) -> dict[str, list]:
        return {"ids": encode_rows(batch[column], column, tokenizer)}

    with without_progress_bars():
        encoded = dataset.with_format(None).map(
            encode,
            batched=True,
            remove_columns=dataset.column_names,
            features=_IDS,
            # the function is new in every process, so it cannot name the cache
            new_fingerprint=_fingerprint(dataset, column, tokenizer),
            keep_in_memory=not _cache_is_writable(dataset),
            # few record batches: one can be read in place, several are joined
            writer_batch_size=100_000,
        )
    chunks = [chunk for chunk in encoded.data.column("ids").chunks if len(chunk)]
    return _flat(chunks)


def _flat(chunks: Sequence[pa.ListArray]) -> tuple[np.ndarray, np.ndarray]:
    """Arrow's list arrays as one array of values and one of offsets; in place if there is one."""
    parts = [chunk.flatten().to_numpy(zero_copy_only=True) for chunk in chunks]
    starts = [chunk.offsets.to_numpy().astype(np.int64) for chunk in chunks]
    values = parts[0] if len(parts) == 1 else np.concatenate(parts)
    lengths = np.concatenate([np.diff(offsets) for offsets in starts])
    return values, np.concatenate([[0], np.cumsum(lengths)])


def _fingerprint(dataset: Dataset, column: str, tokenizer: Tokenizer) -> str:
    return datasets.fingerprint.Hasher.hash(
        [dataset._fingerprint, column, tokenizer.fingerprint, _FORMAT]
    )


def _cache_is_writable(dataset: Dataset) -> bool:
    return all(os.access(Path(f["filename"]).parent, os.W_OK) for f in dataset.cache_files)


def _in_memory(stream: IterableDataset, column: str) -> Dataset:
    try:
        texts = [row[column] for row in stream]
    except UnicodeDecodeError as error:
        raise not_utf8("the stream", error) from error
    for row, text in enumerate(texts):
        if text is not None and not isinstance(text, str):
            raise not_text(f"row {row} of the stream", text, column)
    return Dataset.from_dict({column: texts}, features=Features({column: Value("string")}))
