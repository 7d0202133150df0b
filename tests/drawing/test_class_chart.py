from xml.etree import ElementTree as ET

from made_classes import made_curves, measured

from seviz.drawing.class_chart import curves_chart, depth_chart

SVG = "{http://www.w3.org/2000/svg}"


def count(text: str, kind: str) -> int:
    return len(list(ET.fromstring(text).iter(SVG + kind)))


def test_curves_have_a_line_each_and_bands_of_classes():
    text = curves_chart(made_curves(photo=True), order="difference")
    assert (count(text, "polyline"), count(text, "polygon")) == (5, 3)
    assert 'stroke-dasharray="5 4"' in text
    assert count(curves_chart(made_curves(0), order="channel"), "polyline") == 2


def test_depth_has_the_measures_that_are_known():
    old = [measured("SE_2_1", 0.1), measured("SE_2_2", 0.2)]
    text = depth_chart(old, chance=0.1)
    assert (count(text, "polyline"), count(text, "polygon")) == (4, 0)
    new = [
        measured(name, 0.1, share_low=0.01, share_high=0.2, neighbours=0.4)
        for name in ("SE_2_1", "SE_2_2")
    ]
    text = depth_chart(new, chance=0.1)
    assert (count(text, "polyline"), count(text, "polygon")) == (6, 1)
