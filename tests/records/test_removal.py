import pytest
from made_removal import GATE, RANDOM, made_removal


def test_random_orders_are_a_mean_and_a_range():
    found = made_removal(GATE, *RANDOM)
    assert found.orders == (GATE,)
    assert found.shares == (0.25, 0.5, 0.75, 1.0)
    assert found.random[0] == pytest.approx((0.35, 0.3, 0.4))
    assert found.random[3] == (0.0, 0.0, 0.0)


def test_without_random_orders_there_are_none():
    assert made_removal(GATE).random == ()
    assert made_removal(*RANDOM).orders == ()
