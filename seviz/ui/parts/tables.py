"""Tables of figures in HTML."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.ui.parts.html import NOTHING, cells, column_heads, join
from seviz.ui.parts.plot import SELECT_JS
from seviz.words.tables import Table

OPEN_JS = f"""{SELECT_JS}
element.addEventListener("click", (event) => {{
  const button = event.target.closest("button[data-name]");
  if (!button) return;
  const {{ name, channel }} = button.dataset;
  const gate = {{ name, channel: channel === undefined ? null : Number(channel) }};
  announce(gate);
  trigger("select", gate);
}});
"""


def figures(
    caption: str,
    heads: Iterable[str],
    rows: Iterable[tuple[str, tuple[str, ...]]],
    *,
    kind: str = "",
    opens: Sequence[tuple[str, int | None]] = (),
) -> Markup:
    """Set rows, each with its CSS class, in a table that scrolls where the page is narrow.

    A column that is empty in every row is left out.
    kind "said": the second column is a sentence; "named": the last one holds names. opens: the
    block, and its channel or None, that a row's first cell opens as a button, in a `ChannelTable`.
    """
    buttons, rows = [_button(*channel) for channel in opens], list(rows)
    full = [any(column) for column in zip(*(cells for _, cells in rows), strict=True)]
    body = join(
        _row(row, buttons[i] if buttons else first, compress(others, full[1:]))
        for i, (row, (first, *others)) in enumerate(rows)
    )
    return Markup(
        '<p class="caption">{caption}</p><div class="figures {kind}" tabindex="0" role="region" '
        'aria-label="{caption}"><table aria-label="{caption}"><thead><tr>{heads}</tr></thead>'
        "<tbody>{body}</tbody></table></div>"
    ).format(
        caption=caption,
        kind=kind,
        heads=column_heads(compress(heads, full) if rows else heads),
        body=body,
    )


def of_gates(table: Table, *, kind: str = "", mark: str = "") -> Markup:
    """Set a table whose rows open their gates; kind: as of `figures`; mark: of rows set apart."""
    marks = [mark if marked else "" for marked in table.marked] or [""] * len(table.rows)
    rows = zip(marks, table.rows, strict=True)
    return figures(table.caption, table.heads, rows, kind=kind, opens=table.opens)


def _row(kind: str, first: str, others: Iterable[str]) -> Markup:
    return Markup('<tr class="{}"><th scope="row">{}</th>{}</tr>').format(
        kind, first, cells(others)
    )


def _button(block: str, channel: int | None) -> Markup:
    title = block if channel is None else f"channel {channel} of {block}"
    of_channel = NOTHING if channel is None else Markup(' data-channel="{}"').format(channel)
    return Markup(
        '<button type="button" data-name="{block}"{channel} title="Open {title}">{block}</button>'
    ).format(block=block, channel=of_channel, title=title)


class ChannelTable(gr.HTML):  # type: ignore[misc]
    """A table whose buttons open channels; `select` events carry {name, channel}.

    They are the block's name and the channel, or null, as of `PlotView`'s cells.
    """

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        super().__init__(value=value, js_on_load=OPEN_JS, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}
