"""Every schedule at steps where its value is known."""

import math

import pytest

from textvae.schedules import (
    Constant,
    Cyclical,
    Exponential,
    Linear,
    Logistic,
    Warmup,
    bound_to,
)


def values(schedule, steps):
    return [schedule(step) for step in steps]


def test_constant():
    assert values(Constant(0.3), [0, 10**9]) == [0.3, 0.3]


def test_linear_waits_rises_and_stays():
    schedule = Linear(start=0.2, end=1.0, steps=4, delay=2)
    assert values(schedule, [0, 2, 3, 4, 6, 99]) == pytest.approx([0.2, 0.2, 0.4, 0.6, 1.0, 1.0])
    assert Linear(start=1.0, end=0.0, steps=10)(5) == 0.5


def test_logistic_is_the_sigmoid_of_bowman():
    schedule = Logistic(midpoint=2500, steepness=0.0025)
    for step in (0, 1000, 2500, 4000, 9999):
        exact = 1 / (1 + math.exp(-0.0025 * (step - 2500)))
        assert schedule(step) == pytest.approx(exact, rel=1e-9)
    assert Logistic(midpoint=10, start=1.0, end=3.0)(10) == 2.0


def test_logistic_does_not_overflow():
    schedule = Logistic(midpoint=10**6, steepness=10.0)
    assert values(schedule, [0, 10**6, 10**9]) == [0.0, 0.5, 1.0]


def test_cyclical_is_that_of_fu():
    """Fu et al. 2019, eq. 6-7: tau = mod(t - 1, T/M) / (T/M); tau / R up to R, then 1."""
    total, cycles, rise = 40, 4, 0.5
    schedule = Cyclical(period=total // cycles, rise=rise)
    for step in range(total):
        tau = (step % (total / cycles)) / (total / cycles)
        assert schedule(step) == pytest.approx(tau / rise if tau <= rise else 1.0)
    assert values(schedule, [0, 4, 5, 9, 10, 30]) == pytest.approx([0, 0.8, 1, 1, 0, 0])


def test_cyclical_between_other_ends_and_for_some_cycles():
    schedule = Cyclical(period=10, rise=1.0, start=0.2, end=1.2, cycles=2)
    assert values(schedule, [0, 5, 15, 19, 20, 25, 999]) == pytest.approx(
        [0.2, 0.7, 0.7, 1.1, 1.2, 1.2, 1.2]
    )


def test_exponential_falls_by_equal_factors():
    schedule = Exponential(start=4.0, end=0.25, steps=4)
    assert values(schedule, [0, 1, 2, 3, 4, 99]) == pytest.approx([4, 2, 1, 0.5, 0.25, 0.25])


@pytest.mark.parametrize(("decay", "halfway"), [("cosine", 0.55), ("linear", 0.55), ("none", 1.0)])
def test_warmup_rises_to_the_peak_and_decays_to_the_floor(decay, halfway):
    schedule = Warmup(peak=2.0, warmup=4, decay=decay, floor=0.1, steps=14)
    assert values(schedule, [0, 1, 2, 3, 4]) == [0.5, 1.0, 1.5, 2.0, 2.0]
    assert schedule(9) == pytest.approx(2.0 * halfway)
    end = 2.0 if decay == "none" else 0.2
    assert values(schedule, [14, 99]) == pytest.approx([end, end])


def test_cosine_is_a_half_cosine():
    schedule = Warmup(peak=1.0, decay="cosine", steps=12)
    assert values(schedule, [0, 4, 6, 8, 12]) == pytest.approx([1.0, 0.75, 0.5, 0.25, 0.0])


BOUNDED = [
    Linear(start=0.3, end=0.9, steps=7, delay=3),
    Linear(start=0.9, end=0.3, steps=7),
    Logistic(midpoint=20, steepness=0.5, start=0.3, end=0.9),
    Cyclical(period=7, rise=0.3, start=0.3, end=0.9, cycles=3),
    Exponential(start=0.9, end=0.3, steps=7),
    Warmup(peak=0.9, warmup=0, floor=1 / 3, steps=30),
]


@pytest.mark.parametrize("schedule", BOUNDED, ids=lambda s: s.kind)
def test_values_stay_between_the_ends(schedule):
    assert all(0.3 - 1e-9 <= schedule(step) <= 0.9 + 1e-9 for step in range(60))


def test_an_open_length_is_closed_at_the_training():
    assert bound_to(Linear(), 10) == Linear(steps=10)
    assert bound_to(Linear(delay=4), 10) == Linear(delay=4, steps=6)
    assert bound_to(Linear(delay=4), 10)(10) == 1.0
    assert bound_to(Linear(delay=20), 10) == Linear(delay=20, steps=1)
    assert bound_to(Exponential(), 10) == Exponential(steps=10)
    assert bound_to(Warmup(peak=1.0, warmup=3), 10) == Warmup(peak=1.0, warmup=3, steps=10)
    assert bound_to(Warmup(peak=1.0, warmup=30), 10) == Warmup(peak=1.0, warmup=30, steps=31)


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(1.0),
        Linear(steps=3),
        Logistic(midpoint=3),
        Cyclical(period=3),
        Exponential(steps=3),
        Warmup(peak=1.0, steps=3),
    ],
)
def test_a_length_that_is_given_is_kept(schedule):
    assert bound_to(schedule, 10) is schedule


def test_an_open_length_has_no_values():
    for schedule in (Linear(), Exponential(), Warmup(peak=1.0)):
        with pytest.raises(ValueError, match="has no length yet"):
            schedule(0)
    assert Warmup(peak=1.0, decay="none")(99) == 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Linear(steps=0), "steps must be positive"),
        (lambda: Linear(delay=-1), "delay must not be negative"),
        (lambda: Logistic(midpoint=1, steepness=0.0), "steepness must be positive"),
        (lambda: Cyclical(period=0), "period must be positive"),
        (lambda: Cyclical(period=1, rise=0.0), "rise must be a share"),
        (lambda: Cyclical(period=1, rise=1.1), "rise must be a share"),
        (lambda: Cyclical(period=1, cycles=0), "cycles must be positive"),
        (lambda: Exponential(end=0.0), "start and end must be positive"),
        (lambda: Exponential(steps=-1), "steps must be positive"),
        (lambda: Warmup(peak=1.0, warmup=-1), "warmup must not be negative"),
        (lambda: Warmup(peak=1.0, floor=1.5), "floor is a share of the peak"),
        (lambda: Warmup(peak=1.0, warmup=5, steps=5), "steps must exceed warmup"),
    ],
)
def test_what_makes_no_schedule_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_schedules_are_values():
    assert Linear(steps=3) == Linear(steps=3)
    with pytest.raises(AttributeError):
        Linear(steps=3).steps = 4
