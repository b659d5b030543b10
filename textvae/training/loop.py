"""The training loop, from the first step to the last, for every modality."""

from pathlib import Path

from textvae.config import Config
from textvae.evaluation.posterior_pass import run_posterior
from textvae.training.checkpoints import Checkpoints
from textvae.training.interruption import TrainingInterrupted, stop_signals
from textvae.training.optimizers import set_learning_rate
from textvae.training.reporting import Reporter
from textvae.training.session import Session, Task, assemble
from textvae.training.tracking import Tracker
from textvae.training.window import Window


def fit(task: Task, config: Config, folder: Path, *, resume: bool, reporter: Reporter) -> None:
    """Train `task.model` into a run folder, from the start or from the newest checkpoint.

    Raises `TrainingInterrupted` after a signal, once everything is saved, and `TextVAEError` if a
    loss is not finite.
    """
    session = assemble(task, config)
    checkpoints = Checkpoints(folder / "checkpoints", config.train.keep_checkpoints)
    step = _resume(session, checkpoints, reporter) if resume else 0
    tracker = Tracker(folder, resumed_step=step)
    window = Window()
    reporter.start(session.total, step, "training")
    session.learner.model.train()
    try:
        with stop_signals() as stop:
            while step < session.total and session.best.waited < session.patience:
                rate = session.learning_rate(step)
                if session.plateau is not None:
                    rate *= session.plateau.scale
                set_learning_rate(session.optimizer, rate)
                batches = [next(task.batches) for _ in range(config.train.accumulate)]
                sums = session.update(batches, step)
                window.add(step, batches, sums)
                step += 1

                last = step == session.total
                validating = last or step % session.validate_every == 0
                saving = last or step % session.checkpoint_every == 0
                interrupted = stop.signal_number
                # nothing is validated or saved before the losses are known to be finite
                if step % config.train.log_every == 0 or validating or saving or interrupted:
                    figures = window.read(
                        lr=rate,
                        kl_weight=session.learner.objective.kl_weight(step - 1),
                        relaxed=session.model.latent.discrete
                        and not session.learner.draw(step - 1).hard,
                    )
                    tracker.scalars(step, figures)
                    reporter.advance(step, _status(figures))
                if validating:
                    _validate(session, step, tracker, reporter)
                if saving or interrupted is not None:
                    checkpoints.save(
                        step,
                        model=session.model,
                        optimizer=session.optimizer,
                        state=session.state_dict(),
                    )
                if validating or saving:
                    window.restart_clock()
                if interrupted is not None and not last:
                    raise TrainingInterrupted(step, interrupted)
    finally:
        reporter.stop()
        tracker.close()
    if step < session.total:
        reporter.say(f"early stopping after step {step}: no better bound for {session.best.waited}")


def _resume(session: Session, checkpoints: Checkpoints, reporter: Reporter) -> int:
    """Restore the newest checkpoint; returns its step, 0 if there is none."""
    restored = checkpoints.load_newest(model=session.model, optimizer=session.optimizer)
    if restored is None:
        reporter.say("no checkpoint yet: starting from the beginning")
        return 0
    step, state, damaged = restored
    session.load_state_dict(state)
    for line in damaged:
        reporter.say(line)
    reporter.say(f"resuming after step {step} of {session.total}")
    return step


def _validate(session: Session, step: int, tracker: Tracker, reporter: Reporter) -> None:
    """Measure the bound, let the controllers see it, keep the model if it is the best so far."""
    task = session.task
    passed = run_posterior(session.model, task.validation(), device=session.accelerator.device)
    figures = passed.summary()
    better = session.best.is_better(figures["elbo"])
    if better:
        task.save_best(session.model, step, figures)
    tracker.scalars(step, {f"validation/{name}": value for name, value in figures.items()})
    tracker.histogram(step, "validation/kl_per_unit", passed.kl.mean(0))
    for tag, lines in task.show(session.model, passed).items():
        tracker.text(step, tag, lines)
    reporter.say(
        f"step {step}/{session.total}  validation elbo {figures['elbo']:.2f}  "
        f"reconstruction {figures['reconstruction']:.2f}  kl {figures['kl']:.2f}  "
        f"mi {figures['mutual_information']:.2f}  active units {figures['active_units']:.0f}  "
        f"perplexity <= {figures['perplexity_bound']:.2f}" + ("  (best)" if better else "")
    )
    changed = session.update.after_validation(figures["mutual_information"])
    if changed:
        reporter.say(f"step {step}: {changed}")
    if session.plateau is not None and session.plateau.after_validation(figures["elbo"]):
        reporter.say(f"step {step}: plateau; learning rate now x {session.plateau.scale:g}")


def _status(figures: dict[str, float]) -> str:
    return (
        f"loss {figures['train/loss']:.2f}  rec {figures['train/reconstruction']:.2f}  "
        f"kl {figures['train/kl']:.2f}  {figures['train/tokens_per_second']:,.0f} tokens/s"
    )
