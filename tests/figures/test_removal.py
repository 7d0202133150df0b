import numpy as np
import pytest
from made_removal import GATE, RANDOM, SCORE, made_removal

from seviz.figures.removal import removal_chart


def drawn(found, name: str):
    (trace,) = (trace for trace in removal_chart(found).data if trace.name == name)
    return trace


def test_each_order_begins_at_the_intact_network():
    trace = drawn(made_removal(GATE, *RANDOM), "mean gate")
    assert list(trace.x) == [0, 25, 50, 75, 100]
    assert list(trace.y) == pytest.approx([50, 45, 30, 20, 0])
    assert list(trace.error_y.array) == pytest.approx([0, 2, 2, 2, 2])
    assert list(trace.error_y.arrayminus) == pytest.approx([0, 2, 2, 2, 0])  # not below 0
    assert trace.customdata[1] == (
        "25% removed, the smallest mean gate first: 45.0 %<br>−5.0 points (−7.0 to −3.0)"
    )


def test_random_orders_are_a_band_around_their_mean():
    figure = removal_chart(made_removal(GATE, SCORE, *RANDOM))
    low, high, mean = figure.data[:3]
    assert list(low.y) == pytest.approx([50, 30, 20, 10, 0])
    assert list(high.y) == pytest.approx([50, 40, 30, 20, 0])
    assert list(mean.y) == pytest.approx([50, 35, 25, 15, 0])
    assert (high.fill, mean.name) == ("tonexty", "random: mean and range by seed")
    assert np.asarray(mean.customdata)[1] == pytest.approx([30, 40])
    assert len(figure.data) == 5
    assert len({trace.line.color for trace in figure.data}) == 3


def test_without_random_orders_there_is_no_band():
    figure = removal_chart(made_removal(GATE, block="SE_4_6"))
    assert [trace.name for trace in figure.data] == ["mean gate"]
    assert "of the 80 channels of SE_4_6" in figure.layout.meta["label"]
