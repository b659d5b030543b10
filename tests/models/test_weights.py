"""What is saved is what is loaded, and nothing else loads."""

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.helpers import text_batch, tiny_vae
from textvae.errors import TextVAEError
from textvae.models.weights import load_weights, save_weights


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    model, path = tiny_vae(decoder="transformer-both"), tmp_path / "model.safetensors"
    save_weights(model, path)
    return model, path


def test_round_trip_keeps_every_number_and_the_tie(saved):
    model, path = saved
    torch.manual_seed(1)
    other = tiny_vae(decoder="transformer-both")
    load_weights(other, path)
    assert all(
        torch.equal(a, b) for a, b in zip(model.parameters(), other.parameters(), strict=True)
    )
    assert other.decoder.vocabulary.output.weight is other.decoder.embedding.weight
    z, arguments = torch.randn(1, 2, 3).double(), text_batch([[3, 4], [5]]).decoder_arguments
    assert torch.equal(model.decoder(z, *arguments), other.decoder(z, *arguments))


def _without_a_tensor(tensors):
    tensors.pop("latent.head.bias")


def _with_another_tensor(tensors):
    tensors["latent.tail"] = torch.zeros(2)


def _with_a_misshapen_tensor(tensors):
    tensors["latent.head.bias"] = torch.zeros(2)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_without_a_tensor, "latent.head.bias"),
        (_with_another_tensor, "latent.tail"),
        (_with_a_misshapen_tensor, "latent.head.bias"),
    ],
)
def test_what_does_not_fit_is_one_line_with_its_name(saved, change, named):
    model, path = saved
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    with pytest.raises(TextVAEError) as error:
        load_weights(model, path)
    assert str(path) in str(error.value)
    assert named in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_missing_or_broken_is_one_line(saved):
    model, path = saved
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TextVAEError, match="does not fit"):
        load_weights(model, path)
    path.unlink()
    with pytest.raises(TextVAEError, match="no such file"):
        load_weights(model, path)
