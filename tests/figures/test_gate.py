from dataclasses import replace

import numpy as np
import pytest
from made_data_set import made_data_set

from seviz.answers.gate import one_gate
from seviz.figures import style
from seviz.figures.gate import class_bars, descriptor_scatter, distribution
from seviz.records.one_gate import ClassGate, OneGate


@pytest.fixture(scope="module")
def gate() -> OneGate:
    _, profile, images = made_data_set()
    found = one_gate(profile, images, ("SE_2_1", 1), names={})
    many = [ClassGate(f"class {i}", 0.9 - i / 10, 0.1, i - 2.0, 10) for i in range(6)]
    return replace(found, classes=tuple(many), mean=0.5, correlation=-0.25)


def test_the_bars_are_the_largest_and_the_smallest_classes_with_their_deviation(gate):
    line, bars = class_bars(gate, 2).data
    assert list(bars.x) == [0.9, 0.8, 0.9 - 4 / 10, 0.9 - 5 / 10]
    assert list(bars.error_x.array) == [0.1] * 4
    assert list(bars.marker.color) == [style.OPEN] * 2 + [style.SHUT] * 2
    assert list(line.x) == [0.5, 0.5]
    assert class_bars(gate, 2).layout.yaxis.ticktext == ("class 0", "class 1", "class 4", "class 5")
    assert bars.customdata[0] == "class 0: s = 0.900 ± 0.100, z = −2 (10 images)"
    assert class_bars(replace(gate, classes=()), 2) is None


def test_long_names_are_cut_beside_a_bar_but_not_in_its_words(gate):
    name = "x" * 40
    shown = class_bars(replace(gate, classes=(ClassGate(name, 0.5, 0.1, None, 1),)), 1)
    assert len(shown.layout.yaxis.ticktext[0]) == 26
    assert shown.data[1].customdata == (f"{name}: s = 0.500 ± 0.100 (1 images)",)


def test_the_distribution_is_the_quantiles_over_the_histogram(gate):
    bars, curve = distribution(gate).data
    assert list(curve.x) == list(gate.quantiles)
    np.testing.assert_allclose(curve.y, np.arange(33) / 32)
    assert sum(bars.y) == pytest.approx(1)
    np.testing.assert_allclose(
        np.asarray(bars.y) * sum(gate.histogram.counts), gate.histogram.counts
    )
    assert len(distribution(replace(gate, histogram=None)).data) == 1


def test_a_point_of_z_against_s_is_a_class(gate):
    figure = descriptor_scatter(gate)
    (dots,) = figure.data
    assert list(dots.x) == [of.z for of in gate.classes]
    assert list(dots.y) == [of.s for of in gate.classes]
    assert figure.layout.annotations[0].text == "correlation −0.25"
    assert descriptor_scatter(replace(gate, correlation=None)).layout.annotations[0].text == ""
    unknown = tuple(replace(of, z=None) for of in gate.classes)
    assert descriptor_scatter(replace(gate, classes=unknown)) is None
