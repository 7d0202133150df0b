"""Estimates of the time that rows take."""

import pytest

from seviz.passes import estimate
from seviz.passes.estimate import GRADIENT, SMALL, PassRows, RowTime, seconds


@pytest.fixture
def network(small, monkeypatch):
    monkeypatch.setitem(small.cache, RowTime, RowTime())
    return small


def test_rows_add_up_and_those_with_gradients_weigh_more():
    rows = PassRows(3, 1) + PassRows(0, 2) * 2
    assert (rows, rows.count, rows.weight) == (PassRows(3, 5), 8, 3 + GRADIENT * 5)


def test_few_rows_are_not_worth_a_measurement(network):
    assert seconds(network, PassRows(SMALL)) == 0
    assert RowTime.of(network).seconds == float("inf")


def test_a_row_is_timed_once_on_the_network(network, monkeypatch):
    ticks = iter([0.0, 8.0, 10.0, 14.0])  # batches of four rows: 8 s, then 4 s
    monkeypatch.setattr(estimate, "clock", lambda kind: next(ticks))
    assert seconds(network, PassRows(200)) == 200
    assert seconds(network, PassRows(400, 100)) == 700


def test_an_estimate_that_would_refuse_is_made_again(network, monkeypatch):
    RowTime.of(network).seconds = 1.0  # of a moment when the machine was busy
    ticks = iter([0.0, 4.0, 10.0, 12.0])
    monkeypatch.setattr(estimate, "clock", lambda kind: next(ticks))
    assert seconds(network, PassRows(200), most=500) == 200
    assert seconds(network, PassRows(200), most=150) == 100
