import numpy as np
import pytest
from datasets import Dataset, IterableDataset, load_dataset

from textvae.config import BPETokenizerConfig, WordTokenizerConfig
from textvae.data.encoded import encode_split
from textvae.data.tokenizer import Tokenizer, build_tokenizer
from textvae.errors import TextVAEError

ROWS = ["a b c", "", "b", " \t", None, "a b c d e f", "zzz b", "c c c c"]


@pytest.fixture(scope="module")
def words():
    return build_tokenizer(WordTokenizerConfig(), ["a a a b b c c d e f"])


def encode(tokenizer, rows=ROWS, **settings):
    settings = {"max_length": 5, "overlong": "drop", **settings}
    return encode_split(Dataset.from_dict({"text": rows}), "text", tokenizer, **settings)


def sentences(texts):
    return [
        texts.values[start:stop].tolist()
        for start, stop in zip(texts.offsets[:-1], texts.offsets[1:], strict=True)
    ]


def test_blank_and_overlong_rows_are_dropped_and_counted(words):
    texts = encode(words)
    assert texts.rows.tolist() == [0, 2, 6, 7]
    assert sentences(texts) == words.encode(["a b c", "b", "zzz b", "c c c c"])
    assert texts.lengths.tolist() == [4, 2, 3, 5]  # the end token counts
    report = texts.report
    assert (report.total, report.kept, report.blank, report.overlong) == (8, 4, 3, 1)
    assert (report.longest, report.tokens, report.unknown) == (5, 14, 1)
    assert report.summary() == (
        "4 of 8 rows kept (3 blank, 1 too long and dropped), 14 tokens, longest 5, 7.14% unknown"
    )
    assert texts.values.dtype == np.int32
    assert texts.offsets.dtype == texts.rows.dtype == np.int64


def test_overlong_rows_are_truncated_and_counted(words):
    texts = encode(words, overlong="truncate", max_length=4)
    assert texts.rows.tolist() == [0, 2, 5, 6, 7]
    assert sentences(texts) == words.encode(["a b c", "b", "a b c", "zzz b", "c c c"])
    assert (texts.report.overlong, texts.report.kept, texts.report.longest) == (2, 5, 4)
    assert "2 too long and truncated" in texts.report.summary()


def test_the_length_limit_is_inclusive(words):
    assert len(encode(words, ["a b c"], max_length=4)) == 1
    with pytest.raises(TextVAEError, match=r"none of 1 rows .* 1 have more than 3 tokens"):
        encode(words, ["a b c"], max_length=3)


def test_blank_rows_are_blank_to_a_tokenizer_that_knows_spaces():
    tokenizer = build_tokenizer(BPETokenizerConfig(vocab_size=270), ["a b"])
    texts = encode(tokenizer, max_length=20)
    assert texts.rows.tolist() == [0, 2, 5, 6, 7]
    assert tokenizer.decode(sentences(texts)) == [ROWS[i] for i in texts.rows]


def test_all_blank_is_an_error(words):
    with pytest.raises(TextVAEError, match="2 are blank"):
        encode(words, ["", " "])


def test_texts_shows_the_rows_of_the_split(words):
    assert encode(words).texts([3, 0]) == ["c c c c", "a b c"]


def test_a_sliced_and_shuffled_split_is_read_in_its_own_order(words):
    rows = [f"{'a ' * (i % 4)}b" for i in range(50)]
    dataset = Dataset.from_dict({"text": rows}).shuffle(seed=1).select(range(10, 40))
    texts = encode_split(dataset, "text", words, max_length=9, overlong="drop")
    assert words.decode(sentences(texts)) == dataset["text"]


def test_a_stream_is_read_into_memory(words):
    stream = IterableDataset.from_generator(lambda: ({"text": row} for row in ROWS))
    streamed = encode_split(stream, "text", words, max_length=5, overlong="drop")
    assert sentences(streamed) == sentences(encode(words))
    assert streamed.report == encode(words).report


def test_a_row_that_is_no_text_is_named(words):
    stream = IterableDataset.from_generator(lambda: iter([{"text": "a"}, {"text": 3}]))
    with pytest.raises(TextVAEError, match="row 1 of the stream has no string in column 'text'"):
        encode_split(stream, "text", words, max_length=5, overlong="drop")


def test_a_formatted_dataset_is_encoded_all_the_same(words):
    dataset = Dataset.from_dict({"text": ["a b", "c"]}).with_format("numpy")
    texts = encode_split(dataset, "text", words, max_length=5, overlong="drop")
    assert sentences(texts) == words.encode(["a b", "c"])


class Cached:
    """A dataset with a cache on disk, and a count of the texts that were tokenised."""

    def __init__(self, path, monkeypatch):
        self.path = path
        self.count = 0
        original = Tokenizer.encode

        def counted(tokenizer, texts):
            self.count += len(texts)
            return original(tokenizer, texts)

        monkeypatch.setattr(Tokenizer, "encode", counted)

    def encode(self, tokenizer, **settings):
        before = self.count
        dataset = load_dataset("text", data_files=str(self.path))["train"]
        settings = {"max_length": 9, "overlong": "drop", **settings}
        texts = encode_split(dataset, "text", tokenizer, **settings)
        return texts, self.count - before


def test_ids_are_cached_by_data_and_tokenizer_alone(tmp_path, monkeypatch, words):
    path = tmp_path / "rows.txt"
    path.write_text("a b c\n\nb\n")
    cached = Cached(path, monkeypatch)
    first, tokenised = cached.encode(words)
    assert tokenised == 3
    same_tokenizer = build_tokenizer(WordTokenizerConfig(), ["a a a b b c c d e f"])
    second, tokenised = cached.encode(same_tokenizer, max_length=3, overlong="truncate")
    assert tokenised == 0
    assert sentences(second) == [row[:2] for row in sentences(first)]
    other_tokenizer = build_tokenizer(WordTokenizerConfig(), ["c b a"])
    third, tokenised = cached.encode(other_tokenizer)
    assert tokenised == 3
    assert sentences(third) == other_tokenizer.encode(["a b c", "b"])
    path.write_text("c\n")
    fourth, _ = cached.encode(words)
    assert sentences(fourth) == words.encode(["c"])


def test_nothing_is_copied_where_nothing_is_dropped(tmp_path, words, monkeypatch):
    path = tmp_path / "rows.txt"
    path.write_text("a b c\nb\n")
    texts, _ = Cached(path, monkeypatch).encode(words)
    assert not texts.values.flags.owndata
    assert not texts.values.flags.writeable  # it is Arrow's memory
