from made import made_trust, map_trust

from seviz.figures import style
from seviz.figures.trust import curves_chart

TRUST = made_trust(map_trust("intact", (0.3, 0.3)), map_trust("static", (0.2, 0.2)))
NAMES = {"intact": "with gates", "random": "random map"}


def test_each_map_has_a_curve_for_each_baseline_in_a_panel_of_its_own():
    lines = curves_chart(TRUST, "deletion", NAMES).data
    assert len(lines) == 5 * 2
    assert [line.yaxis for line in lines[:2]] == ["y", "y2"]
    assert (lines[0].x, lines[0].y) == ((0.0, 1.0), (0.5, 0.0))


def test_controls_are_thinner_and_broken():
    lines = {line.name: line.line for line in curves_chart(TRUST, "insertion", NAMES).data}
    assert lines["with gates"].color == style.INTACT
    assert lines["with gates"].dash is None
    assert lines["random map"].dash
    assert lines["random map"].width < lines["with gates"].width
    assert len({(line.color, line.dash) for line in lines.values()}) == 5
    twin = curves_chart(made_trust(map_trust("twin", (0.3, 0.3))), "deletion", {}).data[0]
    assert twin.line.color == style.ARMS["twin"]


def test_panels_say_what_pixels_become_or_come_from():
    first, second = curves_chart(TRUST, "deletion", NAMES).layout.annotations
    assert (first.text, second.text) == (
        "<b>Deletion</b>, to blurred photo",
        "<b>Deletion</b>, to mean colour",
    )
    assert first.yref == "y domain"


def test_a_legend_names_each_map_once_where_it_is_wanted():
    assert not curves_chart(TRUST, "deletion", NAMES).layout.showlegend
    drawn = curves_chart(TRUST, "deletion", NAMES, legend=True)
    assert drawn.layout.showlegend
    named = [line.name for line in drawn.data if line.showlegend]
    assert named == ["with gates", "static", "random map", "edges", "randomised"]
