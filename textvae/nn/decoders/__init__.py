"""Decoders: z to the likelihood of a sentence, and to the next word when generating.

A decoder is a module with

- `forward(z (samples, batch, size), tokens, target, lengths, num_tokens) -> (samples, batch)`:
  log p(x|z) in nats, summed over the real targets;
- `start(z (rows, size)) -> state` and `step(tokens (rows,), state) -> (logits, state)`;
- `state.select(rows)`: the state of some rows, so that generation can drop finished sentences.
"""

from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from textvae.nn.decoders.lstm import LSTMDecoder
from textvae.nn.decoders.transformer import TransformerDecoder


@runtime_checkable
class Generator(Protocol):
    """The part of a decoder that writes word by word."""

    def start(self, z: Float[Tensor, "rows size"]) -> Any:
        """State before the first word."""

    def step(
        self, tokens: Int[Tensor, " rows"], state: Any
    ) -> tuple[Float[Tensor, "rows vocabulary"], Any]:
        """Logits of the next word after one more input word each, and the state then."""


__all__ = ["Generator", "LSTMDecoder", "TransformerDecoder"]
