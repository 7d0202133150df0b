"""What the tab “Surgery” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView

ACTS = {  # what a person does to gates, and its rule; those with a number take it from a field
    "0 (off)": "silence",
    "× number": "scale",
    "= number": "set",
    "its mean": "static",
    "1 (open)": "identity",
}
NUMBERED = ("scale", "set")
SIDES = [("edited", "edited"), ("with gates", "with"), ("difference", "difference")]

ATLAS_HELP = (
    "Each row is a block, each cell a channel’s gate as the pass applied it. Orange marks stand "
    "under gates that an edit changed; later blocks compute theirs from what reaches them."
)
NARROW_HELP = "Cells are narrow here: name channels above, or tap and look below which one it was."
# A click on a box sends its place and whether it is to be as trained. The box changes at once; each
# new value replaces all boxes, of which the last one clicked gets the focus back.
BOXES_JS = """
let last = null;
element.addEventListener("click", (event) => {
  const box = event.target.closest("[role=checkbox]");
  if (!box) return;
  last = box.dataset.place;
  const on = box.ariaChecked !== "true";
  box.ariaChecked = String(on);
  trigger("select", { place: last, on });
});
watch("value", () => requestAnimationFrame(() => {
  if (document.activeElement !== document.body) return;
  const boxes = [...element.querySelectorAll("[role=checkbox]")];
  boxes.find((box) => box.dataset.place === last)?.focus();
}));
element.addEventListener("focusout", (event) => { if (event.relatedTarget) last = null; });
"""


@dataclass(frozen=True)
class Parts:
    """The components of the tab, from top to bottom.

    side: which gates the atlas shows; off_help: what unticking a box does; both: the trace that is
    shown, of the network as trained and edited.
    """

    answers: gr.HTML
    act: gr.Radio
    value: gr.Number
    place: gr.Dropdown
    channels: gr.Textbox
    apply: gr.Button
    side: gr.Radio
    undo: gr.Button
    redo: gr.Button
    reset: gr.Button
    atlas: PlotView
    edits: gr.HTML
    table: gr.HTML
    off_help: gr.HTML
    boxes: gr.HTML
    text: gr.Textbox
    text_help: gr.HTML
    history: gr.State
    both: gr.State

    @property
    def controls(self) -> list[Any]:
        """List what says the edits."""
        back = [self.undo, self.redo, self.reset]
        return [self.history, self.text, self.edits, self.boxes, *back]

    @property
    def results(self) -> list[Any]:
        """List what an edit changes."""
        return [*self.controls, self.both, self.answers, self.table, self.atlas]


def lay_out(history: gr.State) -> Parts:
    """Lay out the answers, what a click does, the atlas, the edits, and the folded parts."""
    answers = gr.HTML(elem_id="surgery-answers")
    controls = {**_acts(), **_range(), **_atlas_switches()}
    gr.HTML(html.hint(NARROW_HELP), elem_classes="narrow-help")
    atlas = PlotView(elem_id="surgery-atlas")
    gr.HTML(html.hint(ATLAS_HELP))
    edits = gr.HTML(elem_id="surgery-edits")
    with gr.Accordion("All answers, in figures", open=False):
        table = gr.HTML(elem_id="surgery-table")
    with gr.Accordion("Switch off stages and blocks", open=False):
        off_help = gr.HTML()
        boxes = gr.HTML(elem_id="surgery-boxes", js_on_load=BOXES_JS)
    with gr.Accordion("Edits as text", open=False):
        text = gr.Textbox(
            "intact",
            label="All edits as text (Enter applies it)",
            max_lines=1,
            elem_id="surgery-text",
        )
        text_help = gr.HTML()
    return Parts(
        **controls,
        answers=answers,
        atlas=atlas,
        edits=edits,
        table=table,
        off_help=off_help,
        boxes=boxes,
        text=text,
        text_help=text_help,
        history=history,
        both=gr.State(time_to_live=3600),
    )


def acts(has_statistics: bool) -> list[tuple[str, str]]:
    """List what can be done to a gate; a mean needs statistics of reference images."""
    return [(said, name) for said, name in ACTS.items() if name != "static" or has_statistics]


def text_help(has_statistics: bool) -> str:
    """Say how edits are written."""
    static, mixed = ("static, ", "static") if has_statistics else ("", "uniform")
    return (
        "PLACE [CHANNELS] = RULE, with “;” between edits. Places: all, SE_4*, SE_4_6. Channels "
        "count from 0; 10:20 is 10 to 19. Rules: a number, identity, "
        f"{static}uniform, shuffle@7, mix(0.5,{mixed}). *= scales, as in SE_4_6[33]*=0.5."
    )


def _acts() -> dict[str, Any]:
    """Lay out what a click does, with the number that it may need."""
    with gr.Row(elem_id="surgery-acts"):
        act = gr.Radio(
            list(ACTS.items()),
            value="silence",
            label="A click on a cell, or Apply, makes its gate",
            elem_id="surgery-act",
            scale=4,
            min_width=240,
        )
        value = gr.Number(
            0.5, label="number", elem_id="surgery-value", visible=False, scale=0, min_width=80
        )
    return {"act": act, "value": value}


def _range() -> dict[str, Any]:
    """Lay out the fields that name channels: also the way by keyboard."""
    with gr.Row(elem_id="surgery-range"):
        place = gr.Dropdown(
            [], label="Stage or block", elem_id="surgery-place", interactive=True, min_width=90
        )
        channels = gr.Textbox(
            label="Channels",
            placeholder="all, or 10:20, 33",
            max_lines=1,
            elem_id="surgery-channels",
            min_width=100,
        )
        apply = gr.Button("Apply", elem_id="surgery-apply", scale=0, min_width=80)
    return {"place": place, "channels": channels, "apply": apply}


def _atlas_switches() -> dict[str, Any]:
    """Lay out which gates the atlas shows, and the way back."""
    with gr.Row(elem_id="surgery-switches"):
        side = gr.Radio(
            SIDES, value="edited", label="The atlas shows", elem_id="surgery-side", min_width=230
        )
        with gr.Row(elem_id="surgery-back"):
            back = {
                name: gr.Button(
                    name.title(),
                    elem_id=f"surgery-{name}",
                    interactive=False,
                    size="sm",
                    min_width=64,
                )
                for name in ("undo", "redo", "reset")
            }
    return {"side": side, **back}
