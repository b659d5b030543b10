import json
from itertools import islice

import pytest
import torch
from datasets import IterableDataset

from textvae.config import DataConfig, WordTokenizerConfig
from textvae.data.sources import load_splits
from textvae.data.streaming import StreamBatches
from textvae.data.tokenizer import build_tokenizer
from textvae.errors import TextVAEError

ROWS = [" ".join(["w"] * (i * 7 % 11) + [f"n{i}"]) for i in range(60)]
BLANK, OVERLONG = 13, 40
ROWS[BLANK] = " "
ROWS[OVERLONG] = "w " * 30 + "w"


@pytest.fixture(scope="module")
def words():
    return build_tokenizer(WordTokenizerConfig(), ROWS)


@pytest.fixture(params=["text", "json", "generator"])
def open_stream(request, tmp_path):
    def opened(rows=ROWS):
        if request.param == "generator":
            return IterableDataset.from_generator(lambda: ({"text": row} for row in rows))
        path = tmp_path / f"rows.{request.param}"
        lines = rows if request.param == "text" else [json.dumps({"text": row}) for row in rows]
        path.write_text("".join(line + "\n" for line in lines))
        config = DataConfig(
            path=request.param,
            data_files=str(path),
            streaming=True,
            validation="train[:1]",
        )
        return load_splits(config).train

    return opened


def batches_of(stream, tokenizer, **settings):
    settings = {"batch_size": 4, "block": 25, "seed": 5, **settings}
    return StreamBatches(stream, "text", tokenizer, max_length=20, overlong="drop", **settings)


def equal(one, other):
    fields = ("encoder_input", "decoder_input", "target", "lengths", "rows")
    return all(torch.equal(getattr(one, f), getattr(other, f)) for f in fields)


def test_an_epoch_is_every_row_once_in_blocks(open_stream, words):
    batches = batches_of(open_stream(), words)
    assert batches.batches_per_epoch is None
    orders = []
    for epoch in range(2):
        rows = []
        while batches.epoch == epoch:
            batch = next(batches)
            rows.append(batch.rows.tolist())
            for row, ids in zip(batch.rows.tolist(), batch.target.tolist(), strict=True):
                assert words.decode([ids]) == [ROWS[row]]
        flat = [row for batch in rows for row in batch]
        assert sorted(flat) == [i for i in range(60) if i not in (BLANK, OVERLONG)]
        assert {row // 25 for row in flat[:24]} == {0}  # 25 rows less the blank one
        assert flat[:24] != sorted(flat[:24])
        orders.append(flat)
    assert orders[0] != orders[1]


def test_blocks_are_bucketed_by_length(words):
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in ROWS))
    batches = batches_of(stream, words, block=60)
    taken = [next(batches) for _ in range(15)]
    padding = 1 - sum(b.num_tokens for b in taken) / sum(b.target.numel() for b in taken)
    assert padding < 0.1


def test_each_block_has_an_order_of_its_own(words):
    stream = IterableDataset.from_generator(lambda: ({"text": "w"} for _ in range(60)))
    batches = batches_of(stream, words, block=30, batch_size=30)
    first, second = next(batches).rows, next(batches).rows
    assert sorted(second.tolist()) == list(range(30, 60))
    assert (second - 30).tolist() != first.tolist()


def test_the_report_grows_with_what_was_read(words):
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in ROWS))
    batches = batches_of(stream, words)
    next(batches)
    assert (batches.report.total, batches.report.blank, batches.report.overlong) == (25, 1, 0)
    while batches.epoch == 0:
        next(batches)
    # the first block of the second epoch is in hand already
    assert (batches.report.total, batches.report.blank, batches.report.overlong) == (85, 2, 1)
    assert "too long and dropped" in batches.report.summary()


@pytest.mark.parametrize("block", [25, 20, 7, 100])  # of 60 rows: a rest, none, many, one block
def test_resuming_anywhere_gives_the_same_batches(open_stream, words, block):
    original = batches_of(open_stream(), words, block=block)
    states, taken = [], []
    for _ in range(40):
        states.append(json.dumps(original.state_dict()))
        taken.append(next(original))
    for position in range(0, 40, 3 if block == 25 else 7):
        resumed = batches_of(open_stream(), words, block=block)
        resumed.load_state_dict(json.loads(states[position]))
        for expected in taken[position:]:
            assert equal(next(resumed), expected)
        assert resumed.report == original.report
        assert resumed.epoch == original.epoch


def test_an_iterator_that_ran_can_go_back(words):
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in ROWS))
    batches = batches_of(stream, words)
    for _ in range(3):
        next(batches)
    state = batches.state_dict()
    ahead = [next(batches) for _ in range(30)]
    batches.load_state_dict(state)
    assert all(equal(next(batches), expected) for expected in ahead)


def test_resuming_with_other_settings_is_refused(words):
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in ROWS))
    state = batches_of(stream, words).state_dict()
    with pytest.raises(TextVAEError, match="block_size = 25, this run has 10"):
        batches_of(stream, words, block=10).load_state_dict(state)


def test_processes_share_a_block_evenly_and_without_overlap(open_stream, words):
    ranks = [batches_of(open_stream(), words, rank=r, world=2) for r in (0, 1)]
    rows = [[], []]
    for rank, batches in enumerate(ranks):
        while batches.epoch == 0:
            rows[rank].append(next(batches).rows.tolist())
    assert len(rows[0]) == len(rows[1]) == 3 + 3 + 1  # of 6, 7 and 3 batches
    taken = [row for batches in rows for batch in batches for row in batch]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(("rows", "counts"), [([], "0 rows"), (["", " "], "2 rows")])
def test_a_stream_without_a_sentence_is_an_error(words, rows, counts):
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in rows))
    with pytest.raises(TextVAEError, match=f"gives no batch: {counts}"):
        next(batches_of(stream, words))


def test_blocks_without_a_sentence_are_passed_over(words):
    rows = ["a"] + [""] * 30 + ["b"]
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in rows))
    batches = batches_of(stream, words, block=4)
    assert [next(batches).rows.tolist() for _ in range(4)] == [[0], [31], [0], [31]]


def test_a_row_that_is_no_text_is_named(words):
    rows = ["a"] * 30 + [3]
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in rows))
    batches = batches_of(stream, words)
    with pytest.raises(TextVAEError, match="row 30 has no string in column 'text' but a int"):
        list(islice(batches, 10))


def test_invalid_utf8_is_an_error_of_one_line(words):
    def rows():
        for i in range(40):
            yield {"text": (b"caf\xe9" if i == 30 else b"a b").decode()}

    batches = batches_of(IterableDataset.from_generator(rows), words)
    with pytest.raises(TextVAEError, match="stream after row 25 is not UTF-8: byte 0xe9"):
        list(islice(batches, 10))
