"""Batches of sentences of similar length, gathered from flat arrays of ids.

Random batches of sentences are half padding. Here an epoch is shuffled, cut into pools of
`POOL` batches, each pool sorted by length and cut into batches, and the batches shuffled again.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Int32, Int64

from textvae.data.batch import TextBatch
from textvae.data.encoded import EncodedTexts
from textvae.data.special_tokens import SpecialTokens
from textvae.errors import TextVAEError

POOL = 50  # batches: more sort better, fewer mix better


def collate(
    values: Int32[np.ndarray, " tokens"],
    offsets: Int64[np.ndarray, " boundaries"],
    indices: Int64[np.ndarray, " batch"],
    specials: SpecialTokens,
) -> TextBatch:
    """The sentences at `indices` (which become `rows`) as one batch, in their order.

    Sentence i is `values[offsets[i]:offsets[i + 1]]`, content ids only.
    """
    starts = offsets[indices]
    content_lengths = offsets[indices + 1] - starts
    positions = np.arange(content_lengths.max() + 1)
    # what lies behind the end of a sentence is overwritten, so it may be anything that exists
    gathered = np.minimum(starts[:, None] + positions, max(len(values) - 1, 0))
    words = values[gathered] if len(values) else np.zeros(gathered.shape)
    target = np.where(positions < content_lengths[:, None], words, specials.pad_id)
    target = target.astype(np.int64)
    decoder_input = np.empty_like(target)
    decoder_input[:, 0] = specials.bos_id
    decoder_input[:, 1:] = target[:, :-1]
    target[np.arange(len(indices)), content_lengths] = specials.eos_id
    return TextBatch(
        encoder_input=torch.from_numpy(target.copy()),
        decoder_input=torch.from_numpy(decoder_input),
        target=torch.from_numpy(target),
        lengths=torch.from_numpy(content_lengths + 1),
        rows=torch.from_numpy(indices.copy()),
        num_examples=len(indices),
        num_tokens=int(content_lengths.sum()) + len(indices),
    )


def batch_from_ids(rows: Sequence[Sequence[int]], specials: SpecialTokens) -> TextBatch:
    """Sentences given as content ids, in their order; `rows` of the batch counts from 0."""
    if not rows:
        raise TextVAEError("there are no sentences to make a batch of")
    values = np.array([i for row in rows for i in row], dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return collate(values, offsets, np.arange(len(rows)), specials)


def evaluation_batches(
    texts: EncodedTexts,
    specials: SpecialTokens,
    *,
    batch_size: int,
    indices: Sequence[int] | np.ndarray | None = None,
) -> Iterator[TextBatch]:
    """Every sentence once (of `indices`, if given), short ones first, the same in every call.

    `rows` of a batch are positions in `texts`; `texts.rows` says which rows of the split they are.
    """
    chosen = np.arange(len(texts)) if indices is None else np.asarray(indices, dtype=np.int64)
    chosen = chosen[np.argsort(texts.lengths[chosen], kind="stable")]
    for start in range(0, len(chosen), batch_size):
        yield collate(texts.values, texts.offsets, chosen[start : start + batch_size], specials)


def length_bucketed(
    lengths: Int64[np.ndarray, " sentences"], batch_size: int, generator: np.random.Generator
) -> list[np.ndarray]:
    """Positions in `lengths` as shuffled batches of similar length; each position once.

    All batches but one have `batch_size` positions.
    """
    order = generator.permutation(len(lengths))
    pools = np.arange(len(order)) // (batch_size * POOL)
    # lexsort is stable: equal lengths of a pool stay in random order
    order = order[np.lexsort((lengths[order], pools))]
    cuts = range(0, len(order), batch_size)
    batches = [order[start : start + batch_size] for start in cuts]
    return [batches[i] for i in generator.permutation(len(batches))]


class TrainBatches:
    """Endless batches of `texts`: every sentence once an epoch, in another order in each.

    The order is a function of `seed` and the epoch alone. With `world` processes, process `rank`
    takes every `world`-th batch; the batches that do not go round are left out of that epoch, so
    that all processes get as many. `rows` of a batch are positions in `texts`.
    """

    def __init__(
        self,
        texts: EncodedTexts,
        specials: SpecialTokens,
        *,
        batch_size: int,
        seed: int,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self.texts = texts
        self.specials = specials
        self.batch_size = batch_size
        self.seed = seed
        self.rank = rank
        self.world = world
        self.batches_per_epoch = -(-len(texts) // batch_size) // world
        if self.batches_per_epoch == 0:
            raise TextVAEError(
                f"train.batch_size: {len(texts)} sentences in batches of {batch_size} are not one "
                f"batch for each of {world} processes: make the batches smaller"
            )
        self._lengths = texts.lengths
        self._epoch = 0
        self._position = 0
        self._plan: list[np.ndarray] | None = None

    def __iter__(self) -> "TrainBatches":
        return self

    def __next__(self) -> TextBatch:
        if self._plan is None:
            self._plan = self._plan_of(self._epoch)
        indices = self._plan[self._position]
        self._position += 1
        if self._position == self.batches_per_epoch:
            self._epoch, self._position, self._plan = self._epoch + 1, 0, None
        return collate(self.texts.values, self.texts.offsets, indices, self.specials)

    @property
    def epoch(self) -> int:
        """Epochs completed before the batch that comes next."""
        return self._epoch

    def state_dict(self) -> dict[str, int]:
        """Where the next batch is; only plain numbers."""
        return {"epoch": self._epoch, "position": self._position, **self._identity()}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on where `state` was taken; the data and the settings must be the same."""
        for name, value in self._identity().items():
            if state[name] != value:
                raise TextVAEError(
                    f"the checkpoint was made with {name} = {state[name]}, this run has {value}: "
                    "resume with the same data and settings"
                )
        self._epoch, self._position, self._plan = state["epoch"], state["position"], None

    def _identity(self) -> dict[str, int]:
        return {
            "seed": self.seed,
            "batch_size": self.batch_size,
            "world": self.world,
            "sentences": len(self.texts),
        }

    def _plan_of(self, epoch: int) -> list[np.ndarray]:
        generator = np.random.default_rng([self.seed, epoch])
        plan = length_bucketed(self._lengths, self.batch_size, generator)
        return plan[: self.batches_per_epoch * self.world][self.rank :: self.world]
