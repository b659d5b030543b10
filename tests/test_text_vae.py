"""Sentences to codes and back, saving and loading, for every combination of parts."""

import json
import random
from itertools import product

import huggingface_hub
import pytest
import torch
from datasets import Dataset, DatasetDict
from safetensors.torch import load_file, save_file

from textvae import TextVAE, train
from textvae.config_file import parse_config
from textvae.data.tokenizer import build_tokenizer
from textvae.errors import TextVAEError
from textvae.grammar import english

ENCODERS = {
    "lstm": {"kind": "lstm", "embedding": 8, "hidden": 8},
    "transformer": {"kind": "transformer", "width": 8, "heads": 2, "layers": 1},
}
DECODERS = {
    "lstm": {"kind": "lstm", "embedding": 8, "hidden": 8, "tied_embeddings": True},
    "transformer": {"kind": "transformer", "width": 8, "heads": 2, "layers": 1},
}
LATENTS = {
    "gaussian": {"kind": "gaussian", "size": 3},
    "categorical": {"kind": "categorical", "variables": 4, "classes": 3},
}
_RNG = random.Random(0)
SENTENCES = [english().sample(_RNG).text for _ in range(60)]


def untrained(encoder="lstm", latent="gaussian", decoder="lstm"):
    model = {
        "encoder": ENCODERS[encoder],
        "latent": LATENTS[latent],
        "decoder": DECODERS[decoder],
    }
    config = parse_config({"data": {"max_length": 26}, "model": model, "train": {"steps": 1}})
    torch.manual_seed(0)
    vae = TextVAE.build(config, build_tokenizer(config.tokenizer, SENTENCES))
    with torch.no_grad():  # far enough from zero that z and words matter
        for parameter in vae.model.parameters():
            parameter.add_(0.5 * torch.randn_like(parameter))
    return vae


@pytest.mark.parametrize(
    ("encoder", "latent", "decoder"), list(product(ENCODERS, LATENTS, DECODERS))
)
def test_saved_and_loaded_it_says_the_same(tmp_path, encoder, latent, decoder):
    vae = untrained(encoder, latent, decoder)
    vae.save_pretrained(tmp_path / "model")
    loaded = TextVAE.from_pretrained(tmp_path / "model", device="cpu")
    assert loaded.sample(6, seed=3) == vae.sample(6, seed=3)
    assert vae.sample(6, seed=3) != vae.sample(6, seed=4)
    codes = vae.encode(SENTENCES[:5])
    assert codes.shape == (5, 4 if latent == "categorical" else 3)
    torch.testing.assert_close(loaded.encode(SENTENCES[:5]), codes, rtol=0, atol=0)
    assert vae.decode(codes) == vae.reconstruct(SENTENCES[:5])


def test_encoding_does_not_depend_on_the_company():
    vae = untrained("transformer", "gaussian", "lstm")
    together = vae.encode(SENTENCES[:20])
    alone = torch.cat([vae.encode([sentence]) for sentence in SENTENCES[:20]])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_interpolation_walks_from_code_to_code():
    vae = untrained(latent="categorical")
    a, b = SENTENCES[:2]
    assert vae.interpolate(a, b, steps=4)[0] == vae.reconstruct([a])[0]
    assert vae.interpolate(a, b, steps=4)[-1] == vae.reconstruct([b])[0]
    with pytest.raises(TextVAEError, match="discrete"):
        vae.interpolate(a, b, path="spherical")
    with pytest.raises(TextVAEError, match="two ends"):
        vae.interpolate(a, b, steps=1)


@pytest.mark.parametrize("change", ["missing", "extra", "misshapen", "garbage", "gone"])
def test_weights_that_do_not_fit_are_an_error(tmp_path, change):
    untrained().save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    tensors = load_file(path)
    name = "latent.head.bias"
    if change == "missing":
        del tensors[name]
    elif change == "extra":
        tensors["stowaway"] = torch.zeros(1)
    elif change == "misshapen":
        tensors[name] = torch.zeros(5)
    save_file(tensors, path)
    if change == "garbage":
        path.write_bytes(b"garbage")
    if change == "gone":
        path.unlink()
    with pytest.raises(TextVAEError) as error:
        TextVAE.from_pretrained(tmp_path)
    assert "model.safetensors" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_of_another_library_is_refused(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(TextVAEError, match="not of a textvae model"):
        TextVAE.from_pretrained(tmp_path)


def test_wrong_sentences_and_codes():
    vae = untrained()
    for sentences, said in ((["a b", " "], "sentence 2 is empty"), (["a " * 30], "at most 26")):
        with pytest.raises(TextVAEError, match=said):
            vae.encode(sentences)
    with pytest.raises(TextVAEError, match="list of sentences"):
        vae.encode("a b")
    with pytest.raises(TextVAEError, match=r"shape \(n, 3\)"):
        vae.decode(torch.zeros(2, 4))
    with pytest.raises(TextVAEError, match="temperature"):
        vae.decode(torch.zeros(2, 3), strategy="sample", temperature=0.0)


def test_push_to_hub_uploads_a_whole_model(monkeypatch):
    seen = {}

    class Hub:
        def create_repo(self, repository, *, private, exist_ok):
            seen["repository"] = (repository, private, exist_ok)
            return f"https://hub/{repository}"

        def upload_folder(self, *, repo_id, folder_path):
            vae = TextVAE.from_pretrained(folder_path)
            seen["samples"] = (repo_id, vae.sample(3))

    monkeypatch.setattr(huggingface_hub, "HfApi", Hub)
    vae = untrained()
    assert vae.push_to_hub("me/mine", private=True) == "https://hub/me/mine"
    assert seen == {"repository": ("me/mine", True, True), "samples": ("me/mine", vae.sample(3))}


@pytest.mark.parametrize("kind", ["list", "dataset", "dict"])
def test_training_on_a_python_object(tmp_path, kind):
    rows = Dataset.from_dict({"text": SENTENCES})
    dataset = {
        "list": SENTENCES,
        "dataset": rows,
        "dict": DatasetDict(train=rows, validation=rows.select(range(10))),
    }[kind]
    model = {
        "encoder": ENCODERS["lstm"],
        "decoder": DECODERS["lstm"],
        "latent": LATENTS["gaussian"],
    }
    config = {"data": {"text": "text"}, "model": model, "train": {"steps": 3, "batch_size": 8}}
    run = train(config, dataset=dataset, output=tmp_path / "run")
    assert len(TextVAE.from_pretrained(run.folder).sample(2)) == 2
    assert run.config.train.steps == 3
