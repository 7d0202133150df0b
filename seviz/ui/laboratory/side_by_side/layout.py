"""What the view “Side by side” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.nets.shipped import shipped_results
from seviz.nets.variants import STANDARD, VARIANTS
from seviz.ui.laboratory.side_by_side import html as lab_sides_html
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView

HELP = (
    "Two of the study's networks, asked about one photograph: what they answer, what sets them "
    "apart, and how their gates differ."
)
ATLAS_HELP = (
    "Each row is an SE block: its gates for this photograph, from the largest to the smallest. "
    "Channels of two networks do not correspond, so compare rows, not columns. A click on a cell "
    "opens the page of its gate."
)
DEPTH_HELP = (
    "How the gates of each block are spread: the line is the median, the bands hold the middle "
    "50 % and 90 % of the channels. Both are on one axis: whatever the excitation, a gate is "
    "what its channel is multiplied by."
)
FIRST, SECOND = STANDARD.key, "lab_resnet_tanh"  # at the beginning, where they are here


@dataclass(frozen=True)
class Side:
    """The components of one variant, A or B: of its atlas, and of its depth profile."""

    heading: gr.HTML
    atlas: PlotView
    colours: gr.HTML
    open: gr.Button
    again: gr.HTML
    depth: PlotView
    counted: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """List all of them."""
        of_atlas = [self.heading, self.atlas, self.colours, self.open]
        return [*of_atlas, self.again, self.depth, self.counted]


@dataclass(frozen=True)
class Parts:
    """The components of the view, from top to bottom, and what it shows at present."""

    first: gr.Dropdown
    swap: gr.Button
    second: gr.Dropdown
    seen: gr.HTML
    choose: gr.Button
    answers: gr.HTML
    results: gr.Column
    variants: gr.HTML
    gates: gr.Column
    scales: gr.HTML
    a: Side
    b: Side
    shown: gr.State

    @property
    def outputs(self) -> list[Any]:
        """List what two answers change."""
        told = [self.seen, self.answers, self.results, self.variants, self.gates, self.scales]
        return [*told, *self.a.outputs, *self.b.outputs, self.shown]


def lay_out() -> Parts:
    """Lay out the two choices, the answers to the photograph, and the comparison below."""
    gr.HTML(html.hint(HELP))
    with gr.Row(equal_height=True):
        first = _variant("A", FIRST, 0)
        swap = gr.Button("Swap", elem_id="sides-swap", scale=0, min_width=90)
        second = _variant("B", SECOND, 1)
    with gr.Row():
        with gr.Column(scale=1, min_width=240):
            seen = gr.HTML(elem_id="sides-seen")
            choose = gr.Button("Another photograph", size="sm", elem_id="sides-choose")
        with gr.Column(scale=3, min_width=300):
            answers = gr.HTML(lab_sides_html.WAITING, elem_id="sides-answers")
    with gr.Column(visible=False, elem_id="sides-results") as results:
        gr.HTML(html.section("What sets them apart", ""))
        variants = gr.HTML(elem_id="sides-variants")
        with gr.Column() as gates:
            below = _gates()
    return Parts(
        first=first,
        swap=swap,
        second=second,
        seen=seen,
        choose=choose,
        answers=answers,
        results=results,
        variants=variants,
        gates=gates,
        **below,
        shown=gr.State(time_to_live=3600),
    )


def _variant(name: str, wanted: str, otherwise: int) -> gr.Dropdown:
    """Lay out the choice of a variant, with those without SE among them."""
    keys = list(shipped_results())
    return gr.Dropdown(
        [(VARIANTS[key].title, key) for key in keys],
        value=wanted if wanted in keys else keys[otherwise],
        label=name,
        elem_id=f"sides-{name.lower()}",
        filterable=True,
        min_width=240,
    )


def _gates() -> dict[str, Any]:
    """Lay out both atlases, and folded below them both depth profiles."""
    gr.HTML(html.section("Their gates", ATLAS_HELP))
    scales = gr.HTML(elem_id="sides-scales")
    with gr.Row():
        a, b = _atlas("a"), _atlas("b")
    with gr.Accordion("How are their gates spread along the depth?", open=False):
        gr.HTML(html.hint(DEPTH_HELP))
        with gr.Row():
            return {
                "scales": scales,
                "a": Side(**a, **_depth("a")),
                "b": Side(**b, **_depth("b")),
            }


def _atlas(name: str) -> dict[str, Any]:
    """Lay out one variant's atlas, and the way to all else of it."""
    with gr.Column(min_width=300):
        return {
            "heading": gr.HTML(elem_id=f"sides-heading-{name}"),
            "atlas": PlotView(elem_id=f"sides-atlas-{name}"),
            "colours": gr.HTML(elem_id=f"sides-colours-{name}"),
            "open": gr.Button(size="sm", elem_id=f"sides-open-{name}"),
        }


def _depth(name: str) -> dict[str, Any]:
    """Lay out one variant's depth profile."""
    with gr.Column(min_width=300):
        return {
            "again": gr.HTML(elem_id=f"sides-again-{name}"),
            "depth": PlotView(elem_id=f"sides-depth-{name}"),
            "counted": gr.HTML(elem_id=f"sides-counted-{name}"),
        }
