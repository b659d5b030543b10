"""What the schema takes, fills in and refuses."""

import pytest
from pydantic import BaseModel, ValidationError

from textvae import config as cfg
from textvae import schedules

SMALLEST = {"data": {"path": "text"}, "train": {"steps": 10}}


def config(**sections):
    return cfg.Config.model_validate(SMALLEST | sections)


def test_the_smallest_config_is_a_gaussian_lstm_vae():
    small = config()
    assert small.model.encoder == cfg.LSTMEncoderConfig()
    assert small.model.latent == cfg.GaussianLatentConfig(size=32)
    assert small.model.decoder == cfg.LSTMDecoderConfig()
    assert small.objective.kl_weight == schedules.Constant(1.0)
    assert small.objective.free_bits is None
    assert small.corruption.word_dropout == 0.0
    assert small.train.update == cfg.JointUpdateConfig()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0.5, schedules.Constant(0.5)),
        (2, schedules.Constant(2.0)),
        ("1e-3", schedules.Constant(0.001)),  # YAML 1.1 reads 1e-3 as a string
        ({"kind": "linear", "steps": 5}, schedules.Linear(steps=5)),
        (
            {"kind": "logistic", "midpoint": 5, "steepness": "1e-2"},
            schedules.Logistic(midpoint=5, steepness=0.01),
        ),
        (
            {"kind": "cyclical", "period": 5, "cycles": 2},
            schedules.Cyclical(period=5, cycles=2),
        ),
        ({"kind": "exponential", "end": 0.1}, schedules.Exponential(end=0.1)),
        ({"kind": "warmup", "peak": 1, "warmup": 3}, schedules.Warmup(peak=1.0, warmup=3)),
        ({"kind": "constant", "value": 3}, schedules.Constant(3.0)),
    ],
)
def test_a_number_is_a_constant_and_a_kind_is_a_schedule(written, meant):
    assert config(objective={"kl_weight": written}).objective.kl_weight == meant


def test_every_kind_is_chosen_by_its_name():
    chosen = config(
        tokenizer={"kind": "bpe"},
        model={
            "encoder": {"kind": "transformer", "width": 8},
            "latent": {"kind": "categorical", "variables": 3},
            "decoder": {"kind": "transformer", "heads": 2},
        },
        train={"epochs": 0.5, "optimizer": {"kind": "sgd"}, "update": {"kind": "aggressive"}},
    )
    assert chosen.tokenizer == cfg.BPETokenizerConfig()
    assert chosen.model.encoder == cfg.TransformerEncoderConfig(width=8)
    assert chosen.model.latent == cfg.CategoricalLatentConfig(variables=3)
    assert chosen.model.decoder == cfg.TransformerDecoderConfig(heads=2)
    assert chosen.train.optimizer == cfg.SGDConfig()
    assert chosen.train.update == cfg.AggressiveUpdateConfig()


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"data": {"path": "a", "from_disk": "b"}}, "`path` or `from_disk`, not both"),
        ({"data": {"from_disk": "b", "streaming": True}}, "already memory-mapped"),
        ({"train": {}}, "give `steps` or `epochs`"),
        ({"train": {"steps": 1, "epochs": 1}}, "give `steps` or `epochs`"),
        ({"train": {"steps": 0}}, "greater than 0"),
        ({"data": {"path": "a", "max_length": 1}}, "greater than or equal to 2"),
        ({"model": {"latent": {"kind": "categorical", "classes": 1}}}, "greater than or equal"),
        ({"corruption": {"word_dropout": 1.0}}, "less than 1"),
        ({"objective": {"free_bits": {"nats": 0.0}}}, "greater than 0"),
        ({"objective": {"kl_weight": {"kind": "linear", "steps": 0}}}, "steps must be positive"),
        ({"objective": {"kl_weight": "much"}}, "expected a number or a schedule"),
        ({"objective": {"kl_weight": True}}, "valid dictionary"),
        ({"seed": -1}, "greater than or equal to 0"),
    ],
)
def test_what_makes_no_run_is_refused(sections, message):
    with pytest.raises(ValidationError, match=message):
        config(**sections)


@pytest.mark.parametrize("section", cfg.Section.__subclasses__(), ids=lambda s: s.__name__)
def test_every_section_is_immutable_and_refuses_unknown_keys(section):
    assert issubclass(section, BaseModel)
    assert section.model_config["frozen"] is True
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        section.model_validate({"nonsense": 1})


@pytest.mark.parametrize(
    "schedule",
    [{"kind": kind} for kind in ("constant", "linear", "logistic", "cyclical", "exponential")],
    ids=lambda s: s["kind"],
)
def test_every_schedule_refuses_unknown_keys(schedule):
    with pytest.raises(ValidationError, match="Unexpected keyword argument"):
        config(objective={"kl_weight": schedule | {"nonsense": 1}})
