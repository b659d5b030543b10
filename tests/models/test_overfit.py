"""Without a KL, every kind of model learns eight sentences by heart.

What is decoded greedily from the posterior's code is then the sentence itself: encoder, latent,
decoder, estimator and generation all have to be right.
"""

import pytest
import torch

from tests.helpers import BOS, EOS, KINDS, PAD, text_batch
from textvae import config as cfg
from textvae.core.objectives import NegativeELBO
from textvae.core.terms import Draw
from textvae.models.build import build_text_vae
from textvae.models.generation import generate
from textvae.schedules import Constant

SENTENCES = [
    [3, 4, 5, 6],
    [3, 4, 5],
    [6, 5, 4, 3],
    [7],
    [8, 8, 8, 8, 8],
    [4, 3, 5, 6],
    [7, 3, 8],
    [3, 4, 6, 5],
]
SIZES = {
    "lstm": {"embedding": 16, "hidden": 32},
    "transformer": {"width": 32, "layers": 1, "heads": 2},
}


@pytest.mark.parametrize(("encoder", "latent", "decoder"), KINDS)
def test_eight_sentences_are_reconstructed_exactly(encoder, latent, decoder):
    torch.manual_seed(0)
    config = cfg.ModelConfig.model_validate(
        {
            "encoder": {"kind": encoder, "dropout": 0.0, **SIZES[encoder]},
            "latent": {
                "gaussian": {"kind": "gaussian", "size": 8},
                "categorical": {"kind": "categorical", "variables": 12, "classes": 4},
            }[latent],
            "decoder": {
                "kind": decoder,
                "input_dropout": 0.0,
                "output_dropout": 0.0,
                **SIZES[decoder],
            },
        }
    )
    model = build_text_vae(config, vocabulary=9, max_length=6)
    batch, objective = text_batch(SENTENCES), NegativeELBO(kl_weight=Constant(0.0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    steps = 250 if latent == "gaussian" else 400
    for step in range(steps):
        draw = Draw(samples=2, temperature=max(0.5, 1 - step / steps), hard=False)
        loss = objective(model(batch, draw), step).loss.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    z = model.latent.embed(model.latent.code(model.posterior(batch)))
    written = generate(
        model.decoder, z, bos=BOS, eos=EOS, forbidden=(PAD, BOS), max_length=6, strategy="greedy"
    )
    assert written == SENTENCES
