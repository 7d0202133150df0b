"""What the top of the page “Gate” consists of."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.parts.fields import BlockField

# Left and right arrow keys step, where nobody types and no chart takes them.
KEYS_JS = """
const FIELDS = "input, textarea, select, [role=tab], [role=listbox], [role=slider]";
document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: "#gate-previous", ArrowRight: "#gate-next" }[event.key];
  const typing = event.target.closest?.(FIELDS) || event.ctrlKey || event.metaKey || event.altKey;
  const button = way && !typing && document.querySelector(way);
  if (!button?.offsetParent) return;
  event.preventDefault();
  button.click();
});
"""


@dataclass(frozen=True)
class Parts:
    """The components of the header, from top to bottom.

    notice: that an address named no gate; shown: the `Shown` that all sections are about, None
    until there is one; wrong: what the address named, "" where it was right; link: the network's
    key and the gate, with a space, for the address.
    """

    back: gr.Button
    previous: gr.Button
    block: gr.Dropdown
    channel: gr.Number
    next: gr.Button
    notice: gr.HTML
    headline: gr.HTML
    place: gr.HTML
    shown: gr.State
    wrong: gr.State
    link: gr.Textbox

    @property
    def outputs(self) -> list[Any]:
        """List what another gate changes."""
        told = [self.notice, self.headline, self.place]
        return [self.block, self.channel, *told, self.shown, self.wrong, self.link]


def lay_out() -> Parts:
    """Lay out the fields of the gate, and what is said of it first."""
    with gr.Row(elem_id="gate-row"):
        block = BlockField([], label="Block", elem_id="gate-block", min_width=120)
        previous = gr.Button("‹ Previous", size="sm", elem_id="gate-previous", min_width=60)
        channel = gr.Number(0, label="Channel", precision=0, elem_id="gate-channel", min_width=90)
        following = gr.Button("Next ›", size="sm", elem_id="gate-next", min_width=60)
        back = gr.Button("← Back to the photograph", size="sm", elem_id="gate-back")
    gr.HTML(js_on_load=KEYS_JS, visible="hidden")
    return Parts(
        back=back,
        previous=previous,
        block=block,
        channel=channel,
        next=following,
        notice=gr.HTML(elem_id="gate-notice"),
        headline=gr.HTML(elem_id="gate-headline"),
        place=gr.HTML(elem_id="gate-place"),
        shown=gr.State(),
        wrong=gr.State(""),
        link=gr.Textbox(visible=False),
    )
