import torch

from textvae.core.terms import Draw, Terms


def test_what_is_reported_is_drawn_once_and_hard():
    assert Draw() == Draw(samples=1, temperature=1.0, hard=True)


def test_monte_carlo_kl_keeps_the_draws_and_forgets_the_units():
    terms = Terms(
        log_likelihood=torch.tensor([[-3.0]]),
        log_prior=torch.tensor([[-2.0]]),
        log_posterior=torch.tensor([[-0.5]]),
        kl=torch.tensor([[[0.7, 0.4]]]),
        kl_estimator="analytic",
        log_weight=torch.tensor([[0.0]]),
        z=torch.zeros(1, 1, 2),
    )
    estimated = terms.with_monte_carlo_kl()
    assert estimated.kl.tolist() == [[[1.5]]]
    assert estimated.kl_estimator == "monte_carlo"
    assert estimated.z is terms.z
    assert terms.kl_estimator == "analytic"
