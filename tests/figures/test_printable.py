import plotly.graph_objects as go
import pytest

from seviz.figures import style
from seviz.figures.printable import GROUNDS, PRINT, printable
from seviz.figures.style import sourced

FIGURE = style.figure(
    [go.Bar(x=[1, 2], y=[3, 4])],
    height=300,
    label="Bars",
    xaxis={"title": {"text": "length"}, "gridcolor": "red"},
    yaxis={"range": [0, 5]},
)


def test_a_figure_that_says_what_it_is_of_is_printed_with_that():
    told = sourced(go.Figure(FIGURE), "of <here>")
    assert printable(told).layout.title.subtitle.text == "of &lt;here&gt;"
    assert printable(told, source="elsewhere").layout.title.subtitle.text == "elsewhere"
    assert told.layout.meta["label"] == FIGURE.layout.meta["label"]


def test_a_legend_at_the_figures_edge_is_kept_off_the_head():
    legend = {"y": 1, "yref": "container", "yanchor": "top"}
    drawn = go.Figure(layout={"height": 200, "legend": legend})
    layout = printable(drawn, title="t", source="s").layout
    assert layout.legend.y * layout.height == pytest.approx(200 + PRINT["edge"])
    inside = go.Figure(layout={"height": 200, "legend": {"y": 1.02}})
    assert printable(inside, title="t").layout.legend.y == 1.02


def test_text_is_dark_on_white_and_the_figures_own_layout_stays():
    layout = printable(FIGURE).layout
    assert layout.paper_bgcolor == GROUNDS["white"]
    assert (layout.font.color, layout.font.family) == (PRINT["ink"], PRINT["family"])
    assert layout.xaxis.gridcolor == "red"
    assert layout.yaxis.gridcolor == PRINT["grid"]
    assert (layout.xaxis.title.text, layout.xaxis.title.standoff) == ("length", PRINT["standoff"])
    assert layout.yaxis.title.text is None
    assert FIGURE.layout.paper_bgcolor is None  # the figure itself is as it was


def test_the_ground_can_be_none():
    assert printable(FIGURE, ground="transparent").layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_the_title_is_the_text_for_screen_readers_unless_another_is_given():
    assert printable(FIGURE).layout.title.text == "<b>Bars</b>"
    layout = printable(FIGURE, title="a < b & c", source="of <me>").layout
    assert layout.title.text == "<b>a &lt; b &amp; c</b>"
    assert layout.title.subtitle.text == "of &lt;me&gt;"


def test_the_plot_keeps_its_height_under_as_many_lines_as_there_are():
    heights = []
    for words in ("few", "many words " * 40):
        layout = printable(FIGURE, title=words, source=words, width=600).layout
        heights.append(layout.height - layout.margin.t - layout.margin.b)
        lines = layout.title.text.split("<br>")
        most = (600 - 2 * PRINT["edge"]) / (PRINT["letter"] * PRINT["title"])
        assert max(len(line) - len("<b></b>") for line in lines) <= most
        assert layout.title.y < 1
    assert heights == [300 - 8 - 8] * 2


def test_a_word_that_is_longer_than_a_line_is_cut():
    text = printable(FIGURE, title="x" * 500, width=600).layout.title.text
    assert text.count("x") == 500
    assert text.count("<br>") > 5


def test_a_figure_is_never_narrower_than_its_words_need():
    assert printable(FIGURE, width=10).layout.width == PRINT["least"]


@pytest.mark.parametrize("layout", [{}, {"margin": {"l": 1}}])
def test_a_figure_of_plotlys_own_look_can_be_printed(layout: dict):
    drawn = printable(go.Figure(layout=layout), title="t").layout
    assert drawn.margin.l == layout.get("margin", {}).get("l", 80) + PRINT["edge"]
    assert drawn.height > 450
