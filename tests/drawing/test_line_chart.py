import re
from xml.etree import ElementTree as ET

import pytest

from seviz.drawing.line_chart import BOTTOM, HEIGHT, Axes, Series, line_chart

AXES = Axes("gate <s>", 0, 1, x_title="channel")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*series: Series, axes: Axes = AXES) -> ET.Element:
    return ET.fromstring(line_chart("Curves & more", series, axes))


def points(element: ET.Element) -> list[tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"[\d.]+", element.get("points", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_values_lie_where_the_axis_says_and_gaps_are_left_out():
    found = drawn(Series("ant", [0, None, 1, 7], "#123456"))
    at = points(found.find(f"{SVG}polyline"))
    assert len(at) == 3
    assert at[0][1] == HEIGHT - BOTTOM
    assert at[1][1] == at[2][1] < at[0][1]  # beyond the axis is at its end
    steps = (at[1][0] - at[0][0], at[2][0] - at[1][0])
    assert steps == (pytest.approx(2 * steps[1], abs=0.02), steps[1])


def test_a_band_goes_there_and_back():
    found = drawn(Series("ant", [0.5, 0.5], "#123456", low=[0.4, 0.3], high=[0.6, 0.7]))
    at = points(found.find(f"{SVG}polygon"))
    assert [x for x, _ in at] == [at[0][0], at[1][0], at[1][0], at[0][0]]
    assert drawn(Series("ant", [0.5], "#123456")).find(f"{SVG}polygon") is None


def test_the_legend_names_all_lines_in_rows_that_fit():
    found = drawn(*(Series(f"a class with a long name {i}", [0.1], "#123456") for i in range(9)))
    said = [text for text in found.iter(f"{SVG}text") if (text.text or "").startswith("a class")]
    assert len(said) == 9
    assert all(float(text.get("x")) + 7 * len(text.text) < 960 for text in said)
    assert len({text.get("y") for text in said}) > 1


@pytest.mark.parametrize(("count", "most"), [(4, 8), (64, 12), (896, 12)])
def test_the_level_axis_has_a_few_numbers_or_all_names(count: int, most: int):
    texts = [t.text for t in drawn(Series("ant", [0.5] * count, "#123456")).iter(f"{SVG}text")]
    numbers = [text for text in texts if text and text.isdigit()]
    assert 2 <= len(numbers) <= most + 2
    named = Axes("share", 0, 1, names=[f"SE_2_{i}" for i in range(count)])
    texts = [
        t.text for t in drawn(Series("ant", [0.5] * count, "#1"), axes=named).iter(f"{SVG}text")
    ]
    assert sum(text.startswith("SE_2_") for text in texts) == count
