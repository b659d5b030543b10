"""Bounds on log p(x), as pure functions of terms: what is reported.

Two formulas cover every model family. Both return nats per example; the expectation over draws is
taken with `terms.log_weight`. Neither knows KL weights or free bits: those belong to objectives.
"""

from jaxtyping import Float
from torch import Tensor

from textvae.core.terms import Terms


def expected(
    values: Float[Tensor, "samples_or_one batch"], terms: Terms
) -> Float[Tensor, " batch"]:
    """E_s[values] under the weights of the draws; a single row is the same for every draw."""
    return (terms.log_weight.exp() * values).sum(0)


def reconstruction(terms: Terms) -> Float[Tensor, " batch"]:
    """-E_q[log p(x|z)], nats per example."""
    return -expected(terms.log_likelihood, terms)


def kl_per_unit(terms: Terms) -> Float[Tensor, "batch units"]:
    """E_s[KL[q||p]] of each latent unit, unweighted, nats per example."""
    return (terms.log_weight.exp().unsqueeze(-1) * terms.kl).sum(0)


def elbo(terms: Terms) -> Float[Tensor, " batch"]:
    """The evidence lower bound E_q[log p(x|z)] - KL[q||p] (Kingma and Welling 2014, eq. 3)."""
    return expected(terms.log_likelihood - terms.kl.sum(-1), terms)


def importance_weighted(terms: Terms) -> Float[Tensor, " batch"]:
    """The importance-weighted bound log 1/S sum_s p(x, z_s) / q(z_s|x) (Burda et al. 2016, eq. 8).

    With one draw and a Monte Carlo KL it is the `elbo`; it does not decrease, in expectation, in
    the number of draws. Never from relaxed draws.
    """
    return (log_importance_weights(terms) + terms.log_weight).logsumexp(0)


def log_importance_weights(terms: Terms) -> Float[Tensor, "samples batch"]:
    """log p(x, z_s) - log q(z_s|x), before the weights of the draws."""
    if terms.relaxed:
        raise ValueError("relaxed draws give no bound: draw with hard=True")
    return terms.log_likelihood + terms.log_prior - terms.log_posterior
