"""The residual block as the guided path draws it."""

import xml.etree.ElementTree as ElementTree

from seviz.drawing.unit import residual_block
from seviz.records.sites import Site

SVG = "{http://www.w3.org/2000/svg}"


def test_the_drawing_has_the_blocks_own_numbers_and_says_them():
    site = Site("layer3.5.se", "SE_4_6", 4, 6, channels=256, reduced=16)
    root = ElementTree.fromstring(residual_block(site))
    words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert [w for w in words if any(c.isdigit() for c in w)] == [
        "squeeze: z, 256 numbers",
        "W₁, δ: 16 numbers",
        "W₂, σ: s, 256 gates",
    ]
    told = root.findtext(f"{SVG}desc")
    assert told is not None
    assert "SE_4_6" in told and "reduces them to 16" in told


def test_the_ways_meet_at_the_product_and_the_sum():
    root = ElementTree.fromstring(residual_block(Site("a.se", "SE_2_1", 2, 1, 64, 8)))
    nodes = {(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in root.iter(f"{SVG}circle")}
    ends = []
    for head in root.iter(f"{SVG}polygon"):
        x, y = head.get("points", "").split(" ")[0].split(",")
        ends.append((float(x), float(y)))
    for x, y in nodes:  # each has an arrow from above and one from the side, at its rim
        assert sum(abs(ex - x) + abs(ey - y) == 16 for ex, ey in ends) == 2
