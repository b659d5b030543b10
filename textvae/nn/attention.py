"""A pre-norm Transformer block on `scaled_dot_product_attention`, with a key-value cache.

Pre-norm: Xiong et al. 2020. Training and generation run the same code; with a cache, the block
reads the new positions only and attends to all before them.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional as F

KeyValue = tuple[Float[Tensor, "rows heads _ head"], Float[Tensor, "rows heads _ head"]]


class Block(nn.Module):
    """x + attention(norm(x)), then x + feedforward(norm(x))."""

    def __init__(self, *, width: int, heads: int, feedforward: int, dropout: float) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"width {width} is not a multiple of heads {heads}")
        self.heads = heads
        self.dropout = dropout
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attention_output = nn.Linear(width, width)
        self.feedforward_norm = nn.LayerNorm(width)
        self.feedforward = nn.Sequential(
            nn.Linear(width, feedforward), nn.GELU(), nn.Linear(feedforward, width)
        )

    def forward(
        self,
        x: Float[Tensor, "rows length width"],
        *,
        mask: Bool[Tensor, "rows 1 1 length"] | None = None,
        causal: bool = False,
    ) -> Float[Tensor, "rows length width"]:
        """Whole sequences; `mask` is true where a key may be attended to."""
        query, key, value = self._heads(x)
        dropout = self.dropout if self.training else 0.0
        attended = F.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=causal, dropout_p=dropout
        )
        return self._residual(x, attended)

    def extend(
        self, x: Float[Tensor, "rows 1 width"], past: KeyValue | None
    ) -> tuple[Float[Tensor, "rows 1 width"], KeyValue]:
        """One more position, attending to the `past` and to itself; returns the longer past."""
        query, key, value = self._heads(x)
        if past is not None:
            key = torch.cat((past[0], key), dim=2)
            value = torch.cat((past[1], value), dim=2)
        attended = F.scaled_dot_product_attention(query, key, value)
        return self._residual(x, attended), (key, value)

    def _heads(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        projected = self.query_key_value(self.attention_norm(x))
        split = projected.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return split[0], split[1], split[2]

    def _residual(self, x: Tensor, attended: Tensor) -> Tensor:
        joined = attended.transpose(1, 2).flatten(2)
        x = x + F.dropout(self.attention_output(joined), self.dropout, self.training)
        hidden = self.feedforward(self.feedforward_norm(x))
        return x + F.dropout(hidden, self.dropout, self.training)
