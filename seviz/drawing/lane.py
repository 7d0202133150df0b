"""A path through a drawing, from top to bottom: boxes, and arrows with tensor shapes."""

from markupsafe import Markup

from seviz.drawing import svg
from seviz.nets.anatomy import Shape
from seviz.words.block import shape_words

BOX = 114.0  # the width of a box
GAP, TALL, LOW = 27.0, 40.0, 28.0  # the heights of arrows, and of boxes of two lines and of one
BESIDE = 8.0  # between an arrow and what is written at it


class Sheet:
    """The pieces drawn so far: fields behind, all else in front of them."""

    def __init__(self) -> None:
        self.behind: list[Markup] = []
        self.front: list[Markup] = []

    def draw(self, *pieces: Markup) -> None:
        """Draw in front of all pieces."""
        self.front += pieces

    def put_behind(self, field: Markup) -> None:
        """Draw behind all pieces: a field's size is known last, and it may hold smaller fields."""
        self.behind.insert(0, field)

    def svg(self) -> Markup:
        """Return all pieces."""
        return Markup().join(self.behind + self.front)


class Lane:
    """A path down at x: y is where it ends so far, shape that of the tensor there.

    symbol: the default name of the tensor on the next arrow.
    """

    def __init__(
        self,
        sheet: Sheet,
        x: float,
        y: float,
        *,
        shape: Shape,
        kind: str = "",
        width: float = BOX,
    ) -> None:
        """Begin at a point of a sheet; kind: the CSS class of its lines and boxes."""
        self.sheet, self.x, self.y, self.shape = sheet, x, y, shape
        self.kind, self.width, self.symbol = kind, width, ""

    def arrow(self, symbol: str = "", *, length: float = GAP, shaped: bool = True) -> None:
        """Go down to the next step."""
        self._write(symbol, min(length, GAP) - svg.HEAD, shaped)
        self.sheet.draw(svg.arrow([(self.x, self.y), (self.x, self.y + length)], self.kind))
        self.y += length

    def line(
        self, symbol: str = "", *, length: float = GAP, shaped: bool = False, note: str = ""
    ) -> None:
        """Go down without an arrowhead; note: the path's name, written at its right."""
        if note:
            self.sheet.draw(svg.text((self.x + BESIDE, self.y + length / 2), note, "note"))
        self._write(symbol, min(length, GAP), shaped)
        self.sheet.draw(svg.line([(self.x, self.y), (self.x, self.y + length)], self.kind))
        self.y += length

    def box(self, name: str, more: str = "", *, kind: str = "", width: float = 0) -> None:
        """Draw a step, in one line or two; kind and width: the lane's by default."""
        height, width, kind = TALL if more else LOW, width or self.width, kind or self.kind
        first = 14 if more else height / 2
        self.sheet.draw(
            svg.box(self.x, self.y, width=width, height=height, kind=f"box {kind}"),
            svg.text((self.x, self.y + first), name, "name", anchor="middle"),
        )
        if more:
            self.sheet.draw(svg.text((self.x, self.y + 29), more, "more", anchor="middle"))
        self.y += height

    def _write(self, symbol: str, length: float, shaped: bool) -> None:
        """Write the symbol and the shape of the tensor that passes along a piece of the path."""
        symbol, self.symbol = symbol or self.symbol, ""
        middle = self.y + length / 2
        if symbol:
            left = (self.x - BESIDE, middle)
            self.sheet.draw(svg.text(left, symbol, "symbol", anchor="end"))
        if shaped:
            right = (self.x + BESIDE, middle)
            self.sheet.draw(svg.text(right, shape_words(self.shape), "shape"))
