import numpy as np
import plotly.graph_objects as go
import pytest

from seviz.drawing.report import Section
from seviz.reports.size import MOST, fit


def chart(label: str, side: int) -> tuple[go.Figure, str]:
    noise = np.random.default_rng(0).random((side, side))
    return go.Figure(go.Heatmap(z=noise), layout={"meta": {"label": label}}), "How it is read."


NAMES = ["large", "medium", "small"]
SECTIONS = (
    Section("one", "One", charts=(chart("large", 200), chart("small", 4)), hints=("A hint.",)),
    Section("two", "Two", lines=("A line.",), charts=(chart("medium", 60),)),
)


def page_of(sections) -> str:
    """Stand for a page of 10,000 bytes for each row of its charts, with what it says."""
    rows = sum(len(figure.data[0].z) for section in sections for figure, _ in section.charts)
    said = " ".join(text for section in sections for text in (*section.lines, *section.hints))
    return "x" * (10_000 * rows) + said


@pytest.mark.parametrize(
    ("most", "left_out"),
    [(MOST, []), (2_000_000, ["large"]), (500_000, ["large", "medium"]), (1, NAMES)],
)
def test_the_largest_charts_are_left_out_until_the_page_fits(most: int, left_out: list[str]):
    page = fit(SECTIONS, page_of, most=most)
    assert [name for name in NAMES if f"“{name}” is left out" in page] == left_out
    assert "A hint." in page and "A line." in page
