import xml.etree.ElementTree as ET

from markupsafe import Markup

from seviz.drawing.mark import MARK, mark


def test_the_file_is_a_small_square_picture_that_has_a_name():
    root = ET.fromstring(MARK.read_text("utf-8"))
    assert (root.get("viewBox"), root.get("aria-label")) == ("0 0 32 32", "seviz")
    assert MARK.stat().st_size < 2000


def test_beside_the_name_it_has_a_size_and_is_not_read_out():
    drawn = mark(28)
    root = ET.fromstring(drawn)
    assert isinstance(drawn, Markup)
    assert (root.get("width"), root.get("height"), root.get("aria-hidden")) == ("28", "28", "true")
    assert root.get("aria-label") is None
