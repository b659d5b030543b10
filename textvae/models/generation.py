"""Writing sentences: greedy or sampled decoding of a batch of z, finished rows dropped."""

from collections.abc import Collection
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from textvae.nn.decoders import Generator

Strategy = Literal["sample", "greedy"]


@torch.inference_mode()
def generate(
    decoder: Generator,
    z: Float[Tensor, "rows size"],
    *,
    bos: int,
    eos: int,
    forbidden: Collection[int] = (),
    max_length: int,
    strategy: Strategy = "sample",
    temperature: float = 1.0,
    top_p: float = 1.0,
    generator: torch.Generator | None = None,
) -> list[list[int]]:
    """Token ids of one sentence for each z, without begin and end tokens.

    `forbidden` tokens (padding, begin, unknown) are never written. At most `max_length` tokens,
    the end counted; a sentence that has not ended by then is cut. `temperature` divides the
    logits; `top_p` keeps the smallest set of words with at least that probability (nucleus
    sampling, Holtzman et al. 2020). Sampling draws from torch's global generator unless it is
    given one (of z's device).
    """
    rows = z.shape[0]
    banned = torch.tensor(sorted(forbidden), dtype=torch.long, device=z.device)
    sentences = torch.full((rows, max_length), eos, dtype=torch.long, device=z.device)
    alive = torch.arange(rows, device=z.device)
    tokens = torch.full((rows,), bos, dtype=torch.long, device=z.device)
    state = decoder.start(z)
    for position in range(max_length):
        logits, state = decoder.step(tokens, state)
        logits = logits.float().index_fill(1, banned, -torch.inf)
        if strategy == "greedy":
            tokens = logits.argmax(1)
        else:
            uniform = torch.rand(rows, device=z.device, generator=generator)[alive]
            tokens = inverse_cdf(nucleus((logits / temperature).softmax(1), top_p), uniform)
        sentences[alive, position] = tokens
        going_on = (tokens != eos).nonzero()[:, 0]
        if going_on.numel() == 0:
            break
        if going_on.numel() < alive.numel():
            alive, tokens, state = alive[going_on], tokens[going_on], state.select(going_on)
    return [_until(row, eos) for row in sentences.tolist()]


def nucleus(
    probabilities: Float[Tensor, "rows vocabulary"], top_p: float
) -> Float[Tensor, "rows vocabulary"]:
    """Zero outside the smallest set of most probable words that holds `top_p`; unnormalised."""
    if top_p >= 1.0:
        return probabilities
    ordered, order = probabilities.sort(dim=1, descending=True)
    before = ordered.cumsum(1) - ordered
    kept = ordered.where(before < top_p, ordered.new_zeros(()))
    return torch.zeros_like(probabilities).scatter(1, order, kept)


def inverse_cdf(
    weights: Float[Tensor, "rows vocabulary"], uniform: Float[Tensor, " rows"]
) -> Int[Tensor, " rows"]:
    """One draw per row in proportion to its weights, from one uniform number in [0, 1) per row.

    One cumulative sum and one search; `torch.multinomial` is several times slower.
    """
    cumulative = weights.cumsum(1)
    threshold = uniform.unsqueeze(1) * cumulative[:, -1:]
    # the first word whose cumulative weight exceeds the threshold: never one of weight zero
    drawn = torch.searchsorted(cumulative, threshold, right=True)[:, 0]
    last = weights.shape[1] - 1 - (weights > 0).flip(1).float().argmax(1)
    return torch.minimum(drawn, last)


def _until(tokens: list[int], end: int) -> list[int]:
    return tokens[: tokens.index(end)] if end in tokens else tokens
