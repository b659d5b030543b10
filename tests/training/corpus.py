"""A small corpus on disk and the smallest config that uses every stateful part of training."""

import random
from pathlib import Path

from textvae.config_file import parse_config
from textvae.grammar import english
from textvae.text_training import train
from textvae.training.reporting import LoggingReporter


def write_corpus(folder: Path) -> dict[str, str]:
    """Text files of training and validation sentences; their paths by split."""
    rng = random.Random(0)
    files = {}
    for split, number in (("train", 150), ("validation", 40)):
        path = folder / f"{split}.txt"
        path.write_text("".join(f"{english().sample(rng).text}\n" for _ in range(number)))
        files[split] = str(path)
    return files


def raw_config(files: dict[str, str], **train_settings) -> dict:
    """LSTM with every dropout, AdamW, a plateau: all that a checkpoint has to hold."""
    return {
        "data": {"path": "text", "data_files": files, "max_length": 26},
        "model": {
            "encoder": {"kind": "lstm", "embedding": 8, "hidden": 8, "dropout": 0.1},
            "latent": {"kind": "gaussian", "size": 3},
            "decoder": {"kind": "lstm", "embedding": 8, "hidden": 8, "output_dropout": 0.2},
        },
        "corruption": {"word_dropout": 0.2},
        "train": {
            "steps": 12,
            "batch_size": 16,
            "validate_every": 6,
            "checkpoint_every": 3,
            "log_every": 2,
            "lr": 0.01,
            "plateau": {"patience": 1},
            **train_settings,
        },
    }


AGGRESSIVE = {"kind": "aggressive", "max_inner_steps": 4, "check_every": 2}


def run_training(raw: dict, output: Path, *, resume: bool = False):
    """Train without drawing anything; returns the run."""
    return train(parse_config(raw), output=output, resume=resume, reporter=LoggingReporter())


def final_bytes(folder: Path) -> dict[str, bytes]:
    """Best model, and weights, optimiser and generators of the last checkpoint."""
    last = sorted((folder / "checkpoints").glob("step-*"))[-1]
    files = [folder / "model" / "model.safetensors", *sorted(last.glob("*.safetensors"))]
    return {f"{file.parent.name}/{file.name}": file.read_bytes() for file in files}
