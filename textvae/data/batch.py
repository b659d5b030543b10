"""What the model is handed: a batch of sentences as token ids."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Int
from torch import Tensor


@dataclass(frozen=True)
class TextBatch:
    """Sentences padded at their end to the longest of the batch.

    Three views of the same words: what the encoder reads (`words </s>`), what the decoder reads
    (`<s> words`) and what it should say (`words </s>`). They differ in content only where a
    corruption changed an input; the target is always clean.

    `rows` are positions in the split the batch was taken from. `num_examples` and `num_tokens`
    (real targets, the end token counted) are Python numbers, so reading them costs no
    synchronisation with the device.
    """

    encoder_input: Int[Tensor, "batch length"]
    decoder_input: Int[Tensor, "batch length"]
    target: Int[Tensor, "batch length"]
    lengths: Int[Tensor, " batch"]
    rows: Int[Tensor, " batch"]
    num_examples: int
    num_tokens: int

    @property
    def encoder_arguments(self) -> tuple[Tensor, Tensor]:
        """What an encoder is called with."""
        return self.encoder_input, self.lengths

    @property
    def decoder_arguments(self) -> tuple[Tensor, Tensor, Tensor, int]:
        """What a decoder is called with, after z."""
        return self.decoder_input, self.target, self.lengths, self.num_tokens

    def to(self, device: torch.device | str) -> "TextBatch":
        """The same batch on `device`."""
        return replace(
            self,
            encoder_input=self.encoder_input.to(device, non_blocking=True),
            decoder_input=self.decoder_input.to(device, non_blocking=True),
            target=self.target.to(device, non_blocking=True),
            lengths=self.lengths.to(device, non_blocking=True),
            rows=self.rows.to(device, non_blocking=True),
        )
