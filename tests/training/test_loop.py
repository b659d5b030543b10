"""A whole small training: tags, schedules, the best model, stopping, and bad losses."""

import json

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.training.corpus import final_bytes, raw_config, run_training, write_corpus
from textvae.errors import TextVAEError
from textvae.training import loop
from textvae.training.controllers import Best
from textvae.training.learner import Learner

TRAIN = ("loss", "elbo", "reconstruction", "kl", "kl_weight", "learning_rate", "grad_norm")
VALIDATION = (
    "elbo",
    "reconstruction",
    "kl",
    "perplexity_bound",
    "mutual_information",
    "active_units",
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def curve(run, tag):
    return {point["step"]: point[tag] for point in run.metrics() if tag in point}


def tensorboard(run):
    events = EventAccumulator(str(run.tensorboard_folder))
    events.Reload()
    return events.Tags()


@pytest.mark.parametrize("estimator", [None, "gumbel_softmax", "straight_through"])
def test_every_tag_is_there_under_the_same_name(corpus, tmp_path, estimator):
    raw = raw_config(corpus)
    if estimator is not None:
        latent = {"kind": "categorical", "variables": 3, "classes": 4, "estimator": estimator}
        raw["model"]["latent"] = latent
    run = run_training(raw, tmp_path / "run")
    expected = {f"train/{name}" for name in TRAIN} | {"train/tokens_per_second"}
    if estimator == "gumbel_softmax":
        expected = (expected - {"train/elbo"}) | {"train/elbo_relaxed"}
    expected |= {f"validation/{name}" for name in VALIDATION}
    tags = tensorboard(run)
    assert set(tags["scalars"]) == expected
    assert tags["histograms"] == ["validation/kl_per_unit"]
    shown = {tag.removesuffix("/text_summary") for tag in tags["tensors"]}
    assert shown == {"samples/prior", "samples/reconstruction", "samples/interpolation"}
    logged = {tag for point in run.metrics() for tag in point} - {"step"}
    assert logged == expected


def test_curves_follow_the_schedules_and_the_elbo_is_unweighted(corpus, tmp_path):
    raw = raw_config(corpus, lr={"kind": "linear", "start": 0.01, "end": 0.0}, plateau=None)
    raw["objective"] = {
        "kl_weight": {"kind": "linear", "start": 0.0, "end": 1.0, "steps": 10},
        "free_bits": {"nats": 0.5, "scope": "unit"},
    }
    run = run_training(raw, tmp_path / "run")
    # step s of the curve is the update made with the schedule's value at s - 1
    for step, rate in curve(run, "train/learning_rate").items():
        assert rate == pytest.approx(0.01 * (1 - (step - 1) / 12))
    for step, weight in curve(run, "train/kl_weight").items():
        assert weight == pytest.approx(min(1.0, (step - 1) / 10))
    for prefix in ("train", "validation"):
        reconstruction, kl = curve(run, f"{prefix}/reconstruction"), curve(run, f"{prefix}/kl")
        for step, elbo in curve(run, f"{prefix}/elbo").items():
            assert elbo == pytest.approx(-(reconstruction[step] + kl[step]), rel=1e-6)


def test_validating_and_saving_more_often_changes_nothing(corpus, tmp_path):
    often = raw_config(corpus, validate_every=1, checkpoint_every=1, log_every=1, plateau=None)
    seldom = raw_config(corpus, validate_every=12, checkpoint_every=12, log_every=5, plateau=None)
    runs = [run_training(raw, tmp_path / name) for name, raw in (("a", often), ("b", seldom))]
    files = [final_bytes(run.folder) for run in runs]
    checkpoint = [name for name in files[0] if name.startswith("step-")]
    assert all(files[0][name] == files[1][name] for name in checkpoint)


def test_the_best_model_stays_and_early_stopping_ends(corpus, tmp_path, monkeypatch):
    bounds = iter([-50.0, -40.0, -45.0, -44.0, -30.0])
    real = loop.run_posterior

    def scripted(*arguments, **settings):
        passed = real(*arguments, **settings)
        value = next(bounds)
        monkeypatch.setattr(
            type(passed), "summary", lambda self: {**dict.fromkeys(VALIDATION, 0.0), "elbo": value}
        )
        return passed

    monkeypatch.setattr(loop, "run_posterior", scripted)
    raw = raw_config(corpus, validate_every=2, early_stopping={"patience": 2}, plateau=None)
    run = run_training(raw, tmp_path / "run")
    assert max(curve(run, "train/loss")) == 8  # the fourth validation; the fifth is never made
    card = (run.model_folder / "README.md").read_text()
    assert "after step 4:" in card
    assert "-40.000" in card


def test_a_plateau_cuts_the_learning_rate(corpus, tmp_path, monkeypatch):
    def never_better(self, value):
        self.waited += 1
        return False

    monkeypatch.setattr(Best, "is_better", never_better)
    every_four = {"validate_every": 4, "checkpoint_every": 4, "log_every": 4}
    raw = raw_config(corpus, **every_four, plateau={"factor": 0.1, "patience": 1})
    run = run_training(raw, tmp_path / "run")
    assert list(curve(run, "train/learning_rate").values()) == pytest.approx([1e-2, 1e-3, 1e-4])


def test_a_bad_loss_names_step_rows_and_cause(corpus, tmp_path, monkeypatch):
    real, calls = Learner.accumulate, {"made": 0}

    def spoils(self, batches, step):
        sums = real(self, batches, step)
        calls["made"] += 1
        if calls["made"] == 8:
            sums.values[3] = torch.nan
        return sums

    monkeypatch.setattr(Learner, "accumulate", spoils)
    with pytest.raises(TextVAEError, match=r"step 7: .*KL overflowed.*rows \d+, \d+") as error:
        run_training(raw_config(corpus), tmp_path / "run")
    assert "\n" not in str(error.value)
    saved = sorted(path.name for path in (tmp_path / "run" / "checkpoints").glob("step-*"))
    assert saved[-1] == "step-000000006"


@pytest.mark.parametrize("optimizer", [{"kind": "sgd", "momentum": 0.9}, {"kind": "adamw"}])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_optimisers_and_precisions_lower_the_loss(corpus, tmp_path, optimizer, precision):
    """Also: a second training in the process may have another precision."""
    rate = 0.2 if optimizer["kind"] == "sgd" else 0.02
    raw = raw_config(corpus, optimizer=optimizer, precision=precision, lr=rate, steps=24)
    losses = list(curve(run_training(raw, tmp_path / "run"), "train/loss").values())
    assert losses[-1] < 0.9 * losses[0]


def test_metrics_are_lines_of_json(corpus, tmp_path):
    run = run_training(raw_config(corpus), tmp_path / "run")
    for line in (run.folder / "metrics.jsonl").read_text().splitlines():
        assert json.loads(line)["step"] > 0
