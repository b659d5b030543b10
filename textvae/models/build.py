"""From the `model` section of a config to a `VAE`: the only place that knows every kind."""

from torch import nn

from textvae import config as cfg
from textvae.models.vae import VAE
from textvae.nn.decoders import LSTMDecoder, TransformerDecoder
from textvae.nn.encoders import LSTMEncoder, TransformerEncoder
from textvae.nn.initialization import initialize
from textvae.nn.latents import CategoricalLatent, GaussianLatent, Latent


def build_text_vae(config: cfg.ModelConfig, *, vocabulary: int, max_length: int) -> VAE:
    """A `VAE` over sentences of at most `max_length` tokens (the end token counted).

    Weights come from torch's global generator: seed it first.
    """
    encoder = _encoder(config.encoder, vocabulary, max_length)
    latent = _latent(config.latent, encoder.features)
    decoder = _decoder(config.decoder, vocabulary, max_length, latent.size)
    model = VAE(encoder=encoder, latent=latent, decoder=decoder)
    initialize(model, config.initialization)
    return model


def _encoder(
    config: cfg.EncoderConfig, vocabulary: int, max_length: int
) -> LSTMEncoder | TransformerEncoder:
    options = config.model_dump(exclude={"kind"})
    if isinstance(config, cfg.LSTMEncoderConfig):
        return LSTMEncoder(vocabulary=vocabulary, **options)
    return TransformerEncoder(vocabulary=vocabulary, max_length=max_length, **options)


def _latent(config: cfg.LatentConfig, features: int) -> Latent:
    if isinstance(config, cfg.GaussianLatentConfig):
        return GaussianLatent(features=features, size=config.size)
    options = config.model_dump(exclude={"kind", "temperature"})  # the schedule is the trainer's
    return CategoricalLatent(features=features, **options)


def _decoder(
    config: cfg.DecoderConfig, vocabulary: int, max_length: int, latent_size: int
) -> nn.Module:
    options = config.model_dump(exclude={"kind"})
    options |= {"vocabulary": vocabulary, "latent_size": latent_size}
    if isinstance(config, cfg.LSTMDecoderConfig):
        return LSTMDecoder(**options)
    return TransformerDecoder(max_length=max_length, **options)
