import pytest
from made_losses import made_necessity

from seviz.figures.set_necessity import CHECK, CHOSE, IN_SET, KEPT, block_chart, path_chart


def bars(figure, axis: str) -> dict[str, tuple[list, list]]:
    return {bar.name: (list(bar.y), list(bar.x)) for bar in figure.data if bar.xaxis == axis}


def test_blocks_of_the_set_are_marked_in_all_panels():
    blocks = made_necessity().blocks
    figure = block_chart(blocks, {"SE_2_2"})
    assert bars(figure, "x") == {
        KEPT: ([0, 2], pytest.approx([-1.0, -3.0])),
        IN_SET: ([1], pytest.approx([-2.0])),
    }
    assert bars(figure, "x2")[KEPT] == ([0, 2], [1000, 3000])
    assert bars(figure, "x3")[IN_SET] == ([1], pytest.approx([4.0]))
    (kept,) = (bar for bar in figure.data if bar.name == KEPT and bar.xaxis == "x")
    assert list(kept.error_x.array) == pytest.approx([1.0, 1.0])
    assert kept.customdata[0].startswith("SE_2_1 alone: accuracy −1.0 [−2.0, 0.0] points")
    assert list(figure.layout.yaxis.ticktext) == ["SE_2_1", "SE_2_2", "SE_3_1"]
    assert figure.layout.showlegend
    assert not block_chart(blocks).layout.showlegend


def test_the_path_has_both_halves_and_the_budget():
    figure = path_chart(made_necessity().path, 0.7)
    by_name = {curve.name: curve for curve in figure.data}
    assert list(by_name[CHOSE].y) == pytest.approx([-0.3, -0.6, -0.9])
    assert list(by_name[CHECK].y) == pytest.approx([-0.5, -1.0, -1.5])
    assert list(by_name[CHECK].x) == ["1. SE_2_1", "2. SE_2_2", "3. SE_3_1"]
    (line,) = figure.layout.shapes
    assert (line.y0, line.y1) == (-0.7, -0.7)
