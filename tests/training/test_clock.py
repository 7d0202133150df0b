from types import SimpleNamespace

import pytest

from seviz.errors import UserError
from seviz.training import clock as module
from seviz.training.clock import Clock
from seviz.training.recipe import Recipe


@pytest.fixture
def now(monkeypatch) -> SimpleNamespace:
    """The time that clocks are told, in seconds."""
    at = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: at.seconds))
    return at


def run(seconds: float = 0.0, **recipe: float) -> SimpleNamespace:
    return SimpleNamespace(recipe=Recipe("x", epochs=8, **recipe), epoch=2, step=1, seconds=seconds)


def test_without_minutes_the_position_is_the_middle_of_the_next_step(now: SimpleNamespace):
    made = run()
    clock = Clock(made, steps=4, began=90.0)
    assert clock.position() == 2 + 1.5 / 4
    assert not clock.is_over()
    made.epoch = 8
    assert clock.is_over()


def test_with_minutes_it_is_the_share_of_the_time_that_is_left_for_training(now: SimpleNamespace):
    made = run(minutes=2)
    clock = Clock(made, steps=4, began=90.0)
    clock.reserve(20.0)
    now.seconds = 115.0
    assert clock.update() == 25.0
    assert clock.position() == 8 * 25 / 100
    assert made.seconds == 25.0
    now.seconds = 189.0
    assert not clock.is_over()
    now.seconds = 190.0
    assert clock.is_over()
    assert clock.position() == 8


def test_time_that_was_used_before_a_kill_counts(now: SimpleNamespace):
    clock = Clock(run(seconds=60.0, minutes=2), steps=4, began=100.0)
    clock.reserve(20.0)
    assert clock.position() == 8 * 60 / 100
    now.seconds = 140.0
    assert clock.is_over()


def test_less_than_the_ending_takes_is_refused(now: SimpleNamespace):
    clock = Clock(run(minutes=0.5), steps=4, began=100.0)
    with pytest.raises(UserError, match=r"--minutes 0.5 is too short: .* alone takes 31 seconds"):
        clock.reserve(31.0)
