"""A vertical chain of boxes in an SVG drawing, joined by arrows with the tensors' shapes.

All lengths are in units of the SVG's viewBox; y grows downwards.
"""

from markupsafe import Markup

from seviz.drawing import svg
from seviz.nets.anatomy import Shape
from seviz.words.block import shape_words

BOX = 114.0  # width of a box
GAP = 27.0  # length of an arrow between two boxes
TALL, LOW = 40.0, 28.0  # heights of boxes with two lines of text, and with one
BESIDE = 8.0  # distance between an arrow and its labels


class Sheet:
    """The pieces of a drawing so far: background fields behind, all else in front of them."""

    def __init__(self) -> None:
        self.behind: list[Markup] = []
        self.front: list[Markup] = []

    def draw(self, *pieces: Markup) -> None:
        """Add pieces in front of all others."""
        self.front += pieces

    def put_behind(self, field: Markup) -> None:
        """Add a field behind all pieces, smaller fields inside it among them.

        A field comes after its contents, as its size follows from theirs.
        """
        self.behind.insert(0, field)

    def svg(self) -> Markup:
        """Join all pieces, from back to front."""
        return Markup().join(self.behind + self.front)


class Lane:
    """A vertical chain at x that grows downwards as pieces are added.

    y: its lower end; shape: that of the tensor there, which the caller updates; symbol: the
    tensor's name on the next arrow that names none.
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
        """Start at (x, y); kind: the CSS class of lines and boxes; width: that of boxes."""
        self.sheet, self.x, self.y, self.shape = sheet, x, y, shape
        self.kind, self.width, self.symbol = kind, width, ""

    def arrow(self, symbol: str = "", *, length: float = GAP, shaped: bool = True) -> None:
        """Add an arrow; symbol: its tensor's name; shaped: write the tensor's shape too."""
        self._write(symbol, min(length, GAP) - svg.HEAD, shaped)
        self.sheet.draw(svg.arrow([(self.x, self.y), (self.x, self.y + length)], self.kind))
        self.y += length

    def line(
        self, symbol: str = "", *, length: float = GAP, shaped: bool = False, note: str = ""
    ) -> None:
        """Add a line, as `arrow` adds an arrow; note: text at its right, such as “shortcut”."""
        if note:
            self.sheet.draw(svg.text((self.x + BESIDE, self.y + length / 2), note, "note"))
        self._write(symbol, min(length, GAP), shaped)
        self.sheet.draw(svg.line([(self.x, self.y), (self.x, self.y + length)], self.kind))
        self.y += length

    def box(self, name: str, detail: str = "", *, kind: str = "", width: float = 0) -> None:
        """Add a box; detail: its second line; kind and width: the lane's by default."""
        height, width, kind = TALL if detail else LOW, width or self.width, kind or self.kind
        first = 14 if detail else height / 2  # the middle of the first line
        self.sheet.draw(
            svg.box(self.x, self.y, width=width, height=height, kind=f"box {kind}"),
            svg.text((self.x, self.y + first), name, "name", anchor="middle"),
        )
        if detail:
            self.sheet.draw(svg.text((self.x, self.y + 29), detail, "more", anchor="middle"))
        self.y += height

    def _write(self, symbol: str, length: float, shaped: bool) -> None:
        """Write the tensor's symbol and shape beside the next `length` of the chain.

        This uses up the default symbol.
        """
        symbol, self.symbol = symbol or self.symbol, ""
        middle = self.y + length / 2
        if symbol:
            left = (self.x - BESIDE, middle)
            self.sheet.draw(svg.text(left, symbol, "symbol", anchor="end"))
        if shaped:
            right = (self.x + BESIDE, middle)
            self.sheet.draw(svg.text(right, shape_words(self.shape), "shape"))
