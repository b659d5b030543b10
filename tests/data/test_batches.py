import json

import numpy as np
import pytest
import torch
from datasets import Dataset

from textvae.config import WordTokenizerConfig
from textvae.data.batches import (
    TrainBatches,
    batch_from_ids,
    collate,
    evaluation_batches,
    length_bucketed,
)
from textvae.data.encoded import encode_split
from textvae.data.special_tokens import SpecialTokens
from textvae.data.tokenizer import build_tokenizer
from textvae.errors import TextVAEError

SPECIALS = SpecialTokens(pad_id=0, bos_id=1, eos_id=2, unk_id=3)


def encoded(count, *, longest=40):
    lengths = np.random.default_rng(0).integers(1, longest, size=count)
    rows = [" ".join(["w"] * (n - 1) + [f"n{i}"]) for i, n in enumerate(lengths)]
    tokenizer = build_tokenizer(WordTokenizerConfig(), rows)
    dataset = Dataset.from_dict({"text": ["", *rows]})  # a blank row: positions are not rows
    return encode_split(dataset, "text", tokenizer, max_length=longest + 1, overlong="drop")


@pytest.fixture(scope="module")
def texts():
    return encoded(103)


def equal(one, other):
    fields = ("encoder_input", "decoder_input", "target", "lengths", "rows")
    return all(torch.equal(getattr(one, f), getattr(other, f)) for f in fields)


def padding_share(batches):
    batches = list(batches)
    slots = sum(b.target.numel() for b in batches)
    return 1 - sum(b.num_tokens for b in batches) / slots


# --- one batch ----------------------------------------------------------------------------------


def test_the_three_views_of_a_batch():
    batch = batch_from_ids([[5, 6, 7], [], [8]], SPECIALS)
    assert batch.encoder_input.tolist() == [[5, 6, 7, 2], [2, 0, 0, 0], [8, 2, 0, 0]]
    assert batch.decoder_input.tolist() == [[1, 5, 6, 7], [1, 0, 0, 0], [1, 8, 0, 0]]
    assert batch.target.tolist() == batch.encoder_input.tolist()
    assert batch.lengths.tolist() == [4, 1, 2]
    assert batch.rows.tolist() == [0, 1, 2]
    assert (batch.num_examples, batch.num_tokens) == (3, 7)
    for tensor in (batch.encoder_input, batch.decoder_input, batch.target, batch.lengths):
        assert tensor.dtype == torch.int64
    batch.encoder_input[0, 0] = 9
    assert batch.target[0, 0] == 5  # no view of the same memory


def test_a_batch_of_empty_sentences_and_of_none():
    assert batch_from_ids([[]], SPECIALS).target.tolist() == [[2]]
    with pytest.raises(TextVAEError, match="no sentences"):
        batch_from_ids([], SPECIALS)


def test_collate_agrees_with_a_loop_over_rows(texts):
    indices = np.array([7, 102, 0, 55])
    batch = collate(texts.values, texts.offsets, indices, SPECIALS)
    for i, index in enumerate(indices):
        words = texts.values[texts.offsets[index] : texts.offsets[index + 1]].tolist()
        padding = [0] * (batch.target.shape[1] - len(words) - 1)
        assert batch.target[i].tolist() == [*words, 2, *padding]
        assert batch.decoder_input[i].tolist() == ([1, *words, *padding])
    assert batch.rows.tolist() == indices.tolist()


# --- evaluation ---------------------------------------------------------------------------------


def test_evaluation_takes_each_sentence_once_by_length(texts):
    batches = list(evaluation_batches(texts, SPECIALS, batch_size=10))
    rows = torch.cat([b.rows for b in batches])
    assert sorted(rows.tolist()) == list(range(103))
    lengths = torch.cat([b.lengths for b in batches])
    assert (lengths.diff() >= 0).all()
    again = evaluation_batches(texts, SPECIALS, batch_size=10)
    assert all(equal(a, b) for a, b in zip(batches, again, strict=True))


def test_evaluation_of_chosen_sentences(texts):
    batches = list(evaluation_batches(texts, SPECIALS, batch_size=2, indices=[9, 3, 50]))
    assert sorted(torch.cat([b.rows for b in batches]).tolist()) == [3, 9, 50]
    assert [b.num_examples for b in batches] == [2, 1]


# --- training -----------------------------------------------------------------------------------


def test_an_epoch_is_every_sentence_once_and_no_two_are_alike(texts):
    batches = TrainBatches(texts, SPECIALS, batch_size=8, seed=3)
    assert batches.batches_per_epoch == 13
    orders = []
    for epoch in range(3):
        assert batches.epoch == epoch
        taken = [next(batches) for _ in range(13)]
        assert sorted(b.num_examples for b in taken) == [7] + [8] * 12
        orders.append(torch.cat([b.rows for b in taken]).tolist())
        assert sorted(orders[-1]) == list(range(103))
    assert orders[0] != orders[1] != orders[2] != orders[0]
    assert batches.epoch == 3


def test_the_order_is_a_function_of_the_seed(texts):
    def rows(seed):
        batches = TrainBatches(texts, SPECIALS, batch_size=8, seed=seed)
        return torch.cat([next(batches).rows for _ in range(20)]).tolist()

    torch.manual_seed(1)
    first = rows(3)
    torch.manual_seed(2)
    assert rows(3) == first
    assert rows(4) != first


def test_bucketing_saves_padding_and_still_mixes():
    texts = encoded(4_000)
    batches = TrainBatches(texts, SPECIALS, batch_size=20, seed=0)
    bucketed = [next(batches) for _ in range(batches.batches_per_epoch)]
    order = np.random.default_rng(0).permutation(len(texts))
    random = [
        collate(texts.values, texts.offsets, order[start : start + 20], SPECIALS)
        for start in range(0, len(texts), 20)
    ]
    assert padding_share(random) > 0.4
    assert padding_share(bucketed) < 0.06
    # batches of an epoch come in no order of length, and companions change
    longest = np.array([b.target.shape[1] for b in bucketed])
    assert abs(np.corrcoef(np.arange(len(longest)), longest)[0, 1]) < 0.3
    companions = {frozenset(b.rows.tolist()) for b in bucketed}
    again = [frozenset(next(batches).rows.tolist()) for _ in range(len(bucketed))]
    assert not companions & set(again)


def test_lengths_are_sorted_within_a_pool_and_pools_are_random():
    generator = np.random.default_rng(0)
    lengths = np.arange(3_000)  # all different: sorted over the whole set, companions never change
    plans = [length_bucketed(lengths, 10, generator) for _ in range(2)]
    companions = [{frozenset(batch.tolist()) for batch in plan} for plan in plans]
    assert not companions[0] & companions[1]
    for batch in plans[0]:
        assert (np.diff(batch) > 0).all()
    # one pool: its batches are neighbours in length, and come in random order
    single = length_bucketed(lengths[:400], 10, generator)
    firsts = [int(batch[0]) for batch in single]
    assert sorted(firsts) == list(range(0, 400, 10))
    assert firsts != sorted(firsts)


@pytest.mark.parametrize("position", range(28))
def test_resuming_anywhere_gives_the_same_batches(texts, position):
    original = TrainBatches(texts, SPECIALS, batch_size=8, seed=3)
    for _ in range(position):
        next(original)
    state = json.loads(json.dumps(original.state_dict()))
    resumed = TrainBatches(texts, SPECIALS, batch_size=8, seed=3)
    next(resumed)
    resumed.load_state_dict(state)
    assert resumed.epoch == original.epoch == position // 13
    for _ in range(15):
        assert equal(next(resumed), next(original))


def test_resuming_with_other_settings_is_refused(texts):
    state = TrainBatches(texts, SPECIALS, batch_size=8, seed=3).state_dict()
    with pytest.raises(TextVAEError, match="batch_size = 8, this run has 9"):
        TrainBatches(texts, SPECIALS, batch_size=9, seed=3).load_state_dict(state)
    with pytest.raises(TextVAEError, match="seed = 3"):
        TrainBatches(texts, SPECIALS, batch_size=8, seed=4).load_state_dict(state)


def test_processes_share_an_epoch_evenly_and_without_overlap(texts):
    alone = TrainBatches(texts, SPECIALS, batch_size=8, seed=3)
    ranks = [TrainBatches(texts, SPECIALS, batch_size=8, seed=3, rank=r, world=2) for r in (0, 1)]
    assert [r.batches_per_epoch for r in ranks] == [6, 6]
    for epoch in range(2):
        plan = [next(alone) for _ in range(13)]
        for step in range(6):
            for rank in (0, 1):
                assert ranks[rank].epoch == epoch
                assert equal(next(ranks[rank]), plan[2 * step + rank])


def test_too_few_sentences_for_the_processes(texts):
    with pytest.raises(TextVAEError, match="each of 2 processes"):
        TrainBatches(texts, SPECIALS, batch_size=200, seed=0, world=2)


def test_a_batch_larger_than_the_data_is_the_data(texts):
    batches = TrainBatches(texts, SPECIALS, batch_size=500, seed=0)
    assert batches.batches_per_epoch == 1
    assert next(batches).num_examples == 103
    assert batches.epoch == 1
