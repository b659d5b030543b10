"""The shipped files hold what the script draws, and rescore to what they say."""

import importlib.util
from collections import Counter
from itertools import islice
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest

from textvae.grammar import english
from textvae.grammar.grammar import count_words

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SIZES = {"train": 40_000, "validation": 2_000, "test": 2_000}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_corpus", ROOT / "scripts/make_corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("split", SIZES)
def test_the_script_draws_the_shipped_rows(script: ModuleType, split: str) -> None:
    grammar = english()
    stored = pq.read_table(DATA / f"{split}.parquet")
    assert stored.num_rows == SIZES[split]
    assert stored.column_names == ["text", *grammar.factors, "log_prob"]
    again = islice(script.draws(grammar, 0, split), 100)
    for row, s in zip(stored.slice(0, 100).to_pylist(), again, strict=True):
        assert row["text"] == s.text
        assert {factor: row[factor] for factor in grammar.factors} == s.factors
        assert row["log_prob"] == pytest.approx(s.log_prob, abs=1e-9)


def test_later_rows_rescore_too() -> None:
    stored = pq.read_table(DATA / "train.parquet")
    for row in stored.slice(39_900).to_pylist():
        assert english().log_prob(row["text"]) == pytest.approx(row["log_prob"], abs=1e-9)


def test_writing_is_deterministic(script: ModuleType, tmp_path: Path) -> None:
    grammar = english()
    sentences = list(islice(script.draws(grammar, 5, "test"), 50))
    for name in ("a", "b"):
        script.write_split(tmp_path / f"{name}.parquet", sentences, grammar.factors)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert pq.read_table(tmp_path / "a.parquet")["text"].to_pylist() == [s.text for s in sentences]


def test_size_vocabulary_and_lengths_keep_their_limits() -> None:
    assert sum(path.stat().st_size for path in DATA.glob("*.parquet")) < 2_000_000
    texts = pq.read_table(DATA / "train.parquet")["text"].to_pylist()
    words = Counter(token for text in texts for token in text.split())
    assert 1000 <= len(words) <= 1500
    assert sum(n < 10 for n in words.values()) <= 0.02 * len(words)
    lengths = [count_words(text.split()) for text in texts]
    assert min(lengths) == 4
    assert max(lengths) == 20
    assert 8 <= sum(lengths) / len(lengths) <= 11


def test_the_readme_states_the_entropy_of_the_shipped_rows() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for split in SIZES:
        nats = [-x for x in pq.read_table(DATA / f"{split}.parquet")["log_prob"].to_pylist()]
        assert f"| {split} | {len(nats)} | {sum(nats) / len(nats):.3f} ±" in readme
    for factor in english().factors:
        assert f"| {factor} | {english().factor_entropy(factor):.4f} |" in readme
