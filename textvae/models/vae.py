"""The one model class: encoder, latent, decoder."""

import math
from collections.abc import Iterator
from itertools import chain
from typing import Any, Protocol, runtime_checkable

from torch import nn
from torch.distributions import Distribution

from textvae.core.distributions import kl_per_unit
from textvae.core.terms import Draw, Terms
from textvae.nn.latents import Latent


@runtime_checkable
class Batch(Protocol):
    """What any modality's batch offers a model."""

    @property
    def encoder_arguments(self) -> tuple[Any, ...]:
        """What the encoder is called with."""

    @property
    def decoder_arguments(self) -> tuple[Any, ...]:
        """What the decoder is called with, after z."""


class VAE(nn.Module):
    """log p(x) >= E_q(z|x)[log p(x|z)] - KL[q(z|x) || p(z)].

    Text and images differ in encoder and decoder, and in nothing else. The model knows no KL
    weight, no free bits and no optimiser: it returns `Terms`, an objective does the rest.
    """

    def __init__(self, *, encoder: nn.Module, latent: Latent, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.latent = latent
        self.decoder: Any = decoder  # forward, start and step: see textvae.nn.decoders

    def forward(
        self, batch: Batch, draw: Draw = Draw(), posterior: Distribution | None = None
    ) -> Terms:
        """The terms of `batch`, nats per example.

        With the `posterior` of an earlier call of `self.posterior(batch)` the encoder is not run
        again: importance sampling streams its draws this way.
        """
        q: Any = self.posterior(batch) if posterior is None else posterior
        p = self.latent.prior()
        z = self.latent.draw(q, draw)
        log_likelihood = self.decoder(z, *batch.decoder_arguments)
        log_prior, log_posterior = p.log_prob(z), q.log_prob(z)
        analytic = kl_per_unit(q, p)
        return Terms(
            log_likelihood=log_likelihood,
            log_prior=log_prior,
            log_posterior=log_posterior,
            kl=(
                (log_posterior - log_prior).unsqueeze(-1)
                if analytic is None
                else analytic.unsqueeze(0)
            ),
            kl_estimator="monte_carlo" if analytic is None else "analytic",
            log_weight=log_likelihood.new_full(log_likelihood.shape, -math.log(draw.samples)),
            z=z,
            relaxed=self.latent.discrete and not draw.hard,
        )

    def posterior(self, batch: Batch) -> Any:
        """q(z|x) of each example."""
        return self.latent.posterior(self.encoder(*batch.encoder_arguments))

    def inference_parameters(self) -> Iterator[nn.Parameter]:
        """Parameters of q(z|x): the encoder and the posterior of the latent."""
        return chain(self.encoder.parameters(), self.latent.inference_parameters())

    def generative_parameters(self) -> Iterator[nn.Parameter]:
        """Parameters of p(x, z): the decoder, and the prior where it is learned."""
        inference = {id(parameter) for parameter in self.inference_parameters()}
        return (p for p in self.parameters() if id(p) not in inference)
