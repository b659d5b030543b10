"""The commands on a small trained run: what goes to standard output, and what is stored."""

import json
import random
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from transformers import AutoTokenizer

from tests.training.corpus import raw_config, run_training, write_corpus
from textvae import TextVAE, cli
from textvae.grammar import english

A, B = "he did not sing .", "will the soup cool ?"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    raw = raw_config(write_corpus(folder))
    raw["data"]["grammar"] = "english"
    return run_training(raw, folder / "run")


@pytest.fixture
def command(monkeypatch, capfd):
    """Runs a command; returns its standard output, which must not hold any talk."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["textvae", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        output = capfd.readouterr()
        assert not exit_.value.code, output.err
        return output.out

    return call


def test_sample(run, command):
    first = command("sample", run.folder, "--num", 4, "--seed", 1)
    assert len(first.splitlines()) == 4
    assert first == command("sample", run.model_folder, "--num", 4, "--seed", 1)
    assert first != command("sample", run.folder, "--num", 4, "--seed", 2)
    greedy = command("sample", run.folder, "--num", 4, "--strategy", "greedy", "--json")
    assert json.loads(greedy) == TextVAE.from_pretrained(run.folder).sample(4, strategy="greedy")
    for token in ("<s>", "</s>", "<pad>", "<unk>"):
        assert token not in first


def test_interpolation_begins_and_ends_with_the_reconstructions(run, command):
    path = command("interpolate", run.folder, A, B, "--steps", 5).splitlines()
    assert len(path) == 5
    assert [path[0], path[-1]] == command("reconstruct", run.folder, A, B).splitlines()
    assert len(command("interpolate", run.folder, A, B, "--path", "spherical").splitlines()) == 9


def test_reconstruct_from_a_file(run, command, tmp_path):
    file = tmp_path / "in.txt"
    file.write_text(f"{A}\n\n{B}\n")
    pairs = json.loads(command("reconstruct", run.folder, "--input", file, "--json"))
    assert [pair["sentence"] for pair in pairs] == [A, B]


def test_encode_stores_the_codes_of_the_api(run, command, tmp_path):
    output = tmp_path / "latents.parquet"
    assert command("encode", run.folder, A, B, "--output", output) == ""
    stored = pq.read_table(output).to_pydict()
    assert stored["text"] == [A, B]
    assert stored["code"] == TextVAE.from_pretrained(run.folder).encode([A, B]).tolist()


def test_evaluate_writes_every_figure(run, command):
    arguments = ("evaluate", run.folder, "--split", "validation", "--samples", 5, "--json")
    figures = json.loads(command(*arguments))
    assert figures == run.evaluation()
    expected = {
        *("iw_nll", "iw_nll_stderr", "perplexity", "elbo", "reconstruction", "kl"),
        *("mutual_information", "mutual_information_ceiling", "active_units", "shuffled_z_gap"),
        *("num_sentences", "num_samples", "entropy", "gap_to_entropy", "grammatical_rate"),
    }
    assert expected <= figures.keys()
    assert (figures["num_sentences"], figures["num_samples"]) == (40, 5)
    assert figures["iw_nll"] <= -figures["elbo"] + 0.5
    # the small word vocabulary loses words of these sentences: the gap would compare two things
    assert figures["gap_to_entropy"] is None
    assert figures["grammatical_rate_samples"] == 1000
    table = command(*arguments[:-1])
    assert "IW-NLL" in table
    assert f"{figures['iw_nll']:.3f}" in table


def test_config_show_is_a_config(run, command):
    shown = command("config", "show", run.config_file)
    assert shown == run.config_file.read_text()
    assert json.loads(command("config", "show", run.config_file, "--json"))["seed"] == 0


def test_training_from_the_resolved_config_repeats_the_run(run, command, tmp_path):
    command("train", run.config_file, "--output", tmp_path / "again")
    again = (tmp_path / "again" / "model" / "model.safetensors").read_bytes()
    assert again == (run.model_folder / "model.safetensors").read_bytes()


def test_the_tokenizer_loads_by_itself_with_the_same_ids(run):
    alone = AutoTokenizer.from_pretrained(run.model_folder)
    sentence = english().sample(random.Random(3)).text
    ids = TextVAE.from_pretrained(run.folder).tokenizer.encode([sentence])[0]
    assert alone(sentence, add_special_tokens=False)["input_ids"] == ids


def test_help_answers_without_torch():
    code = (
        "import sys; from textvae import cli; sys.argv = ['textvae', '--help']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "sys.exit('torch' in sys.modules or 'datasets' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "interpolate" in done.stdout
