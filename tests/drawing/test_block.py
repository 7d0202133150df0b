"""The drawing of a block: what is on it, in which order, and that nothing overlaps."""

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from seviz.drawing import svg
from seviz.drawing.block import TRUNK, WIDTH, block_drawing
from seviz.nets.anatomy import Anatomy, anatomies
from seviz.nets.choice import block_of
from seviz.nets.variants import PLAIN, VARIANTS, Variant

NS = {"svg": "http://www.w3.org/2000/svg"}
CHAIN = ["Global pooling", "FC", "ReLU", "FC", "Sigmoid", "Scale s·U"]
DRAWN = [*VARIANTS.values(), Variant("vgg", squeeze="none"), Variant("inception", r=32)]


def parsed(block: Anatomy) -> ET.Element:
    return ET.fromstring(block_drawing(block, "A block", "x goes in"))


def names(drawn: ET.Element) -> list[tuple[float, float, str]]:
    """The boxes' names, from top to bottom: y, x, name."""
    found = drawn.findall("svg:text[@class='name']", NS)
    return sorted((float(t.get("y")), float(t.get("x")), t.text) for t in found)


def on_trunk(variant: Variant, place: str) -> list[str]:
    drawn = names(parsed(block_of(variant, place)))
    return [name for _, x, name in drawn if x == TRUNK]


def boxes(drawn: ET.Element) -> list[tuple[float, float, float, float]]:
    return [
        tuple(float(rect.get(side)) for side in ("x", "y", "width", "height"))
        for rect in drawn.findall("svg:rect", NS)
        if rect.get("class").startswith("box")
    ]


@pytest.mark.parametrize(
    ("integration", "order"),
    [
        ("plain", ["1×1 conv", "3×3 conv", "1×1 conv", "+", "ReLU"]),
        ("standard", ["1×1 conv", "3×3 conv", "1×1 conv", "Scale s·U", "+", "ReLU"]),
        ("pre", ["Scale s·U", "1×1 conv", "3×3 conv", "1×1 conv", "+", "ReLU"]),
        ("post", ["1×1 conv", "3×3 conv", "1×1 conv", "+", "ReLU", "Scale s·U"]),
        ("identity", ["Scale s·U", "+", "ReLU"]),
        ("3x3", ["1×1 conv", "3×3 conv", "Scale s·U", "ReLU", "1×1 conv", "+", "ReLU"]),
    ],
)
def test_se_stands_where_the_article_draws_it(integration: str, order: list[str]):
    assert on_trunk(Variant(integration=integration), "4_2") == order


def test_in_se_identity_the_branch_goes_round():
    drawn = names(parsed(block_of(Variant(integration="identity"), "4_2")))
    assert [name for _, x, name in drawn if x < TRUNK] == ["1×1 conv", "3×3 conv", "1×1 conv"]


def test_the_se_block_is_opened_up_with_its_shapes():
    drawn = parsed(block_of(Variant(), "4_2"))
    opened = [name for _, x, name in names(drawn) if x > TRUNK or name.startswith("Scale")]
    assert opened == CHAIN
    shapes = [t.text for t in drawn.findall("svg:text[@class='shape']", NS)]
    assert shapes.count("1×1×8") == 2
    assert shapes.count("1×1×128") == 3
    assert shapes.count("8×8×32") == 2


def test_without_a_squeeze_there_is_no_pooling_and_the_gates_have_positions():
    drawn = parsed(block_of(Variant(squeeze="none", excitation="tanh"), "3_2"))
    told = [name for _, x, name in names(drawn) if x > TRUNK]
    assert told == ["1×1 conv", "ReLU", "1×1 conv", "tanh"]
    shapes = [t.text for t in drawn.findall("svg:text[@class='shape']", NS)]
    assert not any(shape.startswith("1×1×") for shape in shapes)
    assert "16×16×4" in shapes


def test_a_projection_stands_on_the_shortcut_where_the_shape_changes():
    assert "1×1, stride 2" in [name for _, _, name in names(parsed(block_of(Variant(), "4_1")))]
    assert "1×1, stride 2" not in [name for _, _, name in names(parsed(block_of(Variant(), "4_2")))]


@pytest.mark.parametrize("variant", DRAWN, ids=lambda variant: variant.key)
def test_boxes_lie_within_the_drawing_and_not_on_one_another(variant: Variant):
    for block in anatomies(variant):
        drawn = parsed(block)
        left, top, width, height = map(float, drawn.get("viewBox").split())
        found = boxes(drawn)
        for x, y, w, h in found:
            assert left <= x
            assert x + w <= left + width
            assert top <= y
            assert y + h <= top + height
        for a, b in combinations(found, 2):
            apart = a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0]
            assert apart or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
        for label in drawn.findall("svg:text[@class='shape']", NS):
            wide = 7.7 * len(label.text)  # in a wide font
            x, y = float(label.get("x")), float(label.get("y"))
            assert x + wide <= WIDTH
            for bx, by, bw, bh in found:
                assert not (bx < x + wide and x < bx + bw and by < y + 5 and y - 5 < by + bh)


def test_it_has_a_text_alternative_and_all_text_is_escaped():
    drawn = parsed(block_of(Variant("vgg", PLAIN), None))
    assert drawn.get("role") == "img"
    assert drawn.find("svg:title", NS).text == "A block"
    assert drawn.find("svg:desc", NS).text == "x goes in"
    told = block_drawing(block_of(Variant(), None), "<b>", "&")
    assert "<b>" not in told
    assert ET.fromstring(told).find("svg:title", NS).text == "<b>"


def test_an_arrow_ends_in_its_head():
    drawn = ET.fromstring(f"<svg>{svg.arrow([(0, 0), (0, 10), (20, 10)])}</svg>")
    assert drawn.find("polyline").get("points") == "0,0 0,10 13,10"
    assert drawn.find("polygon").get("points") == "20,10 13,6.5 13,13.5"


def test_an_index_is_set_lower():
    drawn = ET.fromstring(svg.text((0, 0), "F_tr"))
    assert drawn.text == "F"
    assert drawn.find("tspan").text == "tr"
