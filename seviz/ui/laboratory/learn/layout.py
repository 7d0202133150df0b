"""What the view “Learn” consists of, from top to bottom."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import gradio as gr

from seviz.ui.laboratory.learn import html as learn_html
from seviz.ui.laboratory.learn.html import StepList
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, column
from seviz.ui.parts.tables import ChannelTable
from seviz.words.learn import ONWARD, STEPS

LATEX = [{"left": "$$", "right": "$$", "display": True}]
WAITING = html.headline("The guided path is being set out on a photograph …", waiting=True)


class Step(NamedTuple):
    """What every step has: its column, what stands over its pictures, and under them."""

    column: gr.Column
    head: gr.HTML
    equation: gr.Markdown
    notice: gr.HTML


class Parts(NamedTuple):
    """The components of the view, from top to bottom."""

    told_of: gr.HTML
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
    sides: gr.Button
    tables: gr.Button
    back: gr.Button
    forth: gr.Button
    step: gr.State
    story: gr.State


def lay_out() -> Parts:
    """Lay out the steps, of which one is visible, and the glossary under them."""
    with gr.Row():
        with gr.Column(scale=4, min_width=300):
            told_of = gr.HTML(WAITING, elem_id="learn-told")
        with gr.Column(scale=1, min_width=180):
            photograph = gr.Button("Choose another photograph", size="sm", elem_id="learn-photo")
    steps = StepList(learn_html.steps(0), elem_id="learn-steps")
    with gr.Column(elem_id="learn-fields") as fields:
        with gr.Row():
            block = gr.Dropdown([], label="Block", interactive=True, elem_id="learn-block")
            channel = gr.Slider(
                0, 1, value=0, step=1, label="Channel", interactive=True, elem_id="learn-channel"
            )
        chosen = gr.HTML(elem_id="learn-chosen")
    screens: list[Step] = []
    with _screen(screens), gr.Row():
        with gr.Column(min_width=240):
            crop = gr.HTML(elem_id="learn-crop")
        map_ = column("learn-map")
        with gr.Column(min_width=240):
            number = gr.HTML(elem_id="learn-number")
    with _screen(screens):
        strips = PlotView(elem_id="learn-strips")
        functions = gr.HTML(elem_id="learn-functions")
        drives = gr.HTML(elem_id="learn-drives")
        drivers = PlotView(elem_id="learn-drivers")
    with _screen(screens):
        with gr.Row():
            before, after, gates = (column(f"learn-{name}") for name in ("before", "after", "s"))
        gallery = ChannelTable(elem_id="learn-gallery")
    with _screen(screens):
        with gr.Row():
            with gr.Column(min_width=300):
                schematic = gr.HTML(elem_id="learn-schematic")
                draw = gr.Button("The five places for SE, drawn in “The block”", size="sm")
            with gr.Column(scale=2, min_width=300):
                depth = PlotView(elem_id="learn-depth")
        with gr.Accordion("All its blocks", open=False):
            blocks = gr.HTML(elem_id="learn-blocks")
    with _screen(screens):
        bars, costs = PlotView(elem_id="learn-bars"), gr.HTML(elem_id="learn-costs")
    with _screen(screens):
        cards, answers = gr.HTML(elem_id="learn-cards"), gr.HTML(elem_id="learn-answers")
    with gr.Column(visible=False, elem_id="learn-onward") as onward:
        gr.HTML(html.section(*ONWARD))
        with gr.Row():
            explore = gr.Button("Explore this channel", variant="primary", elem_id="learn-explore")
            sides = gr.Button("Two variants, side by side", elem_id="learn-sides")
            tables = gr.Button("What each choice is worth", elem_id="learn-tables")
    with gr.Row():
        back = gr.Button("← Back", interactive=False, elem_id="learn-back")
        forth = gr.Button(f"Next: {STEPS[1]} →", variant="primary", elem_id="learn-next")
    gr.HTML(learn_html.glossary(), elem_id="learn-glossary")
    gr.HTML(learn_html.references(), elem_id="learn-works")
    return Parts(
        *(told_of, photograph, steps, fields, block, channel, chosen, tuple(screens)),
        *(crop, map_, number, strips, functions, drives, drivers, before, after, gates, gallery),
        *(schematic, draw, depth, blocks, bars, costs, cards, answers, onward),
        *(explore, sides, tables, back, forth),
        *(gr.State(0), gr.State(time_to_live=3600)),
    )


@contextmanager
def _screen(screens: list[Step]) -> Iterator[None]:
    """Lay out a step round its pictures, and add it to the others."""
    number = len(screens)
    with gr.Column(visible=number == 0, elem_id=f"learn-step-{number + 1}") as whole:
        head = gr.HTML(learn_html.head(number, ""))
        equation = gr.Markdown(latex_delimiters=LATEX, elem_classes="equation")
        yield
        notice = gr.HTML()
    screens.append(Step(whole, head, equation, notice))
