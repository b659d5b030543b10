import pytest
import torch

from textvae.data.batches import batch_from_ids
from textvae.data.corruptions import WordDropout
from textvae.data.special_tokens import SpecialTokens
from textvae.errors import TextVAEError

SPECIALS = SpecialTokens(pad_id=0, bos_id=1, eos_id=2, unk_id=3)


@pytest.fixture
def batch():
    return batch_from_ids([list(range(10, 60)) for _ in range(200)], SPECIALS)


def test_words_are_dropped_at_the_rate(batch):
    torch.manual_seed(0)
    corrupted = WordDropout(0.3, SPECIALS.unk_id, SPECIALS.bos_id)(batch)
    changed = corrupted.decoder_input != batch.decoder_input
    assert (corrupted.decoder_input[changed] == 3).all()
    assert not changed[:, 0].any()
    share = changed[:, 1:].float().mean()
    assert abs(share - 0.3) < 4 * (0.3 * 0.7 / 10_000) ** 0.5  # four standard errors
    # no position is dropped more than others
    assert changed[:, 1:].float().mean(dim=0).std() < 0.06


def test_target_and_encoder_input_stay_clean(batch):
    before = batch.decoder_input.clone()
    corrupted = WordDropout(0.9, 3, 1)(batch)
    assert corrupted.target is batch.target
    assert corrupted.encoder_input is batch.encoder_input
    assert torch.equal(batch.decoder_input, before)


def test_draws_follow_the_global_generator(batch):
    dropout = WordDropout(0.5, 3, 1)
    torch.manual_seed(7)
    first = dropout(batch).decoder_input
    second = dropout(batch).decoder_input
    torch.manual_seed(7)
    assert torch.equal(dropout(batch).decoder_input, first)
    assert not torch.equal(first, second)


def test_rate_zero_is_the_same_object(batch):
    assert WordDropout(0.0, 3, 1)(batch) is batch
    assert WordDropout(0.0, None, 1)(batch) is batch


def test_a_tokenizer_without_an_unknown_token_is_refused():
    with pytest.raises(TextVAEError, match=r"corruption\.word_dropout"):
        WordDropout(0.1, None, 1)
