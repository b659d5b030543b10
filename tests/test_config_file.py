"""Every error is one line that names the place, the key and the nearest key."""

import subprocess
import sys
import textwrap

import pytest

from textvae import schedules
from textvae.config_file import dump_config, load_config, parse_config
from textvae.errors import TextVAEError

SMALLEST = "data: {path: text}\ntrain: {steps: 10}\n"


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "c.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def failure(path, overrides=()):
    """The one line of an error, with the folder of the file left out."""
    with pytest.raises(TextVAEError) as error:
        load_config(path, overrides)
    message = str(error.value)
    assert "\n" not in message
    return message.replace(f"{path.parent}/", "")


def test_a_file_is_read_with_its_defaults(write):
    config = load_config(write(SMALLEST + "objective: {kl_weight: 1e-1}\n"))
    assert (config.data.path, config.train.steps) == ("text", 10)
    assert config.objective.kl_weight == schedules.Constant(0.1)


# --- what is wrong with the file -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "c.yaml: expected sections such as `data:` and `train:`"),
        ("just words", "c.yaml: expected sections such as `data:` and `train:`"),
        ("- a list", "c.yaml: expected sections such as `data:` and `train:`"),
        ("data: {path: text}\n\ttrain: 3\n", "c.yaml:2: not valid YAML: found character"),
        ("data:\n  path: [\n", "c.yaml:3: not valid YAML: "),
        (SMALLEST + "---\n", "c.yaml:3: not valid YAML: "),
        (SMALLEST + "x: !!python/none\n", "c.yaml:3: not valid YAML: could not determine"),
        (SMALLEST + "seed: 1\nseed: 2\n", "c.yaml:4: `seed` is given twice; keep one"),
        (
            "data: {path: text}\ntrain:\n  steps: 1\n  lr: 1\n  steps: 2\n",
            "c.yaml:5: `steps` is given twice; keep one",
        ),
    ],
)
def test_what_is_no_config_file(write, text, message):
    assert failure(write(text)).startswith(message)


def test_what_is_no_file(tmp_path):
    assert failure(tmp_path / "none.yaml") == "none.yaml: no such config file"
    (tmp_path / "folder").mkdir()
    assert failure(tmp_path / "folder") == "folder: is a folder; name a YAML file"
    (tmp_path / "file").write_bytes(b"data: \xff\n")
    assert failure(tmp_path / "file") == "file: not UTF-8 text (byte 6)"
    assert "cannot be read: Not a directory" in failure(tmp_path / "file" / "inside")


# --- what is wrong with a key ----------------------------------------------------------------

KEYS = [
    # unknown keys: the nearest of the section, else the same key elsewhere, else what there is
    ("train:\n  stesp: 3\n", ":3: `train.stesp`: unknown key; did you mean `steps`?"),
    ("trian:\n  steps: 3\n", ":2: `trian`: unknown key; did you mean `train`?"),
    (
        "train:\n  steps: 3\n  word_dropout: 0.1\n",
        ":4: `train.word_dropout`: unknown key; did you mean `corruption.word_dropout`?",
    ),
    (
        "train: {steps: 3}\nobjective:\n  zzz: 1\n",
        ":4: `objective.zzz`: unknown key; this section knows kl_weight, free_bits",
    ),
    (
        "train: {steps: 3}\nmodel:\n  encoder:\n    kind: lstm\n    hiden: 3\n",
        ":6: `model.encoder.hiden`: unknown key; did you mean `hidden`?",
    ),
    (
        "train: {steps: 3}\nmodel:\n  encoder:\n    kind: lstm\n    heads: 3\n",
        ":6: `model.encoder.heads`: unknown key of kind lstm, which knows kind, embedding, hidden,"
        " layers, bidirectional, dropout",
    ),
    (
        "train: {steps: 3}\nobjective:\n  kl_weight:\n    kind: linear\n    stepss: 3\n",
        ":6: `objective.kl_weight.stepss`: unknown key; did you mean `steps`?",
    ),
    (
        "train: {steps: 3}\nobjective:\n  kl_weight:\n    kind: logistic\n    midpiont: 3\n",
        ":6: `objective.kl_weight.midpiont`: unknown key; did you mean `midpoint`?",
    ),
    # missing keys
    ("", ": `train` is missing"),
    (
        "train: {steps: 3}\nobjective:\n  kl_weight:\n    kind: logistic\n",
        ":4: `objective.kl_weight.midpoint` is missing",
    ),
    (
        "train: {steps: 3}\nobjective:\n  free_bits:\n    scope: unit\n",
        ":4: `objective.free_bits.nats` is missing",
    ),
    (
        "train: {steps: 3}\ntokenizer:\n  kind: pretrained\n",
        ":3: `tokenizer.path` is missing",
    ),
    # kinds
    (
        "train: {steps: 3}\nmodel:\n  encoder: {hidden: 3}\n",
        ":4: `model.encoder` needs a `kind`: one of lstm, transformer",
    ),
    (
        "train: {steps: 3}\nobjective:\n  kl_weight: {start: 0}\n",
        ":4: `objective.kl_weight` needs a `kind`: one of constant, linear, logistic, cyclical,"
        " exponential, warmup",
    ),
    (
        "train: {steps: 3}\nmodel:\n  encoder:\n    kind: lsmt\n",
        ":4: `model.encoder.kind`: no such kind 'lsmt'; did you mean 'lstm'?",
    ),
    (
        "train: {steps: 3}\nmodel:\n  latent: {kind: zzz}\n",
        ":4: `model.latent.kind`: no such kind 'zzz'; there are gaussian, categorical",
    ),
    # values
    (
        "train:\n  steps: many\n",
        ":3: `train.steps`: input should be a valid integer, unable to parse string as an integer"
        " (got 'many')",
    ),
    ("train:\n  steps: -3\n", ":3: `train.steps`: input should be greater than 0 (got -3)"),
    (
        "train: {steps: 3}\nobjective:\n  free_bits:\n    nats: 1\n    scope: units\n",
        ":6: `objective.free_bits.scope`: input should be 'unit', 'total' or 'unit_batch_mean'"
        " (got 'units')",
    ),
    (
        "train:\n  steps: 3\n  optimizer:\n    kind: adamw\n    betas: [0.9, 1.5]\n",
        ":6: `train.optimizer.betas.1`: input should be less than 1 (got 1.5)",
    ),
    (
        "train: {steps: 3}\nobjective:\n  kl_weight: much\n",
        ":4: `objective.kl_weight`: expected a number or a schedule, as {kind: linear, ...}"
        " (got 'much')",
    ),
    (
        "train: {steps: 3}\nobjective:\n  kl_weight:\n    kind: linear\n    steps: 0\n",
        ":4: `objective.kl_weight`: steps must be positive",
    ),
    # a value where a section should be
    ("train: 3\n", ":2: `train`: expected a section of keys (got 3)"),
    (
        "train: {steps: 3}\nmodel:\n  encoder: lstm\n",
        ":4: `model.encoder`: expected a section of keys (got 'lstm')",
    ),
    # several keys that do not go together
    (
        "train:\n  steps: 3\n  epochs: 3\n",
        ":2: `train`: give `steps` or `epochs`, one of the two",
    ),
]


@pytest.mark.parametrize(("text", "message"), KEYS)
def test_a_wrong_key_is_named_with_its_line(write, text, message):
    assert failure(write("data: {path: text}\n" + text)) == "c.yaml" + message


def test_a_union_of_plain_types_is_one_key(write):
    path = write("data:\n  path: text\n  data_files: 3\ntrain: {steps: 3}\n")
    assert failure(path).startswith("c.yaml:3: `data.data_files`: input should be")


def test_a_dictionary_has_no_lines():
    with pytest.raises(TextVAEError, match=r"^config: `train\.stesp`: unknown key; did you mean"):
        parse_config({"data": {"path": "text"}, "train": {"stesp": 3}})
    assert parse_config({"data": {"path": "text"}, "train": {"steps": 3}}).train.steps == 3


# --- overrides -------------------------------------------------------------------------------


def test_overrides_are_read_as_yaml_and_the_last_one_holds(write):
    path = write(SMALLEST + "objective:\n  kl_weight: {kind: linear, steps: 5}\n")
    config = load_config(
        path,
        [
            "train.lr=1e-4",
            "train.steps=20",
            "train.steps=30",
            "objective.kl_weight.end=0.5",
            "model.latent={kind: gaussian, size: 4}",
            "data.text=a=b",
            "train.clip=",
            "objective.free_bits.nats=2",
        ],
    )
    assert config.train.lr == schedules.Constant(1e-4)
    assert config.train.steps == 30
    assert config.objective.kl_weight == schedules.Linear(steps=5, end=0.5)
    assert config.model.latent.size == 4
    assert config.data.text == "a=b"
    assert config.train.clip is None
    assert config.objective.free_bits.nats == 2


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("train.steps", "--set train.steps: expected section.key=value"),
        ("=3", "--set =3: expected section.key=value"),
        ("train..lr=3", "--set train..lr=3: expected section.key=value"),
        ("data.path.x=3", "--set data.path.x=3: `data.path` is a value, not a section"),
        ("train.steps=[", "--set train.steps=[: the value is not valid YAML"),
        (
            "train.stesp=4",
            "--set train.stesp=4: `train.stesp`: unknown key; did you mean `steps`?",
        ),
        (
            "trian.steps=4",
            "--set trian.steps=4: `trian`: unknown key; did you mean `train`?",
        ),
        ("train.batch_size=0", "--set train.batch_size=0: `train.batch_size`: input should be"),
        (
            "objective.kl_weight.end=0.5",
            "--set objective.kl_weight.end=0.5: `objective.kl_weight` needs a `kind`: one of",
        ),
        (
            "objective.kl_weight={kind: linear, stpes: 3}",
            "--set objective.kl_weight={kind: linear, stpes: 3}: `objective.kl_weight.stpes`: "
            "unknown key; did you mean `steps`?",
        ),
    ],
)
def test_a_wrong_override_is_named(write, override, message):
    assert failure(write(SMALLEST), [override]).startswith(message)


def test_the_file_is_blamed_for_its_own_keys_beside_an_override(write):
    path = write("data: {path: text}\ntrain:\n  steps: 3\n  batch_size: 0\n")
    assert failure(path, ["train.lr=1"]).startswith("c.yaml:4: `train.batch_size`")


# --- writing ---------------------------------------------------------------------------------


def test_what_is_written_is_read_back(write):
    path = write(
        """
        seed: 3
        data:
          path: json
          data_files: {train: [a.json, b.json], test: c.json}
          text: "1e3"
          max_length: 20
        tokenizer: {kind: sentencepiece, vocab_size: 100}
        model:
          encoder: {kind: transformer, width: 8, heads: 2}
          latent:
            kind: categorical
            temperature: {kind: exponential, start: 1, end: 1e-1, steps: 70}
          decoder: {kind: lstm, latent_input: every_step}
        objective:
          kl_weight: {kind: cyclical, period: 10}
          free_bits: {nats: 0.25}
        train:
          epochs: 2.5
          lr: {kind: warmup, peak: 1e-5, warmup: 10}
          optimizer: {kind: adamw, betas: [0.9, 0.95]}
          update: {kind: aggressive}
          early_stopping: {patience: 3}
        """
    )
    config = load_config(path)
    assert config.train.lr.peak == 1e-5
    text = dump_config(config)
    assert load_config(write(text)) == config
    assert dump_config(load_config(write(text))) == text
    assert "word_dropout: 0.0" in text  # defaults are written out


def test_a_config_is_checked_without_importing_torch(write):
    path = write(SMALLEST)
    code = (
        "import sys; from textvae.config_file import load_config, dump_config; "
        f"dump_config(load_config({str(path)!r})); "
        "heavy = {'torch', 'transformers', 'datasets', 'accelerate'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
