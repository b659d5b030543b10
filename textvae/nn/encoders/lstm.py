"""LSTM encoder (Bowman et al. 2016): the features are the last hidden states of the top layer."""

from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMEncoder(nn.Module):
    """Reads a sentence left to right, or in both directions."""

    def __init__(
        self,
        *,
        vocabulary: int,
        embedding: int,
        hidden: int,
        layers: int,
        bidirectional: bool,
        dropout: float,
    ) -> None:
        super().__init__()
        self.features = hidden * (2 if bidirectional else 1)
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(
            embedding,
            hidden,
            num_layers=layers,
            bidirectional=bidirectional,
            batch_first=True,
            dropout=dropout if layers > 1 else 0.0,
        )
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, tokens: Int[Tensor, "batch length"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch features"]:
        """State after the last real token (and, backward, after the first)."""
        embedded = self.dropout(self.embedding(tokens))
        # packed, so that the backward direction starts at the last real token, not at padding
        packed = pack_padded_sequence(
            embedded, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        _, (last, _) = self.lstm(packed)  # (layers * directions, batch, hidden)
        directions = 2 if self.lstm.bidirectional else 1
        return self.dropout(last[-directions:].transpose(0, 1).flatten(1))
