"""Noise on what the model reads while training; what it should say stays clean."""

from dataclasses import dataclass, replace

import torch

from textvae.data.batch import TextBatch
from textvae.errors import TextVAEError


@dataclass(frozen=True)
class WordDropout:
    """Each word that the decoder reads becomes the unknown token with probability `rate`.

    `keep` is the start token, which stays; the encoder's input and the target are untouched
    (Bowman et al. 2016, section 3.2). Drawn from torch's global generator on the device of the
    batch. Raises `TextVAEError` if there is no unknown token and the rate is not 0.
    """

    rate: float
    unk_id: int | None
    keep: int

    def __post_init__(self) -> None:
        if self.rate > 0 and self.unk_id is None:
            raise TextVAEError(
                "corruption.word_dropout: this tokenizer has no unknown token to put in place of a "
                "word: set word_dropout to 0, or train a tokenizer here (word, bpe, sentencepiece)"
            )

    def __call__(self, batch: TextBatch) -> TextBatch:
        """`batch` with another decoder input; the same object if the rate is 0."""
        if self.rate == 0 or self.unk_id is None:
            return batch
        words = batch.decoder_input
        dropped = torch.rand(words.shape, device=words.device) < self.rate
        # padding may become the unknown token too: nothing reads it
        read = words.masked_fill(dropped & (words != self.keep), self.unk_id)
        return replace(batch, decoder_input=read)
