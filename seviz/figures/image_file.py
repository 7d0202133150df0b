"""Figures as files: pictures to print (SVG, PNG), or HTML that people can explore."""

from importlib.util import find_spec
from pathlib import Path

import plotly.graph_objects as go
from plotly.io import to_html

from seviz.errors import UserError
from seviz.figures.printable import WHITE, WIDTH, printable
from seviz.files import check_kind, write_whole

KINDS = (".svg", ".png", ".html")
SCALE = 2  # of a PNG: pixels for one of the figure's
OTHERWISE = "an .html file needs nothing else, and the page of `seviz app` saves SVG and PNG"
NO_KALEIDO = (
    "SVG and PNG are drawn by the package kaleido, which is not installed; pip install 'seviz[svg]'"
    f" brings it ({OTHERWISE})."
)
NO_BROWSER = (
    "SVG and PNG are drawn by Chrome or Chromium, and kaleido could start none; install one, or set"
    f" BROWSER_PATH to its file ({OTHERWISE})."
)


def write_figure(
    path: Path,
    figure: go.Figure,
    *,
    title: str = "",
    source: str = "",
    ground: str = WHITE,
    width: int = WIDTH,
) -> None:
    """Write a figure as its file's ending says: .svg, .png or .html.

    The arguments are as of `printable`; HTML is as wide as its page. UserError where the ending is
    another one, where the file can't be written, or where no browser is found to draw a picture.
    """
    check_kind(path, KINDS)
    printed = printable(figure, title=title, source=source, ground=ground, width=width)
    kind = path.suffix.lower().removeprefix(".")
    write_whole(path, _html(printed) if kind == "html" else _picture(printed, kind))


def _html(printed: go.Figure) -> bytes:
    """Return a page that holds the figure and plotly.js."""
    whole = go.Figure(printed).update_layout(width=None)
    config = {"responsive": True, "displaylogo": False}
    text: str = to_html(whole, include_plotlyjs=True, config=config, div_id="figure")
    return text.encode()


def _picture(printed: go.Figure, kind: str) -> bytes:
    """Let kaleido draw a figure in a browser; nothing is fetched."""
    if find_spec("kaleido") is None:
        raise UserError(NO_KALEIDO)
    import kaleido
    from kaleido.errors import BrowserFailedError, ChromeNotFoundError

    size = {"width": printed.layout.width, "height": printed.layout.height}
    asked = {"format": kind, "scale": SCALE if kind == "png" else 1, **size}
    try:
        drawn: bytes = kaleido.calc_fig_sync(
            printed.to_plotly_json(), opts=asked, kopts={"mathjax": False}
        )
    except (BrowserFailedError, ChromeNotFoundError) as error:
        raise UserError(NO_BROWSER) from error
    return drawn
