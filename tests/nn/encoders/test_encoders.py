"""What every encoder keeps, whatever it is made of."""

import pytest
import torch
from torch.testing import assert_close

from tests.helpers import ENCODERS, MAX_LENGTH, text_batch, tiny_vae
from textvae.nn.encoders import TransformerEncoder

SENTENCES = [[3, 4, 5], [6], [7, 8, 3, 4, 5], [4, 4]]

encoders = pytest.mark.parametrize("kind", ENCODERS)


def encoder(kind):
    torch.manual_seed(0)
    return tiny_vae(encoder=kind).encoder


@encoders
def test_padding_changes_no_number(kind):
    module = encoder(kind)
    features = module(*text_batch(SENTENCES).encoder_arguments)
    assert features.shape == (4, module.features)
    for batch in (
        text_batch(SENTENCES, width=MAX_LENGTH),
        text_batch(SENTENCES, width=MAX_LENGTH, padding=5),
    ):
        assert_close(module(*batch.encoder_arguments), features, rtol=0, atol=1e-12)


@encoders
def test_padding_gets_no_gradient(kind):
    module = encoder(kind)
    batch = text_batch(SENTENCES, width=MAX_LENGTH, padding=0)
    module(*batch.encoder_arguments).sum().backward()
    assert module.embedding.weight.grad[0].abs().max() == 0
    assert module.embedding.weight.grad[3].abs().max() > 0


@encoders
def test_a_sentence_does_not_know_its_neighbours_nor_its_place(kind):
    module = encoder(kind)
    together = module(*text_batch(SENTENCES).encoder_arguments)
    alone = torch.cat([module(*text_batch([s]).encoder_arguments) for s in SENTENCES])
    assert_close(together, alone, rtol=0, atol=1e-12)


@encoders
def test_every_word_and_their_order_matter(kind):
    module = encoder(kind)

    def features(words):
        return module(*text_batch([words]).encoder_arguments)[0]

    reference = features([3, 4, 5, 6])
    changed = [[7, 4, 5, 6], [3, 7, 5, 6], [3, 4, 5, 7], [4, 3, 5, 6], [3, 4, 5]]
    for other in map(features, changed):
        assert (other - reference).abs().max() > 1e-4


def test_each_direction_of_a_bidirectional_lstm_ends_at_its_own_end():
    """Forward the state after the last real token, backward after the first."""
    module = encoder("lstm-deep-bidirectional")
    hidden = module.lstm.hidden_size
    batch = text_batch(SENTENCES, width=MAX_LENGTH, padding=5)
    features = module(*batch.encoder_arguments)
    for row, words in enumerate(SENTENCES):
        alone = module.embedding(torch.tensor([[*words, 2]]))
        output, _ = module.lstm(alone)
        assert_close(features[row, :hidden], output[0, -1, :hidden])
        assert_close(features[row, hidden:], output[0, 0, hidden:])


def test_transformer_features_are_the_mean_over_real_tokens():
    module = encoder("transformer")
    words = [3, 4, 5]
    tokens = torch.tensor([[*words, 2]])
    x = module.embedding(tokens) + module.position.weight[:4]
    for block in module.blocks:
        x = block(x)
    batch = text_batch([words], width=MAX_LENGTH)
    assert_close(module(*batch.encoder_arguments)[0], module.norm(x)[0].mean(0))


def test_transformer_width_must_be_a_multiple_of_its_heads():
    with pytest.raises(ValueError, match="width 8 is not a multiple of heads 3"):
        TransformerEncoder(
            vocabulary=5, max_length=4, width=8, layers=1, heads=3, feedforward=None, dropout=0.0
        )
