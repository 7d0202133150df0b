from xml.etree import ElementTree

import pytest

from seviz.drawing.svg import arrow, box, circle, dot, drawing, field, line, text

SVG = "{http://www.w3.org/2000/svg}"


def attributes(piece: str) -> dict[str, str]:
    return ElementTree.fromstring(piece).attrib


def test_a_drawing_spans_its_corners_and_describes_itself():
    made = ElementTree.fromstring(
        drawing((-10, 5), (90, 45), title="A & B", description="<what>", body=dot((1, 2)))
    )
    assert made.attrib["viewBox"] == "-10 5 100 40"
    assert (made.attrib["style"], made.attrib["role"]) == ("max-width:105px", "img")
    assert [made.find(SVG + name).text for name in ("title", "desc")] == ["A & B", "<what>"]
    assert made.find(SVG + "circle") is not None


def test_text_is_escaped_and_what_follows_a_line_is_an_index():
    made = ElementTree.fromstring(text((3, 4.5), "W_<1>", "symbol", anchor="end"))
    assert (made.attrib["x"], made.attrib["y"]) == ("3", "4.5")
    assert (made.attrib["class"], made.attrib["text-anchor"]) == ("symbol", "end")
    assert made.text == "W"
    (index,) = made
    assert (index.text, index.attrib["class"]) == ("<1>", "index")
    plain = ElementTree.fromstring(text((0, 0), "a < b"))
    assert (plain.text, len(plain), plain.attrib["text-anchor"]) == ("a < b", 0, "start")


def test_a_box_is_drawn_around_a_line_and_a_field_between_corners():
    assert attributes(box(50, 10, width=30, height=20, kind="k")) == {
        **{"x": "35", "y": "10", "width": "30", "height": "20", "rx": "6"},
        "class": "k",
    }
    assert attributes(field((5, 6), (25, 16), "f")) == {
        **{"x": "5", "y": "6", "width": "20", "height": "10", "rx": "10"},
        "class": "f",
    }


def test_a_dot_is_a_small_circle():
    assert attributes(circle((1, 2), 3, "c")) == {"cx": "1", "cy": "2", "r": "3", "class": "c"}
    assert dot((1, 2)) == circle((1, 2), 2.5, "dot")


def test_a_line_goes_through_its_points():
    assert attributes(line([(0, 1), (2.5, 1), (2.5, 9)], "k")) == {
        "points": "0,1 2.5,1 2.5,9",
        "class": "line k",
    }


@pytest.mark.parametrize(
    ("end", "shaft", "head"),
    [
        ((0, 20), "0,13", {"0,20", "3.5,13", "-3.5,13"}),  # down
        ((0, -20), "0,-13", {"0,-20", "3.5,-13", "-3.5,-13"}),  # up
        ((20, 0), "13,0", {"20,0", "13,3.5", "13,-3.5"}),  # to the right
        ((-20, 0), "-13,0", {"-20,0", "-13,3.5", "-13,-3.5"}),  # to the left
    ],
)
def test_an_arrow_has_its_head_at_its_end_however_it_goes(end, shaft: str, head: set[str]):
    made = ElementTree.fromstring(f"<g>{arrow([(0, 0), end], 'k')}</g>")
    assert made.find("polyline").attrib == {"points": f"0,0 {shaft}", "class": "line k"}
    polygon = made.find("polygon").attrib
    assert set(polygon["points"].split()) == head
    assert polygon["class"] == "head k"


def test_only_the_last_piece_of_an_arrow_is_shortened():
    made = ElementTree.fromstring(f"<g>{arrow([(0, 0), (30, 0), (30, 20)])}</g>")
    assert made.find("polyline").attrib["points"] == "0,0 30,0 30,13"
