"""Batches of a dataset that is too large to hold, or that never ends: block after block.

A block of rows is read in order, encoded, shuffled and bucketed by length, and handed out before
the next one is read. What this cannot do: shuffle rows further apart than a block, sort by length
over the whole set, or know how many batches an epoch has. A corpus that is sorted, by topic say,
should be shuffled on disk before.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain, islice
from typing import Any

import numpy as np
import torch
from datasets import IterableDataset

from textvae.data.batch import TextBatch
from textvae.data.batches import collate, length_bucketed
from textvae.data.encoded import EncodedTexts, EncodingReport, Overlong, encode_rows, select
from textvae.data.sources import not_utf8
from textvae.data.tokenizer import Tokenizer
from textvae.errors import TextVAEError


class StreamBatches:
    """Endless batches of `dataset[column]`, in blocks of `block` rows.

    The order inside a block is a function of `seed`, the epoch and the number of the block. All of
    `world` processes read every row; process `rank` takes every `world`-th batch of a block, and
    the batches of a block that do not go round are left out. `rows` of a batch count the rows of
    the stream from 0.

    The stream must be this object's alone: a second iterator over it would move its position.
    """

    batches_per_epoch: None = None

    def __init__(
        self,
        dataset: IterableDataset,
        column: str,
        tokenizer: Tokenizer,
        *,
        batch_size: int,
        seed: int,
        block: int,
        max_length: int,
        overlong: Overlong,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self.dataset = dataset
        self.column = column
        self.tokenizer = tokenizer
        self.batch_size = batch_size
        self.seed = seed
        self.block_size = block
        self.max_length = max_length
        self.overlong: Overlong = overlong
        self.rank = rank
        self.world = world
        self._beginning = dataset.state_dict()
        self._stream_state = self._beginning  # where the next row is
        self._stream: Iterator[dict[str, Any]] | None = None
        self._epoch = 0
        self._block = 0  # within the epoch
        self._first_row = 0  # of the block, within the epoch
        self._epoch_batches = 0
        self._report = EncodingReport(0, 0, 0, 0, overlong, 0, 0, 0)
        self._at_block = self._snapshot()
        self._texts: EncodedTexts | None = None
        self._plan: list[np.ndarray] = []
        self._position = 0

    def __iter__(self) -> "StreamBatches":
        return self

    def __next__(self) -> TextBatch:
        if self._texts is None:
            self._next_block()
        texts, indices = self._texts, self._plan[self._position]
        assert texts is not None
        batch = collate(texts.values, texts.offsets, indices, self.tokenizer.specials)
        rows = texts.rows[indices] + self._at_block["first_row"]
        self._position += 1
        if self._position == len(self._plan):
            self._next_block()  # now, so that `epoch` is true of the batch that comes next
        return replace(batch, rows=torch.from_numpy(rows))

    @property
    def epoch(self) -> int:
        """Passes over the stream completed before the batch that comes next."""
        return self._at_block["epoch"]

    @property
    def report(self) -> EncodingReport:
        """What became of all rows read so far, those of the block in hand included."""
        return self._report

    def state_dict(self) -> dict[str, Any]:
        """Where the next batch is: the block's beginning, and how many batches of it are out.

        Plain numbers, strings, lists and dicts, as `json` writes them.
        """
        return {**self._at_block, **self._identity(), "position": self._position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state` was taken, by reading its block again."""
        for name, value in self._identity().items():
            if state[name] != value:
                raise TextVAEError(
                    f"the checkpoint was made with {name} = {state[name]}, this run has {value}: "
                    "resume with the same data and settings"
                )
        self._epoch, self._block = state["epoch"], state["block"]
        self._first_row, self._epoch_batches = state["first_row"], state["epoch_batches"]
        self._report = EncodingReport(**state["report"])
        self._stream_state, self._stream = state["stream"], None
        self._next_block()
        self._position = state["position"]

    def _identity(self) -> dict[str, int]:
        return {
            "seed": self.seed,
            "batch_size": self.batch_size,
            "block_size": self.block_size,
            "world": self.world,
        }

    def _snapshot(self) -> dict[str, Any]:
        return {
            "epoch": self._epoch,
            "block": self._block,
            "first_row": self._first_row,
            "epoch_batches": self._epoch_batches,
            "report": asdict(self._report),
            "stream": self._stream_state,
        }

    def _next_block(self) -> None:
        """Read on until there is a block with batches in it; the end leads to the beginning."""
        self._plan, self._position = [], 0
        while not self._plan:
            self._at_block = self._snapshot()
            texts = self._read()
            if texts:
                self._plan_block(texts)
            if len(texts) < self.block_size:
                self._end_epoch()

    def _read(self) -> list[Any]:
        if self._stream is None:
            self.dataset.load_state_dict(self._stream_state)
            self._stream = iter(self.dataset)
        try:
            texts = [row[self.column] for row in islice(self._stream, self.block_size)]
        except UnicodeDecodeError as error:
            raise not_utf8(f"the stream after row {self._first_row}", error) from error
        self._stream_state = self.dataset.state_dict()
        return texts

    def _plan_block(self, texts: list[Any]) -> None:
        ids = encode_rows(texts, self.column, self.tokenizer, first_row=self._first_row)
        self._texts = select(
            np.fromiter(chain.from_iterable(ids), dtype=np.int32),
            np.cumsum([0, *map(len, ids)], dtype=np.int64),
            self.tokenizer.unk_id,
            max_length=self.max_length,
            overlong=self.overlong,
        )
        self._report = _sum(self._report, self._texts.report)
        generator = np.random.default_rng([self.seed, self._epoch, self._block])
        plan = length_bucketed(self._texts.lengths, self.batch_size, generator)
        shared = len(plan) - len(plan) % self.world
        self._plan = plan[:shared][self.rank :: self.world]
        self._block += 1
        self._first_row += len(texts)
        self._epoch_batches += len(self._plan)

    def _end_epoch(self) -> None:
        if self._epoch_batches == 0:
            raise TextVAEError(
                f"data: the stream gives no batch: {self._report.total} rows, of which "
                f"{self._report.blank} are blank and {self._report.overlong} have more than "
                f"{self.max_length} tokens"
            )
        self._epoch += 1
        self._block = self._first_row = self._epoch_batches = 0
        self._stream_state, self._stream = self._beginning, None


def _sum(one: EncodingReport, other: EncodingReport) -> EncodingReport:
    return EncodingReport(
        total=one.total + other.total,
        kept=one.kept + other.kept,
        blank=one.blank + other.blank,
        overlong=one.overlong + other.overlong,
        overlong_action=one.overlong_action,
        longest=max(one.longest, other.longest),
        tokens=one.tokens + other.tokens,
        unknown=one.unknown + other.unknown,
    )
