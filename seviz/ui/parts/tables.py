"""Tables of figures in HTML."""

from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.ui.parts.html import cells, column_heads, join

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
) -> Markup:
    """Set rows, each with its CSS class, in a table that scrolls where the page is narrow.

    kind "said": the second column is a sentence. opens: the channel, of a block, that a row's first
    cell opens as a button, in a `ChannelTable`.
    """
    buttons = [_button(*channel) for channel in opens]
    body = join(
        _row(row, buttons[i] if buttons else first, others)
        for i, (row, (first, *others)) in enumerate(rows)
    )
    return Markup(
        '<p class="caption">{caption}</p><div class="figures {kind}" tabindex="0" role="region" '
        'aria-label="{caption}"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
        "</div>"
    ).format(caption=caption, kind=kind, heads=column_heads(heads), body=body)


def _row(kind: str, first: str, others: Iterable[str]) -> Markup:
    return Markup('<tr class="{}"><th scope="row">{}</th>{}</tr>').format(
        kind, first, cells(others)
    )


def _button(block: str, channel: int) -> Markup:
    return Markup(
        '<button type="button" data-name="{block}" data-position="{channel}" '
        'title="Open channel {channel} of {block}">{block}</button>'
    ).format(block=block, channel=channel)


class ChannelTable(gr.HTML):  # type: ignore[misc]
    """A table whose buttons open channels; `select` events carry {name, position}.

    name is the block's and position the channel itself, as of `PlotView`'s cells.
    """

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        super().__init__(value=value, js_on_load=OPEN_JS, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}
