"""Every command of the README runs, on a model made small; every file it names is there."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from textvae import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", README, flags=re.DOTALL)
    for line in block.splitlines()
    if line.startswith("textvae ")
]
SMALL = [
    *("--set", "train.epochs=null", "--set", "train.steps=2"),
    *("--set", "data.train=train[:300]", "--set", "data.validation=validation[:20]"),
    *("--set", "model.decoder.hidden=8", "--set", "model.encoder.hidden=8"),
]


@pytest.mark.parametrize("command", ["train", "sample", "interpolate", "encode", "evaluate"])
def test_the_readme_shows_every_command(command):
    assert any(line.startswith(f"textvae {command} ") for line in COMMANDS)


def test_the_commands_run_one_after_the_other(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(ROOT)
    for line in COMMANDS:
        words = shlex.split(line.replace("runs/quickstart", str(tmp_path / "run")))
        words = [str(tmp_path / w) if w.endswith(".parquet") else w for w in words]
        if words[1] == "train":
            words += SMALL
        if words[1] == "evaluate":
            words += ["--split", "test[:20]"]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        assert not exit_.value.code, f"{line}: {capfd.readouterr().err}"


def test_the_files_it_names_exist():
    named = re.findall(r"\]\(([\w/.]+)\)", README) + re.findall(r"`(configs/\w+\.yaml)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
