"""Transformer encoder: the features are the mean over the real tokens."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from textvae.nn.attention import Block
from textvae.nn.positions import padding_free


class TransformerEncoder(nn.Module):
    """Pre-norm blocks with learned positions; attends in both directions."""

    def __init__(
        self,
        *,
        vocabulary: int,
        max_length: int,
        width: int,
        layers: int,
        heads: int,
        feedforward: int | None,
        dropout: float,
    ) -> None:
        super().__init__()
        self.features = width
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(max_length, width)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            Block(width=width, heads=heads, feedforward=feedforward or 4 * width, dropout=dropout)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(
        self, tokens: Int[Tensor, "batch length"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch features"]:
        """Mean of the last layer over the real tokens."""
        width = tokens.shape[1]
        real = padding_free(lengths, width)
        x = self.embedding(tokens) + self.position(torch.arange(width, device=tokens.device))
        x = self.dropout(x)
        for block in self.blocks:
            x = block(x, mask=real[:, None, None, :])
        kept = self.norm(x) * real.unsqueeze(-1)
        return kept.sum(1) / lengths.unsqueeze(1)
