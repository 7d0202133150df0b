from pathlib import Path

import pytest

from seviz.cli.figure_file import check_kind
from seviz.errors import UserError


@pytest.mark.parametrize("name", ["a.html", "a.b.SVG"])
def test_html_and_svg_are_written(name: str):
    check_kind(Path(name))


@pytest.mark.parametrize("name", ["a", "a.png", "html"])
def test_others_are_refused(name: str):
    with pytest.raises(UserError, match="neither HTML nor SVG"):
        check_kind(Path(name))
