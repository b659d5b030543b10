"""LSTM decoder (Bowman et al. 2016): a language model whose state or input knows z."""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from textvae.nn.positions import real_positions, sum_rows
from textvae.nn.vocabulary import VocabularyOutput


@dataclass(frozen=True)
class LSTMState:
    """Hidden and cell state of every layer, and z where each step reads it."""

    hidden: Float[Tensor, "layers rows hidden"]
    cell: Float[Tensor, "layers rows hidden"]
    z: Float[Tensor, "rows size"]

    def select(self, rows: Int[Tensor, " kept"]) -> "LSTMState":
        """The state of some rows."""
        return LSTMState(self.hidden[:, rows], self.cell[:, rows], self.z[rows])


class LSTMDecoder(nn.Module):
    """`latent_input` says how z enters.

    "initial_state": cell = linear(z), hidden = tanh(cell), for every layer.
    "every_step": z is concatenated to the embedding of every input word.
    "both": the decoder of He et al. 2019.
    """

    def __init__(
        self,
        *,
        vocabulary: int,
        latent_size: int,
        embedding: int,
        hidden: int,
        layers: int,
        latent_input: Literal["initial_state", "every_step", "both"],
        input_dropout: float,
        output_dropout: float,
        tied_embeddings: bool,
    ) -> None:
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.every_step = latent_input in ("every_step", "both")
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.initial_cell = (
            nn.Linear(latent_size, layers * hidden)
            if latent_input in ("initial_state", "both")
            else None
        )
        self.lstm = nn.LSTM(
            embedding + (latent_size if self.every_step else 0),
            hidden,
            num_layers=layers,
            batch_first=True,
            dropout=output_dropout if layers > 1 else 0.0,
        )
        self.input_dropout = nn.Dropout(input_dropout)
        self.output_dropout = nn.Dropout(output_dropout)
        self.vocabulary = VocabularyOutput(
            hidden=hidden,
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
        state = self.start(z.flatten(0, 1))
        embedded = self.input_dropout(self.embedding(tokens)).repeat(samples, 1, 1)
        hidden, _ = self.lstm(self._with_latent(embedded, state.z), (state.hidden, state.cell))
        positions = real_positions(lengths.repeat(samples), width, samples * num_tokens)
        real = self.output_dropout(hidden.flatten(0, 1)[positions])
        log_likelihood = self.vocabulary.log_likelihood(
            real, target.repeat(samples, 1).flatten()[positions]
        )
        return sum_rows(log_likelihood, positions, samples * batch, width).view(samples, batch)

    def start(self, z: Float[Tensor, "rows size"]) -> LSTMState:
        """State before the first word."""
        if self.initial_cell is None:
            cell = z.new_zeros(self.layers, z.shape[0], self.hidden)
        else:
            cell = self.initial_cell(z).unflatten(-1, (self.layers, self.hidden)).transpose(0, 1)
        return LSTMState(cell.tanh().contiguous(), cell.contiguous(), z)

    def step(
        self, tokens: Int[Tensor, " rows"], state: LSTMState
    ) -> tuple[Float[Tensor, "rows vocabulary"], LSTMState]:
        """Logits of the next word after one more input word each."""
        embedded = self._with_latent(self.embedding(tokens).unsqueeze(1), state.z)
        output, (hidden, cell) = self.lstm(embedded, (state.hidden, state.cell))
        return self.vocabulary(output[:, 0]), LSTMState(hidden, cell, state.z)

    def _with_latent(
        self, embedded: Float[Tensor, "rows length embedding"], z: Float[Tensor, "rows size"]
    ) -> Float[Tensor, "rows length input"]:
        if not self.every_step:
            return embedded
        repeated = z.unsqueeze(1).expand(-1, embedded.shape[1], -1)
        return torch.cat((embedded, repeated.to(embedded.dtype)), dim=-1)
