"""Encoders: token ids to one vector of features for each sentence.

An encoder is a module with `features` (width of its output) and
`forward(tokens (batch, length), lengths (batch,)) -> (batch, features)`.
"""

from textvae.nn.encoders.lstm import LSTMEncoder
from textvae.nn.encoders.transformer import TransformerEncoder

__all__ = ["LSTMEncoder", "TransformerEncoder"]
