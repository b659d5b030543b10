"""`train`: from a config and a dataset to a run folder."""

import copy
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import IterableDataset

from textvae.config import Config
from textvae.config_file import load_config, parse_config
from textvae.data.batches import TrainBatches, evaluation_batches
from textvae.data.corruptions import WordDropout
from textvae.data.encoded import EncodedTexts, encode_split
from textvae.data.opening import AnyDataset, Source
from textvae.data.sources import Splits, load_splits
from textvae.data.streaming import StreamBatches
from textvae.data.tokenizer import Tokenizer, build_tokenizer
from textvae.evaluation.posterior_pass import PosteriorPass
from textvae.model_card import model_card
from textvae.models.vae import VAE
from textvae.run import Run
from textvae.staging import staged
from textvae.text_vae import TextVAE
from textvae.training.loop import fit
from textvae.training.reporting import LoggingReporter, Reporter
from textvae.training.session import Task

_EVALUATION_BATCH = 128
_SHOWN = 8  # sentences in each text panel of TensorBoard
_STREAMED_FOR_TOKENIZER = 100_000  # rows

TrainSource = TrainBatches | StreamBatches


def train(
    config: Config | Mapping[str, Any] | str | Path,
    *,
    dataset: Source | None = None,
    output: str | Path | None = None,
    resume: bool = False,
    reporter: Reporter | None = None,
) -> Run:
    """Train a sentence VAE; returns its run folder.

    `config`: a `Config`, a dictionary, or the path of a YAML file. `dataset`: a `Dataset`, a
    `DatasetDict` or a list of strings, in place of what `config.data` names. `output`: the run
    folder; by default `runs/` and the name of the config file. `resume` continues the run in that
    folder from its newest checkpoint, bit for bit.

    Raises `TextVAEError` for what a user can mend, `TrainingInterrupted` after Ctrl-C or SIGTERM,
    when everything is saved.
    """
    reporter = reporter or LoggingReporter()
    name = Path(config).stem if isinstance(config, str | Path) else "run"
    if isinstance(config, str | Path):
        config = load_config(config)
    elif not isinstance(config, Config):
        config = parse_config(dict(config))
    run = Run(Path("runs") / name if output is None else Path(output))
    splits = load_splits(config.data, dataset)
    continuing = run.begin(config, resume=resume)
    _seed(config.seed)

    tokenizer = _tokenizer(run, config, splits, reporter, continuing=continuing)
    vae = TextVAE.build(config, tokenizer)
    batches, inner_batches = _train_batches(config, splits, tokenizer, reporter)
    assert splits.validation is not None  # carved off if there was none
    validation = _encode(config, splits.validation, tokenizer)
    reporter.say(f"validation: {validation.report.summary()}")
    reporter.say(
        f"{vae.config.model.encoder.kind} encoder, {vae.config.model.latent.kind} latent, "
        f"{vae.config.model.decoder.kind} decoder; vocabulary {tokenizer.vocab_size:,}; "
        f"{sum(p.numel() for p in vae.model.parameters()):,} parameters"
    )
    task = Task(
        model=vae.model,
        batches=batches,
        inner_batches=inner_batches,
        validation=lambda: evaluation_batches(
            validation, tokenizer.specials, batch_size=_EVALUATION_BATCH
        ),
        corrupt=WordDropout(config.corruption.word_dropout, tokenizer.unk_id, tokenizer.bos_id),
        show=_examples(vae, validation),
        save_best=lambda model, step, figures: vae.save_pretrained(
            run.model_folder, card=model_card(vae, step=step, validation=figures)
        ),
    )
    fit(task, config, run.folder, resume=continuing, reporter=reporter)
    return run


def _seed(seed: int) -> None:
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - for libraries that use the global one


def _seeds(seed: int) -> tuple[int, int]:
    """Of the order of the training batches, and of the inner batches of aggressive inference."""
    first, second = np.random.SeedSequence(seed).generate_state(2)
    return int(first), int(second)


def _tokenizer(
    run: Run, config: Config, splits: Splits, reporter: Reporter, *, continuing: bool
) -> Tokenizer:
    """The tokenizer of the run: saved before the first step, so that a resumed run has the same."""
    if continuing:
        return Tokenizer.load(run.model_folder)
    column = config.data.text
    rows: Iterable[Mapping[str, Any]] = splits.train
    if isinstance(splits.train, IterableDataset):
        rows = splits.train.take(_STREAMED_FOR_TOKENIZER)
        reporter.say(f"tokenizer: from the first {_STREAMED_FOR_TOKENIZER:,} rows of the stream")
    tokenizer = build_tokenizer(config.tokenizer, (row[column] for row in rows if row[column]))
    with staged(run.model_folder) as staging:
        tokenizer.save(staging)
    return tokenizer


def _train_batches(
    config: Config, splits: Splits, tokenizer: Tokenizer, reporter: Reporter
) -> tuple[TrainSource, TrainSource]:
    """The batches of the training steps, and those of the inner steps of aggressive inference."""
    data, batch_size = config.data, config.train.batch_size
    seed, inner_seed = _seeds(config.seed)
    if isinstance(splits.train, IterableDataset):
        reporter.say(
            f"train: streaming; rows are shuffled and sorted by length in blocks of "
            f"{data.shuffle_block:,}, never over the whole set"
        )
        # an iterator over a stream moves it, so each has a stream of its own
        streams = (splits.train, copy.deepcopy(splits.train))
        outer, inner = (
            StreamBatches(
                stream,
                data.text,
                tokenizer,
                batch_size=batch_size,
                seed=seed_of_stream,
                block=data.shuffle_block,
                max_length=data.max_length,
                overlong=data.overlong,
            )
            for stream, seed_of_stream in zip(streams, (seed, inner_seed), strict=True)
        )
        return outer, inner
    texts = _encode(config, splits.train, tokenizer)
    reporter.say(f"train: {texts.report.summary()}")
    outer_batches, inner_batches = (
        TrainBatches(texts, tokenizer.specials, batch_size=batch_size, seed=order)
        for order in (seed, inner_seed)
    )
    return outer_batches, inner_batches


def _encode(config: Config, split: AnyDataset, tokenizer: Tokenizer) -> EncodedTexts:
    data = config.data
    return encode_split(
        split, data.text, tokenizer, max_length=data.max_length, overlong=data.overlong
    )


def _examples(
    vae: TextVAE, validation: EncodedTexts
) -> Callable[[VAE, PosteriorPass], dict[str, list[str]]]:
    """What TensorBoard shows in words: the same noise and sentences at every validation."""
    chosen = np.linspace(0, len(validation) - 1, min(_SHOWN, len(validation)), dtype=int)
    texts = vae.tokenizer.decode(
        [validation.values[slice(*validation.offsets[i : i + 2])].tolist() for i in chosen]
    )

    def show(model: VAE, passed: PosteriorPass) -> dict[str, list[str]]:
        pairs = zip(texts, vae.reconstruct(texts), strict=True)
        return {
            "samples/prior": vae.sample(_SHOWN),
            "samples/reconstruction": [line for a, b in pairs for line in (f"  {a}", f"> {b}")],
            "samples/interpolation": vae.interpolate(texts[0], texts[-1], steps=_SHOWN),
        }

    return show
