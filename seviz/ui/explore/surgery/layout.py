"""What the tab “Surgery” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView

ACTS = {  # what a person does to gates, and its rule; those with a number take it from a field
    "silence (0)": "silence",
    "scale by": "scale",
    "set to": "set",
    "mean (static)": "static",
    "1 (identity)": "identity",
}
NUMBERED = ("scale", "set")

HELP = (
    "Change gates and see at once what the network says then. Click a channel in either atlas, "
    "switch blocks or whole stages off, or name channels. An edit acts on the gates that the "
    "edited network computes: a change in an early block changes what all later blocks see."
)
INTACT_HELP = "The gates that the network as trained applies to this photograph."
EDITED_HELP = "The gates with the edits: orange marks stand under those that an edit changed."
TEXT_HELP = (
    "PLACE [CHANNELS] = RULE, with “;” between edits. Places: all, SE_4*, SE_4_6. Channels count "
    "from 0; 10:20 is 10 to 19. Rules: a number, identity, static, uniform, shuffle@7, "
    "mix(0.5,static). *= scales, as in SE_4_6[33]*=0.5."
)


@dataclass(frozen=True)
class Parts:
    """The components of the tab, from top to bottom."""

    act: gr.Radio
    value: gr.Number
    stages: gr.CheckboxGroup
    blocks: gr.CheckboxGroup
    place: gr.Dropdown
    channels: gr.Textbox
    apply: gr.Button
    text: gr.Textbox
    undo: gr.Button
    redo: gr.Button
    reset: gr.Button
    answers: gr.HTML
    edits: gr.HTML
    intact: PlotView
    edited: PlotView
    history: gr.State
    drawn: gr.State

    @property
    def controls(self) -> list[Any]:
        """List what says the edits."""
        switches, back = [self.stages, self.blocks], [self.undo, self.redo, self.reset]
        return [self.history, self.text, self.edits, *switches, *back]

    @property
    def results(self) -> list[Any]:
        """List what an edit changes."""
        return [*self.controls, self.drawn, self.answers, self.edited]


def lay_out(history: gr.State) -> Parts:
    """Lay out the controls beside the answers, and the two atlases below."""
    gr.HTML(html.section("Surgery", HELP))
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            controls = {**_acts(), **_switches(), **_range(), **_text()}
        with gr.Column(scale=1, min_width=320):
            answers = gr.HTML(elem_id="surgery-answers")
            edits = gr.HTML(elem_id="surgery-edits")
    with gr.Row():
        intact = _atlas("Intact", INTACT_HELP, "surgery-intact")
        edited = _atlas("Edited", EDITED_HELP, "surgery-edited")
    return Parts(
        **controls,
        answers=answers,
        edits=edits,
        intact=intact,
        edited=edited,
        history=history,
        drawn=gr.State(value=False),
    )


def _acts() -> dict[str, Any]:
    """Lay out what a click does."""
    with gr.Row():
        act = gr.Radio(
            list(ACTS.items()),
            value="silence",
            label="A click on a channel, or Apply",
            elem_id="surgery-act",
            scale=4,
        )
        value = gr.Number(
            0.5, label="by, or to", elem_id="surgery-value", visible=False, scale=1, min_width=90
        )
    return {"act": act, "value": value}


def _switches() -> dict[str, Any]:
    """Lay out the switches of stages and blocks."""
    return {
        "stages": gr.CheckboxGroup([], label="Stages", elem_id="surgery-stages"),
        "blocks": gr.CheckboxGroup([], label="Blocks", elem_id="surgery-blocks"),
    }


def _range() -> dict[str, Any]:
    """Lay out the fields that name channels: also the way by keyboard."""
    with gr.Row(equal_height=True):
        place = gr.Dropdown(
            [], label="Place", elem_id="surgery-place", interactive=True, min_width=100
        )
        channels = gr.Textbox(
            label="Channels (none: all)",
            placeholder="10:20, 33",
            max_lines=1,
            elem_id="surgery-channels",
            min_width=120,
        )
        apply = gr.Button("Apply", elem_id="surgery-apply", scale=0, min_width=90)
    return {"place": place, "channels": channels, "apply": apply}


def _text() -> dict[str, Any]:
    """Lay out the edits as text, and the way back."""
    text = gr.Textbox(
        "intact",
        label="All edits as text (Enter applies it)",
        max_lines=1,
        elem_id="surgery-text",
    )
    gr.HTML(html.hint(TEXT_HELP))
    with gr.Row():
        back = {
            name: gr.Button(
                name.title(), elem_id=f"surgery-{name}", interactive=False, min_width=80
            )
            for name in ("undo", "redo", "reset")
        }
    return {"text": text, **back}


def _atlas(title: str, text: str, name: str) -> PlotView:
    with gr.Column(min_width=320):
        gr.HTML(html.section(title, text))
        return PlotView(elem_id=name)
