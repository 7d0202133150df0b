import shutil
import subprocess
import sys
from pathlib import Path

import chromium
import plotly.graph_objects as go
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.figures import image_file, style
from seviz.figures.image_file import write_figure

FIGURE = style.figure([go.Bar(x=[1, 2], y=[3, 4])], height=300, label="Bars <of> mine")


def test_html_needs_no_browser_and_no_network(tmp_path: Path):
    write_figure(tmp_path / "bars.html", FIGURE, source="somewhere")
    text = (tmp_path / "bars.html").read_text("utf-8")
    assert "Plotly.newPlot" in text
    assert "Bars &lt;of&gt; mine" in text.replace("\\u0026", "&")
    assert '<script src="http' not in text


@pytest.mark.parametrize("name", ["bars.pdf", "bars"])
def test_another_ending_gets_a_sentence(tmp_path: Path, name: str):
    with pytest.raises(UserError, match=r"has to end in \.svg, \.png or \.html"):
        write_figure(tmp_path / name, FIGURE)
    assert list(tmp_path.iterdir()) == []


def test_without_kaleido_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(image_file, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'seviz\[svg\]'"):
        write_figure(tmp_path / "bars.svg", FIGURE)
    assert list(tmp_path.iterdir()) == []


class StandIn:
    """A kaleido that notes what it is asked, or finds no browser."""

    def __init__(self, fails: bool) -> None:
        self.asked: dict = {}
        self.fails = fails
        self.errors = sys.modules["kaleido.errors"] = self
        self.BrowserFailedError = self.ChromeNotFoundError = type("Missing", (Exception,), {})

    def calc_fig_sync(self, figure: dict, **options: dict) -> bytes:
        if self.fails:
            raise self.ChromeNotFoundError
        self.asked = options | {"title": figure["layout"]["title"]["text"]}
        return b"drawn"


@pytest.fixture
def kaleido(monkeypatch, request) -> StandIn:
    monkeypatch.setitem(sys.modules, "kaleido.errors", None)
    made = StandIn(getattr(request, "param", False))
    monkeypatch.setitem(sys.modules, "kaleido", made)
    monkeypatch.setattr(image_file, "find_spec", lambda name: made)
    return made


def test_a_picture_is_drawn_as_large_as_the_printed_figure_and_fetches_nothing(
    tmp_path: Path, kaleido: StandIn
):
    write_figure(tmp_path / "bars.png", FIGURE, title="Bars", width=600)
    assert (tmp_path / "bars.png").read_bytes() == b"drawn"
    assert kaleido.asked["kopts"] == {"mathjax": False}
    assert kaleido.asked["title"] == "<b>Bars</b>"
    opts = kaleido.asked["opts"]
    assert (opts["format"], opts["scale"], opts["width"]) == ("png", 2, 600)
    assert opts["height"] > 300


@pytest.mark.parametrize("kaleido", [True], indirect=True)
def test_without_a_browser_a_sentence_says_so(tmp_path: Path, kaleido: StandIn):
    with pytest.raises(UserError, match="kaleido could start none"):
        write_figure(tmp_path / "bars.svg", FIGURE)
    assert list(tmp_path.iterdir()) == []


def test_kaleido_draws_an_svg_that_another_renderer_opens(tmp_path: Path, monkeypatch):
    pytest.importorskip("kaleido")
    path = chromium.find()
    assert path, chromium.NONE
    monkeypatch.setenv("BROWSER_PATH", path)
    write_figure(tmp_path / "bars.svg", FIGURE, width=600)
    rsvg = shutil.which(chromium.RSVG)
    assert rsvg, chromium.NO_RSVG
    subprocess.run([rsvg, "bars.svg", "-o", "bars.png"], cwd=tmp_path, check=True)
    with Image.open(tmp_path / "bars.png") as drawn:
        assert drawn.width == 600
        assert drawn.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
