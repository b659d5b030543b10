"""The `textvae` command. Text goes to standard output, talk to standard error.

Everything heavy is imported inside the commands, so that `--help` answers at once.
"""

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textvae.errors import TextVAEError

if TYPE_CHECKING:
    from textvae.text_vae import TextVAE

app = typer.Typer(
    help="Sentence generation with variational autoencoders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
config_app = typer.Typer(help="Look at configurations.", no_args_is_help=True)
app.add_typer(config_app, name="config")


class Device(StrEnum):
    """Where to compute."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"
    mps = "mps"


class Strategy(StrEnum):
    """How words are chosen."""

    sample = "sample"
    greedy = "greedy"


class PathKind(StrEnum):
    """The way between two codes."""

    linear = "linear"
    spherical = "spherical"


ConfigFile = Annotated[Path, typer.Argument(help="YAML file.", show_default=False)]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a setting, as train.lr=3e-4."),
]
Model = Annotated[str, typer.Argument(metavar="RUN", help="Run folder, model folder or hub id.")]
DeviceOption = Annotated[Device, typer.Option(help="Where to compute.")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
Seed = Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")]
Input = Annotated[
    Path | None, typer.Option("--input", help="File with a sentence a line; - is standard input.")
]


@app.command()
def train(
    config: ConfigFile,
    settings: Settings = None,
    output: Annotated[
        Path | None, typer.Option(help="Run folder; default: runs/ and the name of the config.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue from the newest checkpoint, bit for bit.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Train a model into a run folder."""
    from textvae.config_file import load_config

    checked = load_config(config, settings or [])
    from textvae.terminal import TerminalReporter
    from textvae.text_training import train as train_text
    from textvae.training.interruption import TrainingInterrupted

    folder = output or Path("runs") / config.stem
    try:
        run = train_text(checked, output=folder, resume=resume, reporter=TerminalReporter())
    except TrainingInterrupted as stopped:
        overrides = "".join(f" --set {setting}" for setting in settings or [])
        _say(
            f"{stopped}; everything is saved. Continue with:\n"
            f"  textvae train {config}{overrides} --output {folder} --resume"
        )
        raise typer.Exit(128 + stopped.signal_number) from None
    _say(f"model: {run.model_folder}\ncurves: tensorboard --logdir {run.tensorboard_folder}")
    if as_json:
        _json({"run": str(run.folder), "model": str(run.model_folder)})


@app.command()
def sample(
    run: Model,
    num: Annotated[int, typer.Option(min=1, help="How many sentences.")] = 10,
    seed: Seed = 0,
    temperature: Annotated[float, typer.Option(help="Divides the logits.")] = 1.0,
    top_p: Annotated[float, typer.Option(help="Nucleus: keep this much probability.")] = 1.0,
    strategy: Annotated[Strategy, typer.Option(help="How words are chosen.")] = Strategy.sample,
    device: DeviceOption = Device.auto,
    as_json: Json = False,
) -> None:
    """Write sentences from the prior."""
    vae = _load(run, device)
    sentences = vae.sample(
        num, seed=seed, strategy=strategy.value, temperature=temperature, top_p=top_p
    )
    _print(sentences, as_json)


@app.command()
def interpolate(
    run: Model,
    a: Annotated[str, typer.Argument(help="Sentence at the beginning.", show_default=False)],
    b: Annotated[str, typer.Argument(help="Sentence at the end.", show_default=False)],
    steps: Annotated[int, typer.Option(min=2, help="Points, both ends included.")] = 9,
    path: Annotated[PathKind, typer.Option(help="The way between the codes.")] = PathKind.linear,
    device: DeviceOption = Device.auto,
    as_json: Json = False,
) -> None:
    """Write sentences along the way between two."""
    vae = _load(run, device)
    _print(vae.interpolate(a, b, steps=steps, path=path.value), as_json)


@app.command()
def reconstruct(
    run: Model,
    sentences: Annotated[
        list[str] | None, typer.Argument(help="Sentences, or --input.", show_default=False)
    ] = None,
    file: Input = None,
    device: DeviceOption = Device.auto,
    as_json: Json = False,
) -> None:
    """Write each sentence as the decoder says it from its code."""
    originals = _sentences(sentences, file)
    written = _load(run, device).reconstruct(originals)
    same = sum(a == b for a, b in zip(originals, written, strict=True))
    _say(f"{same} of {len(originals)} come back exactly")
    if as_json:
        pairs = zip(originals, written, strict=True)
        _json([{"sentence": a, "reconstruction": b} for a, b in pairs])
    else:
        _print(written, as_json=False)


@app.command()
def encode(
    run: Model,
    output: Annotated[Path, typer.Option(help="Parquet file with columns text and code.")],
    sentences: Annotated[
        list[str] | None, typer.Argument(help="Sentences, or --input.", show_default=False)
    ] = None,
    file: Input = None,
    device: DeviceOption = Device.auto,
    as_json: Json = False,
) -> None:
    """Store the code of each sentence: posterior means, or the classes of discrete latents."""
    if not output.parent.is_dir():
        raise TextVAEError(f"--output {output}: there is no folder {output.parent}")
    texts = _sentences(sentences, file)
    codes = _load(run, device).encode(texts)
    from datasets import Dataset

    writing = output.with_name(f".{output.name}.writing")
    Dataset.from_dict({"text": texts, "code": codes.numpy()}).to_parquet(writing)
    os.replace(writing, output)
    _say(f"{output}: {codes.shape[0]} codes of {codes.shape[1]} numbers")
    if as_json:
        _json({"output": str(output), "rows": codes.shape[0], "size": codes.shape[1]})


@app.command()
def evaluate(
    run: Model,
    split: Annotated[
        str, typer.Option(help="train, validation, test, or a split as in test[:500].")
    ] = "test",
    samples: Annotated[int, typer.Option(min=1, help="Draws for the IW-NLL.")] = 500,
    seed: Seed = 0,
    output: Annotated[
        Path | None, typer.Option(help="Default: evaluation.json in the run or model folder.")
    ] = None,
    device: DeviceOption = Device.auto,
    as_json: Json = False,
) -> None:
    """Measure likelihood, bound and use of the latent; write evaluation.json."""
    vae = _load(run, device)
    from textvae.terminal import evaluation_table, print_table
    from textvae.text_evaluation import evaluate as evaluate_text
    from textvae.text_evaluation import write_evaluation

    figures = evaluate_text(vae, split=split, samples=samples, seed=seed)
    target = output or (Path(run) / "evaluation.json" if Path(run).is_dir() else None)
    if target is not None:
        write_evaluation(figures, target)
        _say(f"written to {target}")
    if as_json:
        _json(figures)
    else:
        print_table(evaluation_table(figures))


@config_app.command("show")
def show_config(config: ConfigFile, settings: Settings = None, as_json: Json = False) -> None:
    """Print the whole configuration, defaults included."""
    from textvae.config_file import dump_config, load_config

    checked = load_config(config, settings or [])
    if as_json:
        _json(checked.model_dump(mode="json"))
    else:
        sys.stdout.write(dump_config(checked))


def main() -> None:
    """Run the command line; errors a user can mend are one line on standard error."""
    try:
        app()
    except TextVAEError as error:
        _say(f"error: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        _say("interrupted")
        sys.exit(130)
    except BrokenPipeError:
        # whoever read our output has left; keep the interpreter from flushing into nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _load(run: str, device: Device) -> "TextVAE":
    from textvae.text_vae import TextVAE

    return TextVAE.from_pretrained(run, device=device.value)


def _sentences(given: list[str] | None, file: Path | None) -> list[str]:
    """Sentences from the arguments or from a file or pipe; blank lines are left out."""
    if (file is None) == (not given):
        raise TextVAEError("give sentences, or a file with --input, one of the two")
    if file is None:
        return list(given or [])
    name = "standard input" if str(file) == "-" else str(file)
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        lines = raw.decode("utf-8").splitlines()
    except OSError as error:
        raise TextVAEError(f"--input {name}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TextVAEError(f"--input {name}:{line}: not valid UTF-8") from None
    kept = [line for line in lines if line.strip()]
    if len(kept) < len(lines):
        _say(f"{name}: {len(lines) - len(kept)} blank lines left out")
    if not kept:
        raise TextVAEError(f"--input {name}: holds no sentence")
    return kept


def _print(sentences: list[str], as_json: bool) -> None:
    if as_json:
        _json(sentences)
    else:
        sys.stdout.writelines(f"{sentence}\n" for sentence in sentences)


def _json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
