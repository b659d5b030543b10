"""What each update rule changes, and when the aggressive one stops."""

import pytest
import torch

from tests.helpers import text_batch, tiny_vae
from textvae.core.objectives import NegativeELBO
from textvae.core.terms import Draw
from textvae.training.accelerator import build_accelerator
from textvae.training.learner import Learner, Sums, frozen
from textvae.training.optimizers import set_learning_rate
from textvae.training.updates import AggressiveUpdate

BATCH = text_batch([[3, 4, 5], [6, 7], [8, 3, 4, 5]])


@pytest.fixture
def learner():
    torch.manual_seed(0)
    accelerator = build_accelerator(device="cpu", precision="fp32")
    model = tiny_vae().float().train()
    model, optimizer = accelerator.prepare(model, torch.optim.AdamW(model.parameters()))
    set_learning_rate(optimizer, 0.01)
    return Learner(
        model=model,
        objective=NegativeELBO(kl_weight=lambda step: 1.0),
        optimizer=optimizer,
        accelerator=accelerator,
        draw=lambda step: Draw(),
        corrupt=lambda batch: batch,
        clip=5.0,
    )


def aggressive(learner, batches, **settings):
    return AggressiveUpdate(
        learner=learner,
        inner_batches=iter(batches),
        inference=list(learner.model.inference_parameters()),
        generative=list(learner.model.generative_parameters()),
        **{"max_inner_steps": 3, "check_every": 15, **settings},
    )


def snapshot(parameters):
    return [parameter.detach().clone() for parameter in parameters]


def changed(parameters, before):
    return [not torch.equal(p, b) for p, b in zip(parameters, before, strict=True)]


def test_inner_steps_touch_the_inference_network_alone(learner, monkeypatch):
    update = aggressive(learner, [BATCH] * 10)
    inference, generative = snapshot(update.inference), snapshot(update.generative)
    real, gradients = Learner.descend, []

    def watched(self):
        gradients.append([p.grad is not None for p in update.generative])
        return real(self)

    monkeypatch.setattr(Learner, "descend", watched)
    with frozen(update.generative):
        update._train_inference([BATCH], 0)
    assert len(gradients) == 3
    assert not any(any(step) for step in gradients)  # no decoder gradient is computed at all
    assert not any(changed(update.generative, generative))
    assert all(changed(update.inference, inference))
    assert all(p.requires_grad for p in learner.model.parameters())


def test_the_outer_step_touches_the_generative_model_alone(learner, monkeypatch):
    update = aggressive(learner, [])
    monkeypatch.setattr(AggressiveUpdate, "_train_inference", lambda self, batches, step: None)
    inference, generative = snapshot(update.inference), snapshot(update.generative)
    update([BATCH], 0)
    assert not any(changed(update.inference, inference))
    assert any(changed(update.generative, generative))


def test_frozen_parameters_keep_their_optimiser_state(learner):
    update = aggressive(learner, [BATCH] * 10)
    update([BATCH], 0)
    steps = {id(p): float(state["step"]) for p, state in learner.optimizer.optimizer.state.items()}
    assert {steps[id(p)] for p in update.inference} == {3.0}
    assert {steps[id(p)] for p in update.generative} == {1.0}


@pytest.mark.parametrize(
    ("losses", "inner_steps"),
    [
        ([5, 5, 4, 4, 3, 3, 2, 2, 1, 1], 10),  # falls all the time: up to the limit
        ([5, 5, 6, 6, 1, 1, 1, 1, 1, 1], 4),  # rises at the second check
        ([5, 5, 5, 5, 6, 6, 1, 1, 1, 1], 6),  # an equal loss goes on
        ([9, 1, 4, 5, 5, 5, 1, 1, 1, 1], 6),  # the mean over the window counts, not one step
    ],
)
def test_the_inner_loop_stops_when_its_mean_loss_rises(learner, monkeypatch, losses, inner_steps):
    script = iter(losses)
    done = []

    def scripted(self, batches, step):
        values = torch.tensor([next(script), 0.0, 0.0, 0.0], dtype=torch.float64)
        done.append(len(batches))
        return Sums(values, values[0], 3, 1)

    monkeypatch.setattr(Learner, "accumulate", scripted)
    monkeypatch.setattr(Learner, "descend", lambda self: torch.zeros(()))
    update = aggressive(learner, [BATCH] * 20, max_inner_steps=10, check_every=2)
    update._train_inference([BATCH], 0)
    assert len(done) == inner_steps


def test_the_phase_ends_for_good_when_mutual_information_falls(learner):
    update = aggressive(learner, [BATCH] * 40)
    assert update.after_validation(0.5) is None
    assert update.after_validation(0.7) is None
    assert "0.700 to 0.600" in update.after_validation(0.6)
    assert update.after_validation(0.9) is None
    restored = aggressive(learner, [BATCH] * 40)
    restored.load_state_dict(update.state_dict())
    assert not restored.active
    before = snapshot(learner.model.parameters())
    restored([BATCH], 0)
    assert all(changed(restored.inference, before[: len(restored.inference)]))  # joint now


def test_accumulated_batches_have_the_gradient_of_one(learner, monkeypatch):
    """Means over all examples, not means of means: the parts differ in size."""
    monkeypatch.setattr(torch, "randn", lambda shape, **kw: torch.zeros(shape, **kw))
    parts = [text_batch([[3, 4, 5], [6, 7]]), text_batch([[8, 3, 4, 5]])]
    learner.accumulate([BATCH], 0)
    whole = [p.grad.clone() for p in learner.model.parameters()]
    learner.optimizer.zero_grad()
    sums = learner.accumulate(parts, 0)
    assert (sums.examples, sums.tokens) == (3, BATCH.num_tokens)
    for parameter, gradient in zip(learner.model.parameters(), whole, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-6)


def test_clipping_bounds_the_step_and_reports_the_norm_before(learner):
    learner.accumulate([BATCH], 0)
    norm = torch.stack([p.grad.norm() for p in learner.model.parameters()]).norm()
    clipped = Learner(**{**vars(learner), "clip": 0.1})
    seen = []
    real = learner.optimizer.step
    clipped.optimizer.step = lambda: (
        seen.append(torch.stack([p.grad.norm() for p in learner.model.parameters()]).norm()),
        real(),
    )
    assert float(clipped.descend()) == pytest.approx(float(norm), rel=1e-5)
    assert float(seen[0]) == pytest.approx(0.1, rel=1e-3)
    assert all(p.grad is None for p in learner.model.parameters())
