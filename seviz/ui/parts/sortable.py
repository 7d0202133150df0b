"""A table whose columns sort by a click or a key on their heads, and whose rows can open things."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import gradio as gr

from seviz.ui.parts.tables import OPEN_JS

SORT_JS = (Path(__file__).parent / "sort.js").read_text("utf-8")


class Head(NamedTuple):
    """A column's head; neighbours of one group have its words over them."""

    text: str
    group: str = ""


class Cell(NamedTuple):
    """A cell; value: what it is sorted by where its text is no number."""

    text: str
    value: float | None = None


class Line(NamedTuple):
    """A row, with its CSS class; opens: a name that its first cell's button sends, or ""."""

    kind: str
    cells: tuple[Cell, ...]
    opens: str = ""
    says: str = ""  # what the button does, for screen readers


class SortableTable(gr.HTML):  # type: ignore[misc]
    """Shows `table`'s HTML; `select` events carry {name} of a row's button."""

    def __init__(self, value: str | None = None, **kwargs: object) -> None:
        """Take gr.HTML's arguments."""
        super().__init__(value=value, js_on_load=OPEN_JS + SORT_JS, **kwargs)

    def api_info(self) -> dict[str, object]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


def table(caption: str, heads: Sequence[Head], lines: Iterable[Line]) -> str:
    """Set lines in a table that scrolls inside its own region where the page is narrow."""
    first, *others = [_head(i, head) for i, head in enumerate(heads)]
    groups = "".join(
        f'<th scope="colgroup" colspan="{len([*of])}">{escape(group)}</th>'
        for group, of in groupby(heads[1:], lambda head: head.group)
    )
    told = escape(caption)
    return (
        f'<p class="caption">{told}</p><div class="figures sortable" tabindex="0" role="region" '
        f'aria-label="{told}"><table><thead><tr>{first.replace("<th", "<th rowspan=2", 1)}'
        f"{groups}</tr><tr>{''.join(others)}</tr></thead>"
        f"<tbody>{''.join(map(_line, lines))}</tbody></table></div>"
    )


def _head(column: int, head: Head) -> str:
    return (
        f'<th scope="col" aria-sort="none"><button type="button" data-column="{column}">'
        f"{escape(head.text)}</button></th>"
    )


def _line(line: Line) -> str:
    first, *others = line.cells
    name = escape(first.text)
    if line.opens:
        name = (
            f'<button type="button" data-name="{escape(line.opens)}" data-position="0" '
            f'title="{escape(line.says)}" aria-label="{escape(line.says)}">{name}</button>'
        )
    cells = "".join(f"<td{_value(cell)}>{escape(cell.text)}</td>" for cell in others)
    return f'<tr class="{escape(line.kind)}"><th scope="row">{name}</th>{cells}</tr>'


def _value(cell: Cell) -> str:
    return "" if cell.value is None else f' data-value="{cell.value:.6g}"'
