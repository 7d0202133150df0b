"""Tables of figures in HTML; every text in them is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import gradio as gr

OPEN_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-name]");
  if (!button) return;
  trigger("select", { name: button.dataset.name, position: Number(button.dataset.position) });
});
"""


def figures(
    caption: str,
    heads: Iterable[str],
    rows: Iterable[tuple[str, tuple[str, ...]]],
    *,
    kind: str = "",
    opens: Sequence[tuple[str, int]] = (),
) -> str:
    """Set rows, each with its CSS class, in a table that scrolls where the page is narrow.

    kind "said": the second column is a sentence. opens: the channel, of a block, that a row's first
    cell opens as a button, in a `ChannelTable`.
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    firsts = [_button(*channel) for channel in opens]
    body = "".join(
        f'<tr class="{escape(row)}">{_cells(cells, firsts[i] if firsts else "")}</tr>'
        for i, (row, cells) in enumerate(rows)
    )
    told = escape(caption)
    return (
        f'<p class="caption">{told}</p><div class="figures {kind}" tabindex="0" role="region" '
        f'aria-label="{told}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        "</div>"
    )


def _cells(cells: tuple[str, ...], button: str) -> str:
    first, *others = map(escape, cells)
    return f'<th scope="row">{button or first}</th>' + "".join(f"<td>{c}</td>" for c in others)


def _button(block: str, channel: int) -> str:
    name = escape(block)
    return (
        f'<button type="button" data-name="{name}" data-position="{channel}" '
        f'title="Open channel {channel} of {name}">{name}</button>'
    )


class ChannelTable(gr.HTML):  # type: ignore[misc]
    """A table whose buttons open channels; `select` events carry {name, position}.

    name is the block's and position the channel itself, as of `PlotView`'s cells.
    """

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        """Take gr.HTML's arguments."""
        super().__init__(value=value, js_on_load=OPEN_JS, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}
