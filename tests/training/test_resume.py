"""A resumed run equals an uninterrupted one, bit for bit, wherever it was interrupted."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.training.corpus import AGGRESSIVE, final_bytes, raw_config, run_training, write_corpus
from textvae.config_file import dump_config, parse_config
from textvae.errors import TextVAEError
from textvae.training import checkpoints, loop
from textvae.training.interruption import TrainingInterrupted


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def uninterrupted(corpus, tmp_path_factory):
    """Final files of an aggressive run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    run_training(raw_config(corpus, update=AGGRESSIVE), folder)
    return final_bytes(folder)


def steps_logged(folder):
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    return [json.loads(line)["step"] for line in lines if "train/loss" in line]


def test_five_kills_at_random_moments(corpus, tmp_path):
    """SIGKILL in the middle of anything, the aggressive phase included."""
    raw = raw_config(corpus, update=AGGRESSIVE, steps=400, checkpoint_every=5, validate_every=100)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run_training(raw, whole)
    config = tmp_path / "config.yaml"
    config.write_text(dump_config(parse_config(raw)))
    rng = random.Random(0)
    for _ in range(5):
        command = [sys.executable, "-m", "textvae", "train", str(config), "--output", str(killed)]
        with subprocess.Popen([*command, "--resume"], stderr=subprocess.PIPE) as process:
            seen = len(steps_logged(killed)) if (killed / "metrics.jsonl").exists() else 0
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                there = (killed / "metrics.jsonl").exists()
                if there and len(steps_logged_loosely(killed)) > seen + 5:
                    break
                time.sleep(0.02)
            time.sleep(rng.uniform(0.0, 0.3))
            process.send_signal(signal.SIGKILL)
    run_training(raw, killed, resume=True)
    assert final_bytes(killed) == final_bytes(whole)
    assert steps_logged(killed) == sorted(set(steps_logged(killed)))


def steps_logged_loosely(folder):
    """Lines so far; the last may be half written by the living process."""
    return (folder / "metrics.jsonl").read_text().splitlines()


WRITES = [
    ("save_file", 0),
    ("save_file", 1),
    ("save_file", 2),
    ("_flush", 0),
    ("_flush", 3),
    ("_digest", 0),
    ("os.rename", 0),
]


@pytest.mark.parametrize(("function", "call"), WRITES)
def test_failure_at_each_write_of_a_checkpoint(
    corpus, uninterrupted, tmp_path, monkeypatch, function, call
):
    """The second checkpoint, inside the aggressive phase, cannot be written at some point."""
    raw = raw_config(corpus, update=AGGRESSIVE)
    real = os.rename if function == "os.rename" else getattr(checkpoints, function)
    per_checkpoint = {"save_file": 3, "_flush": 5, "_digest": 3, "os.rename": 1}[function]
    calls = {"made": 0}

    def fails_once(*arguments):
        if function == "os.rename" and ".writing-" not in str(arguments[0]):
            return real(*arguments)
        calls["made"] += 1
        if calls["made"] == per_checkpoint + call + 1:
            raise OSError("no space left on device")
        return real(*arguments)

    target = checkpoints.os if function == "os.rename" else checkpoints
    monkeypatch.setattr(target, function.removeprefix("os."), fails_once)
    with pytest.raises(OSError, match="no space"):
        run_training(raw, tmp_path / "run")
    complete = sorted(path.name for path in (tmp_path / "run" / "checkpoints").glob("step-*"))
    assert complete == ["step-000000003"]
    monkeypatch.undo()
    run_training(raw, tmp_path / "run", resume=True)
    assert final_bytes(tmp_path / "run") == uninterrupted


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("stop_after", [2, 7])
def test_a_signal_saves_and_the_run_goes_on(corpus, tmp_path, monkeypatch, streaming, stop_after):
    raw = raw_config(corpus)
    if streaming:
        raw["data"] |= {"streaming": True, "shuffle_block": 40}
    run_training(raw, tmp_path / "whole")
    real, seen = loop.set_learning_rate, {"steps": 0}

    def interrupts(optimizer, value):
        seen["steps"] += 1
        if seen["steps"] == stop_after:
            os.kill(os.getpid(), signal.SIGTERM)
        real(optimizer, value)

    monkeypatch.setattr(loop, "set_learning_rate", interrupts)
    with pytest.raises(TrainingInterrupted) as stopped:
        run_training(raw, tmp_path / "run")
    assert (stopped.value.step, stopped.value.signal_number) == (stop_after, signal.SIGTERM)
    monkeypatch.undo()
    run_training(raw, tmp_path / "run", resume=True)
    assert final_bytes(tmp_path / "run") == final_bytes(tmp_path / "whole")


def test_a_damaged_checkpoint_is_passed_over(corpus, uninterrupted, tmp_path, caplog):
    raw = raw_config(corpus, update=AGGRESSIVE)
    run_training(raw, tmp_path / "run")
    newest = sorted((tmp_path / "run" / "checkpoints").glob("step-*"))[-1]
    weights = newest / "model.safetensors"
    flipped = bytearray(weights.read_bytes())
    flipped[-1] ^= 1
    weights.write_bytes(bytes(flipped))
    with caplog.at_level("INFO", "textvae"):
        run_training(raw, tmp_path / "run", resume=True)
    assert "damaged checkpoint passed over" in caplog.text
    assert "resuming after step 9" in caplog.text
    assert final_bytes(tmp_path / "run") == uninterrupted


def test_no_checkpoint_left_is_an_error(corpus, tmp_path):
    raw = raw_config(corpus)
    run_training(raw, tmp_path / "run")
    for path in (tmp_path / "run" / "checkpoints").glob("step-*/state.json"):
        path.write_text("{")
    with pytest.raises(TextVAEError, match="every checkpoint is damaged"):
        run_training(raw, tmp_path / "run", resume=True)


def test_a_longer_run_may_be_asked_for_and_nothing_else(corpus, tmp_path):
    run_training(raw_config(corpus), tmp_path / "run")
    with pytest.raises(TextVAEError, match=r"train\.lr.*was"):
        run_training(raw_config(corpus, lr=0.02), tmp_path / "run", resume=True)
    run_training(raw_config(corpus, steps=15), tmp_path / "run", resume=True)
    assert steps_logged(tmp_path / "run")[-1] == 15
