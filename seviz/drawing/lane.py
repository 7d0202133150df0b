"""A way through a drawing, from top to bottom: boxes, and arrows with the shapes of what passes."""

from markupsafe import Markup

from seviz.drawing import svg
from seviz.nets.anatomy import Shape
from seviz.words.block import shape_words

BOX = 114.0  # the width of a box
GAP, TALL, LOW = 27.0, 40.0, 28.0  # the heights of arrows, and of boxes of two lines and of one
BESIDE = 8.0  # between an arrow and what is written at it


class Sheet:
    """What is drawn so far: fields behind, all else before them."""

    def __init__(self) -> None:
        """Begin empty."""
        self.behind: list[Markup] = []
        self.before: list[Markup] = []

    def draw(self, *pieces: Markup) -> None:
        """Draw before all that is there."""
        self.before += pieces

    def put_behind(self, field: Markup) -> None:
        """Draw behind all that is there: a field is known last, and may hold smaller ones."""
        self.behind.insert(0, field)

    def svg(self) -> Markup:
        """Return all pieces."""
        return Markup().join(self.behind + self.before)


class Lane:
    """A way down at x: y is how far it has come, shape that of what passes there.

    symbol: what the next arrow's content is called, if it is not told otherwise.
    """

    def __init__(
        self,
        sheet: Sheet,
        x: float,
        y: float,
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
        """Go down without arriving anywhere; note: what the way is called, at its right."""
        if note:
            self.sheet.draw(svg.text((self.x + BESIDE, self.y + length / 2), note, "note"))
        self._write(symbol, min(length, GAP), shaped)
        self.sheet.draw(svg.line([(self.x, self.y), (self.x, self.y + length)], self.kind))
        self.y += length

    def box(self, name: str, more: str = "", *, kind: str = "", width: float = 0) -> None:
        """Draw a step, in one line or two; kind and width: the lane's, if not told otherwise."""
        height, width, kind = TALL if more else LOW, width or self.width, kind or self.kind
        first = 14 if more else height / 2
        self.sheet.draw(
            svg.box(self.x, self.y, width, height, f"box {kind}"),
            svg.text((self.x, self.y + first), name, "name", "middle"),
        )
        if more:
            self.sheet.draw(svg.text((self.x, self.y + 29), more, "more", "middle"))
        self.y += height

    def _write(self, symbol: str, length: float, shaped: bool) -> None:
        """Write at a piece of the way what passes there: its symbol and its shape."""
        symbol, self.symbol = symbol or self.symbol, ""
        middle = self.y + length / 2
        if symbol:
            left = (self.x - BESIDE, middle)
            self.sheet.draw(svg.text(left, symbol, "symbol", "end"))
        if shaped:
            right = (self.x + BESIDE, middle)
            self.sheet.draw(svg.text(right, shape_words(self.shape), "shape"))
