"""Causal Transformer decoder: z as a prefix that is attended to, added to every word, or both."""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from textvae.nn.attention import Block, KeyValue
from textvae.nn.positions import real_positions, sum_rows
from textvae.nn.vocabulary import VocabularyOutput


@dataclass(frozen=True)
class TransformerState:
    """Keys and values of every layer, what z adds to each word, and the next position."""

    past: tuple[KeyValue, ...]
    added: Float[Tensor, "rows width"] | None
    position: int

    def select(self, rows: Int[Tensor, " kept"]) -> "TransformerState":
        """The state of some rows."""
        past = tuple((key[rows], value[rows]) for key, value in self.past)
        added = None if self.added is None else self.added[rows]
        return TransformerState(past, added, self.position)


class TransformerDecoder(nn.Module):
    """`latent_input` says how z enters.

    "prefix": linear(z) stands before the sentence as one more position, a memory that every word
    attends to. "embedding": linear(z) is added to the embedding of every input word. "both".
    (Both ways are those of Optimus, Li et al. 2020.)
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        latent_size: int,
        max_length: int,
        width: int,
        layers: int,
        heads: int,
        feedforward: int | None,
        latent_input: Literal["prefix", "embedding", "both"],
        input_dropout: float,
        output_dropout: float,
        tied_embeddings: bool,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(max_length, width)
        self.prefix = nn.Linear(latent_size, width) if latent_input != "embedding" else None
        self.added = nn.Linear(latent_size, width) if latent_input != "prefix" else None
        self.input_dropout = nn.Dropout(input_dropout)
        self.output_dropout = nn.Dropout(output_dropout)
        self.blocks = nn.ModuleList(
            Block(
                width=width,
                heads=heads,
                feedforward=feedforward or 4 * width,
                dropout=output_dropout,
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.vocabulary = VocabularyOutput(
            hidden=width,
            vocabulary=vocabulary,
            tied_to=self.embedding if tied_embeddings else None,
        )

    def forward(
        self,
        z: Float[Tensor, "samples batch size"],
        tokens: Int[Tensor, "batch length"],
        target: Int[Tensor, "batch length"],
        lengths: Int[Tensor, " batch"],
        num_tokens: int,
    ) -> Float[Tensor, "samples batch"]:
        """log p(target|z), given the input `tokens` that precede each target."""
        samples, batch, width = z.shape[0], z.shape[1], tokens.shape[1]
        rows = z.flatten(0, 1)
        x = self.embedding(tokens) + self.position(torch.arange(width, device=tokens.device))
        x = self.input_dropout(x).repeat(samples, 1, 1)
        if self.added is not None:
            x = x + self.added(rows).unsqueeze(1)
        if self.prefix is not None:
            x = torch.cat((self.prefix(rows).unsqueeze(1).to(x.dtype), x), dim=1)
        for block in self.blocks:  # padding comes last, so that causality already hides it
            x = block(x, causal=True)
        hidden = x[:, -width:]
        positions = real_positions(lengths.repeat(samples), width, samples * num_tokens)
        real = self.output_dropout(self.norm(hidden.flatten(0, 1)[positions]))
        log_likelihood = self.vocabulary.log_likelihood(
            real, target.repeat(samples, 1).flatten()[positions]
        )
        return sum_rows(log_likelihood, positions, samples * batch, width).view(samples, batch)

    def start(self, z: Float[Tensor, "rows size"]) -> TransformerState:
        """State before the first word: the prefix has been read."""
        added = None if self.added is None else self.added(z)
        past: tuple[KeyValue, ...] = ()
        if self.prefix is not None:
            _, past = self._extend(self.prefix(z), past)
        return TransformerState(past, added, 0)

    def step(
        self, tokens: Int[Tensor, " rows"], state: TransformerState
    ) -> tuple[Float[Tensor, "rows vocabulary"], TransformerState]:
        """Logits of the next word after one more input word each."""
        x = self.embedding(tokens) + self.position.weight[state.position]
        if state.added is not None:
            x = x + state.added
        hidden, past = self._extend(x, state.past)
        return (
            self.vocabulary(self.norm(hidden)),
            TransformerState(past, state.added, state.position + 1),
        )

    def _extend(
        self, x: Float[Tensor, "rows width"], past: tuple[KeyValue, ...]
    ) -> tuple[Float[Tensor, "rows width"], tuple[KeyValue, ...]]:
        """One position through all blocks, growing the cache."""
        x = x.unsqueeze(1)
        longer = []
        for layer, block in enumerate(self.blocks):
            assert isinstance(block, Block)
            x, key_value = block.extend(x, past[layer] if past else None)
            longer.append(key_value)
        return x[:, 0], tuple(longer)
