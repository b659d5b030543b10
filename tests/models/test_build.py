"""From a config to a model: every kind, and every number where it belongs."""

import pytest
import torch

from tests.helpers import DECODERS, ENCODERS, KINDS, LATENTS, MAX_LENGTH, VOCABULARY, text_batch
from textvae import config as cfg
from textvae.core.free_bits import FreeBits
from textvae.core.objectives import NegativeELBO
from textvae.core.terms import Draw
from textvae.models.build import build_text_vae
from textvae.nn.decoders import LSTMDecoder, TransformerDecoder
from textvae.nn.encoders import LSTMEncoder, TransformerEncoder
from textvae.nn.latents import CategoricalLatent, GaussianLatent
from textvae.schedules import Constant

CLASSES = {
    "encoder": {"lstm": LSTMEncoder, "transformer": TransformerEncoder},
    "latent": {"gaussian": GaussianLatent, "categorical": CategoricalLatent},
    "decoder": {"lstm": LSTMDecoder, "transformer": TransformerDecoder},
}


def build(encoder, latent, decoder, **options):
    torch.manual_seed(0)
    config = cfg.ModelConfig(
        encoder=ENCODERS[encoder], latent=LATENTS[latent], decoder=DECODERS[decoder], **options
    )
    return build_text_vae(config, vocabulary=VOCABULARY, max_length=MAX_LENGTH)


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize(("encoder", "latent", "decoder"), KINDS)
def test_every_parameter_of_every_kind_gets_a_finite_gradient(encoder, latent, decoder, hard):
    model = build(encoder, latent, f"{decoder}-both")
    assert type(model.encoder) is CLASSES["encoder"][encoder]
    assert type(model.latent) is CLASSES["latent"][latent]
    assert type(model.decoder) is CLASSES["decoder"][decoder]
    # four words, so that all of them are read: an unread embedding has no gradient
    batch = text_batch([[3, 4, 5, 6, 7, 8, 0], [1, 4], [5]])
    terms = model(batch, Draw(samples=2, temperature=0.7, hard=hard))
    objective = NegativeELBO(Constant(1.0), FreeBits(nats=1e-9, scope="unit"))
    objective(terms, 0).loss.mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0, name


def test_numbers_of_the_config_arrive():
    config = cfg.ModelConfig(
        encoder=cfg.LSTMEncoderConfig(
            embedding=5, hidden=6, layers=2, bidirectional=True, dropout=0.1
        ),
        latent=cfg.CategoricalLatentConfig(variables=4, classes=3, estimator="straight_through"),
        decoder=cfg.TransformerDecoderConfig(
            width=8, layers=3, heads=4, feedforward=10, input_dropout=0.2, output_dropout=0.3
        ),
    )
    model = build_text_vae(config, vocabulary=11, max_length=7)
    lstm = model.encoder.lstm
    assert model.encoder.embedding.weight.shape == (11, 5)
    assert (lstm.hidden_size, lstm.num_layers, lstm.bidirectional, lstm.dropout) == (
        6,
        2,
        True,
        0.1,
    )
    assert (model.encoder.features, model.encoder.dropout.p) == (12, 0.1)
    assert (model.latent.shape, model.latent.estimator) == ((4, 3), "straight_through")
    assert model.latent.head.weight.shape == (12, 12)
    decoder = model.decoder
    assert (len(decoder.blocks), decoder.blocks[0].heads) == (3, 4)
    assert decoder.blocks[0].feedforward[0].weight.shape == (10, 8)
    assert decoder.position.weight.shape == (7, 8)
    assert (decoder.input_dropout.p, decoder.output_dropout.p) == (0.2, 0.3)
    assert decoder.blocks[0].dropout == 0.3
    assert decoder.vocabulary.output.weight is decoder.embedding.weight


def test_feedforward_is_four_times_the_width_unless_given():
    model = build("transformer", "gaussian", "transformer-both")
    for part in (model.encoder, model.decoder):
        assert part.blocks[0].feedforward[0].weight.shape == (32, 8)


def test_weights_come_from_the_seed():
    first, second = (build("lstm", "gaussian", "lstm-both") for _ in range(2))
    assert all(
        torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True)
    )


def test_initialization_is_applied():
    model = build("lstm", "gaussian", "lstm-both", initialization="uniform")
    assert model.encoder.lstm.weight_hh_l0.abs().max() <= 0.01


def test_defaults_of_the_config_build():
    assert build_text_vae(cfg.ModelConfig(), vocabulary=11, max_length=7).latent.size == 32
