"""Layout of the view “Learn”: six steps, one of them visible, and a glossary."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.laboratory.learn import html as learn_html
from seviz.ui.laboratory.learn.html import StepList
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.ui.parts.tables import ChannelTable
from seviz.words.learn import ONWARD, STEPS

LATEX = [{"left": "$$", "right": "$$", "display": True}]
WAITING = html.headline("The guided path is being set out on a photograph …", waiting=True)


@dataclass(frozen=True)
class Step:
    """The components that every step has: head and equation above its pictures, notice below."""

    column: gr.Column
    head: gr.HTML
    equation: gr.Markdown
    notice: gr.HTML

    @property
    def words(self) -> list[Any]:
        """List the components above and below the pictures."""
        return [self.head, self.equation, self.notice]


@dataclass(frozen=True)
class Parts:
    """The components of the view, from top to bottom.

    subject: which photograph and network the steps are about; fields: the column with block and
    channel; chosen: text on that channel; screens: what each step has, and then each step's
    pictures; step: number of the visible step, from 0; story: a `Story`, the steps' data.
    """

    subject: gr.HTML
    photograph: gr.Button
    steps: StepList
    fields: gr.Column
    block: gr.Dropdown
    channel: gr.Slider
    chosen: gr.HTML
    screens: tuple[Step, ...]
    crop: gr.HTML
    map: PlotView
    number: gr.HTML
    strips: PlotView
    functions: gr.HTML
    drives: gr.HTML
    drivers: PlotView
    before: PlotView
    after: PlotView
    gates: PlotView
    gallery: ChannelTable
    schematic: gr.HTML
    draw: gr.Button
    depth: PlotView
    blocks: gr.HTML
    bars: PlotView
    costs: gr.HTML
    cards: gr.HTML
    answers: gr.HTML
    onward: gr.Column
    explore: gr.Button
    gate: gr.Button
    networks: gr.Button
    tables: gr.Button
    back: gr.Button
    forth: gr.Button
    step: gr.State
    story: gr.State

    @property
    def pictures(self) -> list[Any]:
        """List the figures, tables and texts that belong to one step each."""
        return [
            *(self.crop, self.map, self.number),
            *(self.strips, self.functions, self.drives, self.drivers),
            *(self.before, self.after, self.gates, self.gallery),
            *(self.schematic, self.depth, self.blocks),
            *(self.bars, self.costs),
            *(self.cards, self.answers),
        ]

    @property
    def step_outputs(self) -> list[Any]:
        """List what drawing a step can change: every step's words and pictures, and story."""
        words = [part for step in self.screens for part in step.words]
        return [*words, *self.pictures, self.story]


def lay_out() -> Parts:
    """Lay out all steps, the first of them visible, and the glossary below."""
    with gr.Row():
        with gr.Column(scale=4, min_width=300):
            subject = gr.HTML(WAITING, elem_id="learn-told")
        with gr.Column(scale=1, min_width=180):
            photograph = gr.Button("Choose another photograph", size="sm", elem_id="learn-photo")
    steps = StepList(learn_html.steps(0), elem_id="learn-steps")
    chosen = _chosen()
    screens: list[Step] = []
    pictures: dict[str, Any] = {}
    for lay_out_pictures in (_squeeze, _excite, _scale, _place, _cost, _answer):
        with _screen(screens):
            pictures |= lay_out_pictures()
    onward = _onward()
    with gr.Row():
        back = gr.Button("← Back", interactive=False, elem_id="learn-back")
        forth = gr.Button(f"Next: {STEPS[1]} →", variant="primary", elem_id="learn-next")
    gr.HTML(learn_html.glossary(), elem_id="learn-glossary")
    gr.HTML(learn_html.references(), elem_id="learn-works")
    return Parts(
        subject=subject,
        photograph=photograph,
        steps=steps,
        **chosen,
        screens=tuple(screens),
        **pictures,
        **onward,
        back=back,
        forth=forth,
        step=gr.State(0),
        story=gr.State(time_to_live=3600),  # seconds
    )


@contextmanager
def _screen(screens: list[Step]) -> Iterator[None]:
    """Lay out a step around the pictures that the block lays out, and append it to screens."""
    number = len(screens)
    with gr.Column(visible=number == 0, elem_id=f"learn-step-{number + 1}") as whole:
        head = gr.HTML(learn_html.head(number, ""))
        equation = gr.Markdown(latex_delimiters=LATEX, elem_classes="equation")
        yield
        notice = gr.HTML()
    screens.append(Step(column=whole, head=head, equation=equation, notice=notice))


def _chosen() -> dict[str, Any]:
    """Lay out the choice of the block and the channel that the first steps are about."""
    with gr.Column(elem_id="learn-fields") as fields:
        with gr.Row():
            block = gr.Dropdown([], label="Block", interactive=True, elem_id="learn-block")
            channel = gr.Slider(
                0, 1, value=0, step=1, label="Channel", interactive=True, elem_id="learn-channel"
            )
        chosen = gr.HTML(elem_id="learn-chosen")
    return {"fields": fields, "block": block, "channel": channel, "chosen": chosen}


def _squeeze() -> dict[str, Any]:
    with gr.Row():
        with gr.Column(min_width=240):
            crop = gr.HTML(elem_id="learn-crop")
        map_ = plot_column("learn-map")
        with gr.Column(min_width=240):
            number = gr.HTML(elem_id="learn-number")
    return {"crop": crop, "map": map_, "number": number}


def _excite() -> dict[str, Any]:
    return {
        "strips": PlotView(elem_id="learn-strips"),
        "functions": gr.HTML(elem_id="learn-functions"),
        "drives": gr.HTML(elem_id="learn-drives"),
        "drivers": PlotView(elem_id="learn-drivers"),
    }


def _scale() -> dict[str, Any]:
    with gr.Row():
        before, after, gates = (plot_column(f"learn-{name}") for name in ("before", "after", "s"))
    gallery = ChannelTable(elem_id="learn-gallery")
    return {"before": before, "after": after, "gates": gates, "gallery": gallery}


def _place() -> dict[str, Any]:
    with gr.Row():
        with gr.Column(min_width=300):
            schematic = gr.HTML(elem_id="learn-schematic")
            draw = gr.Button("The five places for SE, drawn in “The block”", size="sm")
        with gr.Column(scale=2, min_width=300):
            depth = PlotView(elem_id="learn-depth")
    with gr.Accordion("All its blocks", open=False):
        blocks = gr.HTML(elem_id="learn-blocks")
    return {"schematic": schematic, "draw": draw, "depth": depth, "blocks": blocks}


def _cost() -> dict[str, Any]:
    return {"bars": PlotView(elem_id="learn-bars"), "costs": gr.HTML(elem_id="learn-costs")}


def _answer() -> dict[str, Any]:
    return {"cards": gr.HTML(elem_id="learn-cards"), "answers": gr.HTML(elem_id="learn-answers")}


def _onward() -> dict[str, Any]:
    """Lay out the buttons that lead on from the last step."""
    with gr.Column(visible=False, elem_id="learn-onward") as onward:
        gr.HTML(html.section(*ONWARD))
        with gr.Row():
            explore = gr.Button("Explore this channel", variant="primary", elem_id="learn-explore")
            gate = gr.Button("All about this gate", elem_id="learn-gate")
            networks = gr.Button("Two networks, side by side", elem_id="learn-networks")
            tables = gr.Button("What each choice is worth", elem_id="learn-tables")
    return {
        "onward": onward,
        "explore": explore,
        "gate": gate,
        "networks": networks,
        "tables": tables,
    }
