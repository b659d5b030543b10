"""Tiny models and batches. Tokens: 0 pads, 1 begins, 2 ends, words follow."""

import itertools

import torch

from textvae import config as cfg
from textvae.data.batch import TextBatch
from textvae.models.build import build_text_vae

PAD, BOS, EOS = 0, 1, 2
VOCABULARY, MAX_LENGTH = 9, 8

ENCODERS = {
    "lstm": cfg.LSTMEncoderConfig(embedding=5, hidden=6),
    "lstm-deep-bidirectional": cfg.LSTMEncoderConfig(
        embedding=5, hidden=6, layers=2, bidirectional=True
    ),
    "transformer": cfg.TransformerEncoderConfig(width=8, layers=2, heads=2, dropout=0.0),
}
LATENTS = {
    "gaussian": cfg.GaussianLatentConfig(size=3),
    "categorical": cfg.CategoricalLatentConfig(variables=2, classes=3),
}
DECODERS = {
    f"lstm-{way}": cfg.LSTMDecoderConfig(
        embedding=5, hidden=6, layers=2, latent_input=way, tied_embeddings=way == "both"
    )
    for way in ("initial_state", "every_step", "both")
} | {
    f"transformer-{way}": cfg.TransformerDecoderConfig(
        width=8,
        layers=2,
        heads=2,
        latent_input=way,
        input_dropout=0.0,
        output_dropout=0.0,
        tied_embeddings=way == "both",
    )
    for way in ("prefix", "embedding", "both")
}
KINDS = list(
    itertools.product(("lstm", "transformer"), ("gaussian", "categorical"), ("lstm", "transformer"))
)


def tiny_vae(encoder="lstm", latent="gaussian", decoder="lstm-both", *, vocabulary=VOCABULARY):
    """A VAE in double precision, dropout off, with weights far enough from zero to matter."""
    config = cfg.ModelConfig(
        encoder=ENCODERS[encoder], latent=LATENTS[latent], decoder=DECODERS[decoder]
    )
    model = build_text_vae(config, vocabulary=vocabulary, max_length=MAX_LENGTH).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return model


def text_batch(sentences, *, width=None, padding=PAD):
    """Sentences of words, padded at their end to `width` (their longest) with `padding`."""
    lengths = [len(words) + 1 for words in sentences]
    width = width or max(lengths)

    def padded(rows):
        return torch.tensor([row + [padding] * (width - len(row)) for row in rows])

    ended = padded([[*words, EOS] for words in sentences])
    return TextBatch(
        encoder_input=ended,
        decoder_input=padded([[BOS, *words] for words in sentences]),
        target=ended.clone(),
        lengths=torch.tensor(lengths),
        rows=torch.arange(len(sentences)),
        num_examples=len(sentences),
        num_tokens=sum(lengths),
    )
