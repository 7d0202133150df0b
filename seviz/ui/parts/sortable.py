"""A table that sorts by a click or a key on a column's head; its rows can hold buttons."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import gradio as gr
from markupsafe import Markup

from seviz.ui.parts.html import NOTHING, join
from seviz.ui.parts.tables import OPEN_JS

SORT_JS = (Path(__file__).parent / "sort.js").read_text("utf-8")


class Head(NamedTuple):
    """A column's head; group: a text over all neighbouring columns of that group."""

    text: str
    group: str = ""


class Cell(NamedTuple):
    """A cell; value: the number to sort by where its text is no number."""

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
        super().__init__(value=value, js_on_load=OPEN_JS + SORT_JS, **kwargs)

    def api_info(self) -> dict[str, object]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


def table(caption: str, heads: Sequence[Head], lines: Iterable[Line]) -> Markup:
    """Set lines in a table that scrolls in its own region where the page is narrow."""
    groups = join(
        Markup('<th scope="colgroup" colspan="{}">{}</th>').format(len([*of]), group)
        for group, of in groupby(heads[1:], lambda head: head.group)
    )
    return Markup(
        '<p class="caption">{caption}</p><div class="figures sortable" tabindex="0" role="region" '
        'aria-label="{caption}"><table aria-label="{caption}">'
        "<thead><tr>{first}{groups}</tr><tr>{others}</tr></thead><tbody>{lines}</tbody></table></div>"
    ).format(
        caption=caption,
        first=_head(0, heads[0], Markup(" rowspan=2")),
        groups=groups,
        others=join(_head(i, head) for i, head in enumerate(heads) if i),
        lines=join(map(_line, lines)),
    )


def _head(column: int, head: Head, span: Markup = NOTHING) -> Markup:
    return Markup(
        '<th{} scope="col" aria-sort="none"><button type="button" data-column="{}">{}</button></th>'
    ).format(span, column, head.text)


def _line(line: Line) -> Markup:
    first, *others = line.cells
    name: str = first.text
    if line.opens:
        name = Markup(
            '<button type="button" data-name="{opens}" data-channel="0" title="{says}" '
            'aria-label="{says}">{name}</button>'
        ).format(opens=line.opens, says=line.says, name=name)
    return Markup('<tr class="{}"><th scope="row">{}</th>{}</tr>').format(
        line.kind, name, join(map(_cell, others))
    )


def _cell(cell: Cell) -> Markup:
    if cell.value is None:
        return Markup("<td>{}</td>").format(cell.text)
    return Markup('<td data-value="{:.6g}">{}</td>').format(cell.value, cell.text)
