"""Latents: features to a posterior, a prior, and draws that carry a gradient.

A latent is a module with

- `size`: width of z as the decoder gets it; `units`: how many latent units its KL has;
- `discrete`: whether its draws are one-hot codes;
- `posterior(features (batch, features)) -> Distribution` and `prior() -> Distribution`, both over
  flat events `(size,)`; parameters of the posterior belong to inference, those of the prior to
  the generative model;
- `draw(q, draw) -> (samples, batch, size)`, with the gradient estimator of its configuration;
- `code(q) -> (batch, code_size)`, the one point a user stores, and its way back,
  `embed(code) -> z`.
"""

from textvae.nn.latents.categorical import CategoricalLatent
from textvae.nn.latents.gaussian import GaussianLatent

Latent = GaussianLatent | CategoricalLatent

__all__ = ["CategoricalLatent", "GaussianLatent", "Latent"]
