"""The terms of a model against the same numbers computed the long way."""

import math

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal, kl_divergence
from torch.testing import assert_close

from tests.helpers import DECODERS, KINDS, text_batch, tiny_vae
from textvae.core import bounds
from textvae.core.terms import Draw

SENTENCES = [[3, 4, 5], [6], [7, 8, 3, 4, 5]]
SAMPLES = 4


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def gaussian_terms_by_hand(model, batch, z):
    features = model.encoder(batch.encoder_input, batch.lengths)
    mean, log_variance = (features @ model.latent.head.weight.T + model.latent.head.bias).chunk(
        2, dim=1
    )
    q, p = Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)
    return (
        p.log_prob(z).sum(-1),
        q.log_prob(z).sum(-1),
        kl_divergence(q, Normal(torch.zeros_like(mean), 1.0)),
    )


def categorical_terms_by_hand(model, batch, z):
    features = model.encoder(batch.encoder_input, batch.lengths)
    logits = (features @ model.latent.head.weight.T + model.latent.head.bias).view(-1, 2, 3)
    q, classes = Categorical(logits=logits), z.unflatten(-1, (2, 3)).argmax(-1)
    kl = kl_divergence(q, Categorical(logits=torch.zeros_like(logits)))
    return (
        torch.full(z.shape[:2], -2 * math.log(3), dtype=z.dtype),
        q.log_prob(classes).sum(-1),
        kl,
    )


@pytest.mark.parametrize("latent", ["gaussian", "categorical"])
@pytest.mark.parametrize("decoder", DECODERS)
def test_terms_are_what_they_say(latent, decoder):
    model, batch = tiny_vae(latent=latent, decoder=decoder), text_batch(SENTENCES)
    terms = model(batch, Draw(samples=SAMPLES))
    shape = (SAMPLES, len(SENTENCES))
    by_hand = gaussian_terms_by_hand if latent == "gaussian" else categorical_terms_by_hand
    log_prior, log_posterior, kl = by_hand(model, batch, terms.z)
    assert terms.z.shape == (*shape, model.latent.size)
    assert_close(terms.log_prior, log_prior)
    assert_close(terms.log_posterior, log_posterior)
    assert terms.kl.shape == (1, len(SENTENCES), model.latent.units)
    assert_close(terms.kl[0], kl)
    assert terms.kl_estimator == "analytic"
    assert_close(terms.log_weight, torch.full(shape, -math.log(SAMPLES), dtype=torch.float64))
    for s in range(SAMPLES):
        one_by_one = [
            model.decoder(terms.z[s : s + 1, row : row + 1], *text_batch([x]).decoder_arguments)
            for row, x in enumerate(SENTENCES)
        ]
        assert_close(terms.log_likelihood[s], torch.cat(one_by_one, dim=1)[0])
    assert not terms.relaxed


def test_only_discrete_latents_have_relaxed_draws():
    batch, soft = text_batch(SENTENCES), Draw(hard=False, temperature=0.5)
    assert tiny_vae(latent="categorical")(batch, soft).relaxed
    assert not tiny_vae(latent="gaussian")(batch, soft).relaxed
    assert not tiny_vae(latent="categorical")(batch).relaxed


@pytest.mark.parametrize(("encoder", "latent", "decoder"), KINDS)
def test_padding_changes_no_term(encoder, latent, decoder):
    model = tiny_vae(encoder, latent, f"{decoder}-both")
    narrow, wide = text_batch(SENTENCES), text_batch(SENTENCES, width=8, padding=4)
    torch.manual_seed(1)
    ours = model(narrow, Draw(samples=2))
    torch.manual_seed(1)
    padded = model(wide, Draw(samples=2))
    for name in ("log_likelihood", "log_prior", "log_posterior", "kl", "z"):
        assert_close(getattr(padded, name), getattr(ours, name), rtol=0, atol=1e-12)
    assert_close(bounds.elbo(padded), bounds.elbo(ours))


def test_a_given_posterior_is_used_and_the_encoder_is_not_run():
    model, batch = tiny_vae(), text_batch(SENTENCES)
    q = model.posterior(batch)
    torch.manual_seed(1)
    whole = model(batch, Draw(samples=2))
    torch.manual_seed(1)
    model.encoder.forward = lambda *_: pytest.fail("the encoder ran")
    again = model(batch, Draw(samples=2), posterior=q)
    assert torch.equal(again.log_likelihood, whole.log_likelihood)
    assert torch.equal(again.kl, whole.kl)
    shifted = type(q)(q.loc + 1, q.log_variance)
    assert_close(model(batch, posterior=shifted).kl, _kl(shifted).unsqueeze(0))


def _kl(q):
    return 0.5 * (q.loc**2 + q.log_variance.exp() - 1 - q.log_variance)


def test_a_pair_without_closed_form_gets_a_monte_carlo_kl():
    model, batch = tiny_vae(), text_batch(SENTENCES)
    means = torch.randn(5, 3, dtype=torch.float64)
    mixture = MixtureSameFamily(
        Categorical(torch.ones(5, dtype=torch.float64)), Independent(Normal(means, 1.0), 1)
    )
    model.latent.prior = lambda: mixture
    terms = model(batch, Draw(samples=SAMPLES))
    assert terms.kl_estimator == "monte_carlo"
    assert terms.kl.shape == (SAMPLES, 3, 1)
    assert_close(terms.kl[..., 0], terms.log_posterior - terms.log_prior)
    assert_close(terms.log_prior, mixture.log_prob(terms.z))
    assert_close(bounds.elbo(terms), bounds.elbo(terms.with_monte_carlo_kl()))


@pytest.mark.parametrize(("encoder", "latent", "decoder"), KINDS)
def test_parameters_are_either_inference_or_generative(encoder, latent, decoder):
    for way in ("both", "every_step" if decoder == "lstm" else "prefix"):  # tied, untied
        model = tiny_vae(encoder, latent, f"{decoder}-{way}")
        inference = [id(p) for p in model.inference_parameters()]
        generative = [id(p) for p in model.generative_parameters()]
        assert len({*inference, *generative}) == len(inference) + len(generative)
        assert {*inference, *generative} == {id(p) for p in model.parameters()}
        of = {name: {id(p) for p in getattr(model, name).parameters()} for name in ("encoder",)}
        of["decoder"] = {id(p) for p in model.decoder.parameters()}
        of["latent"] = {id(p) for p in model.latent.parameters()}
        assert set(inference) == of["encoder"] | of["latent"]
        assert set(generative) == of["decoder"]


@pytest.mark.parametrize("latent", ["gaussian", "categorical"])
def test_bound_is_below_log_p_of_x_by_integration(latent):
    """log p(x) from many prior draws lies above the ELBO and is what IW converges to."""
    model, batch = tiny_vae(latent=latent), text_batch(SENTENCES)
    with torch.no_grad():
        prior = model.latent.prior().sample((20_000,)).unsqueeze(1).expand(-1, 3, -1)
        likelihood = torch.cat(
            [model.decoder(z, *batch.decoder_arguments) for z in prior.split(500)]
        )
        evidence = likelihood.logsumexp(0) - math.log(len(prior))
        terms = model(batch, Draw(samples=5000))
        assert_close(bounds.importance_weighted(terms), evidence, rtol=0, atol=0.05)
        assert (bounds.elbo(terms) < evidence).all()
