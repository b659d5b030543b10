"""Wrong configs, datasets and arguments: each ends with one line that names place and fix."""

import sys

import pytest
import yaml

from tests.training.corpus import raw_config, run_training, write_corpus
from textvae import cli

GAUSSIAN_RUN = "GAUSSIAN"
DISCRETE_RUN = "DISCRETE"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder with a corpus, odd files, a Gaussian run and a discrete one."""
    folder = tmp_path_factory.mktemp("wrong")
    files = write_corpus(folder)
    run_training(raw_config(files, steps=2), folder / GAUSSIAN_RUN)
    raw = raw_config(files, steps=2)
    raw["model"]["latent"] = {"kind": "categorical", "variables": 3, "classes": 4}
    run_training(raw, folder / DISCRETE_RUN)
    (folder / "config.yaml").write_text(yaml.safe_dump(raw_config(files)))
    (folder / "twice.yaml").write_text("seed: 1\nseed: 2\n")
    (folder / "typo.yaml").write_text("train:\n  steps: 3\n  batchsize: 4\n")
    (folder / "broken.yaml").write_text("train: [\n")
    (folder / "list.yaml").write_text("- 1\n")
    (folder / "empty.txt").write_text("\n\n")
    (folder / "latin.txt").write_bytes("first\ncaf\xe9\n".encode("latin-1"))
    (folder / "rows.jsonl").write_text('{"sentence": "a b", "number": 3}\n' * 30)
    (folder / "bare").mkdir()
    return folder


JSON = ["data.path=json", "data.data_files=rows.jsonl"]

CONFIGS = [
    (["--set", "train.batchsize=3"], ["train.batchsize", "did you mean `batch_size`"]),
    (["--set", "model.latent.kind=gausian"], ["model.latent.kind", "'gaussian'"]),
    (["--set", "model.latent.size=-3"], ["model.latent.size", "greater than 0"]),
    (["--set", "train.lr=fast"], ["train.lr", "number or a schedule"]),
    (["--set", "train.steps=null"], ["train", "steps", "epochs"]),
    (["--set", "train.steps"], ["--set train.steps", "section.key=value"]),
    (["--set", "train.steps.a=1"], ["train.steps", "not a section"]),
    (["--set", "objective.kl_weight=-1"], ["objective.kl_weight", "at least 0"]),
    (["--set", "objective.kl_weight={kind: cyclical}"], ["objective.kl_weight.period", "missing"]),
    (["--set", "data.data_files=nowhere.txt"], ["nowhere.txt"]),
    (["--set", "data.train=training"], ["data.train", "training", "'train'"]),
    (["--set", "data.text=txt"], ["txt", "text"]),
    (["--set", "data.data_files=empty.txt"], ["every row is blank"]),
    (["--set", "data.data_files=latin.txt"], ["latin.txt", "UTF-8"]),
    (["--set", JSON[0], "--set", JSON[1]], ["text", "sentence", "number"]),
    (["--set", JSON[0], "--set", JSON[1], "--set", "data.text=number"], ["number", "int64"]),
    (["--set", "data.max_length=2"], ["data.max_length"]),
    (["--set", "data.streaming=true", "--set", "train.validate_every=null"], ["validate_every"]),
    (["--set", "train.device=cuda"], ["device", "cuda", "cpu"]),
    (
        ["--set", "model.encoder={kind: transformer, width: 10, heads: 3}"],
        ["width 10", "heads 3"],
    ),
    (["--output", GAUSSIAN_RUN], [GAUSSIAN_RUN, "--resume"]),
    (["--output", GAUSSIAN_RUN, "--resume", "--set", "seed=7"], ["seed", "0", "7"]),
    (["--output", "empty.txt"], ["empty.txt", "is a file"]),
]

COMMANDS = [
    (["train", "nowhere.yaml"], ["nowhere.yaml", "no such config"]),
    (["train", "twice.yaml"], ["twice.yaml:2", "seed", "twice"]),
    (["train", "typo.yaml"], ["typo.yaml:3", "train.batchsize", "batch_size"]),
    (["train", "broken.yaml"], ["broken.yaml:", "not valid YAML"]),
    (["train", "list.yaml"], ["list.yaml", "sections"]),
    (["sample", "./nowhere"], ["nowhere", "no such folder"]),
    (["sample", "bare"], ["bare", "no model"]),
    (["sample", GAUSSIAN_RUN, "--temperature", "0"], ["temperature", "above 0"]),
    (["sample", GAUSSIAN_RUN, "--top-p", "2"], ["top_p", "at most 1"]),
    (["sample", GAUSSIAN_RUN, "--device", "cuda"], ["device", "cuda"]),
    (["interpolate", GAUSSIAN_RUN, "", "the chef cooks ."], ["sentence 1", "empty"]),
    (["interpolate", GAUSSIAN_RUN, "the chef " * 20, "a ."], ["sentence 1", "at most 26"]),
    (
        ["interpolate", DISCRETE_RUN, "the chef .", "a .", "--path", "spherical"],
        ["path", "discrete", "linear"],
    ),
    (["reconstruct", GAUSSIAN_RUN], ["--input"]),
    (["reconstruct", GAUSSIAN_RUN, "--input", "nowhere.txt"], ["nowhere.txt", "No such file"]),
    (["reconstruct", GAUSSIAN_RUN, "--input", "latin.txt"], ["latin.txt:2", "UTF-8"]),
    (["reconstruct", GAUSSIAN_RUN, "--input", "empty.txt"], ["empty.txt", "no sentence"]),
    (["encode", GAUSSIAN_RUN, "a .", "--output", "no/where.parquet"], ["where.parquet", "folder"]),
    (["evaluate", GAUSSIAN_RUN, "--split", "tests"], ["tests", "train"]),
]


@pytest.mark.parametrize(
    ("arguments", "fragments"),
    [(["train", "config.yaml", "--output", "new", *extra], said) for extra, said in CONFIGS]
    + COMMANDS,
)
def test_one_line_that_names_place_and_fix(workplace, monkeypatch, capfd, arguments, fragments):
    monkeypatch.chdir(workplace)
    monkeypatch.setattr(sys, "argv", ["textvae", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    output = capfd.readouterr()
    assert exit_.value.code not in (0, None)
    assert output.out == ""
    lines = [line for line in output.err.splitlines() if line.startswith("error:")]
    assert len(lines) == 1, output.err
    assert "Traceback" not in output.err
    for fragment in fragments:
        assert fragment in lines[0]


def test_a_bad_start_leaves_no_run_behind(workplace, monkeypatch, capfd):
    """The mended command can be given again with the same output."""
    monkeypatch.chdir(workplace)
    for extra, code in ((["--set", "data.text=txt"], 1), ([], 0)):
        command = ["textvae", "train", "config.yaml", "--output", "again", *extra]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        assert (exit_.value.code or 0) == code, capfd.readouterr().err
