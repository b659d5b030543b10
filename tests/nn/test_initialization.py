"""Every scheme does what its documentation says."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from textvae import config as cfg
from textvae.models.build import build_text_vae
from textvae.nn.initialization import initialize


def model(scheme, *, tied=False, kind="lstm"):
    torch.manual_seed(0)
    if kind == "lstm":
        encoder = cfg.LSTMEncoderConfig(embedding=40, hidden=40, layers=2, bidirectional=True)
        decoder = cfg.LSTMDecoderConfig(embedding=40, hidden=40, tied_embeddings=tied)
    else:
        encoder = cfg.TransformerEncoderConfig(width=40, heads=2)
        decoder = cfg.TransformerDecoderConfig(width=40, heads=2, tied_embeddings=tied)
    config = cfg.ModelConfig(encoder=encoder, decoder=decoder, initialization=scheme)
    return build_text_vae(config, vocabulary=200, max_length=10)


def embeddings(vae):
    return {id(m.weight): m.weight for m in vae.modules() if isinstance(m, nn.Embedding)}


def norms(vae):
    return [m for m in vae.modules() if isinstance(m, nn.LayerNorm)]


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_uniform(kind, tied):
    vae = model("uniform", kind=kind, tied=tied)
    kept = {id(p) for norm in norms(vae) for p in norm.parameters()}
    for parameter in vae.parameters():
        if id(parameter) in kept:
            continue
        bound = 0.1 if id(parameter) in embeddings(vae) else 0.01
        largest = parameter.abs().max().item()
        assert 0.5 * bound < largest <= bound
        if parameter.numel() > 1000:
            assert largest > 0.99 * bound
            assert_close(parameter.std().item(), bound / math.sqrt(3), rtol=0.05, atol=0)


@pytest.mark.parametrize("tied", [False, True])
def test_orthogonal(tied):
    vae = model("orthogonal", tied=tied)
    seen = set()
    for lstm in (vae.encoder.lstm, vae.decoder.lstm):
        for name, parameter in lstm.named_parameters():
            if name.startswith("weight_hh"):
                seen.add(name)
                for gate in parameter.chunk(4):
                    assert_close(gate @ gate.T, torch.eye(40), rtol=0, atol=1e-5)
            elif name.startswith("bias_hh"):
                expected = torch.zeros(4, 40)
                expected[1] = 1.0  # forget, the second of torch's gates i, f, g, o
                assert torch.equal(parameter.view(4, 40), expected)
            elif name.startswith("bias_ih"):
                assert parameter.count_nonzero() == 0
            else:
                bound = math.sqrt(6 / (parameter.shape[0] + parameter.shape[1]))
                assert 0.95 * bound < parameter.abs().max().item() <= bound
    assert {"weight_hh_l0", "weight_hh_l1", "weight_hh_l0_reverse"} <= seen
    assert vae.latent.head.bias.count_nonzero() == 0
    for weight in embeddings(vae).values():
        assert_close(weight.std().item(), 0.1, rtol=0.05, atol=0)


def test_an_open_forget_gate_is_one_in_total():
    lstm = nn.LSTM(3, 4)
    initialize(lstm, "orthogonal")
    total = (lstm.bias_ih_l0 + lstm.bias_hh_l0).view(4, 4)
    assert total.tolist() == [[0.0] * 4, [1.0] * 4, [0.0] * 4, [0.0] * 4]


@pytest.mark.parametrize("tied", [False, True])
def test_gpt2(tied):
    vae = model("gpt2", kind="transformer", tied=tied)
    for norm in norms(vae):
        assert torch.equal(norm.weight, torch.ones(40))
        assert torch.equal(norm.bias, torch.zeros(40))
    kept = {id(p) for norm in norms(vae) for p in norm.parameters()}
    for parameter in vae.parameters():
        if id(parameter) in kept:
            continue
        if parameter.dim() == 1:
            assert parameter.count_nonzero() == 0
        else:
            assert_close(parameter.std().item(), 0.02, rtol=0.1, atol=0)
            assert abs(parameter.mean().item()) < 0.004


def test_torch_leaves_the_weights_alone():
    layer = nn.Linear(3, 4)
    before = layer.weight.detach().clone()
    initialize(layer, "torch")
    assert torch.equal(layer.weight, before)


def test_same_seed_same_weights():
    for scheme in ("torch", "uniform", "orthogonal", "gpt2"):
        first, second = model(scheme), model(scheme)
        pairs = zip(first.parameters(), second.parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
