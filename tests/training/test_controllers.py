"""Decisions that validation feeds."""

from textvae.training.controllers import Best, PlateauDecay


def test_best_counts_the_validations_without_a_gain():
    best = Best()
    assert [best.is_better(v) for v in (-9.0, -8.0, -8.0, -8.5, -7.0)] == [1, 1, 0, 0, 1]
    best.is_better(float("nan"))
    assert (best.value, best.waited) == (-7.0, 1)


def test_plateau_cuts_after_patience_and_waits_again():
    plateau = PlateauDecay(factor=0.5, patience=2)
    cuts = [plateau.after_validation(v) for v in (-5.0, -6.0, -6.0, -6.0, -6.0, -4.0, -5.0)]
    assert cuts == [False, False, True, False, True, False, False]
    assert plateau.scale == 0.25


def test_state_survives():
    plateau = PlateauDecay(factor=0.5, patience=2)
    for value in (-5.0, -6.0):
        plateau.after_validation(value)
    restored = PlateauDecay(factor=0.5, patience=2)
    restored.load_state_dict(plateau.state_dict())
    assert restored.after_validation(-6.0)
    assert restored == PlateauDecay(0.5, 2, 0.5, Best(-5.0, 0))
