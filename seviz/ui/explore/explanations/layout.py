"""What the tab “Explanations” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.attribution.methods import GRADCAM, METHODS
from seviz.figures.explanation import SIGNS
from seviz.ui.explore.surgery.alpha import REFERENCES
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.ui.parts.progress import Run
from seviz.ui.parts.tables import ChannelTable

OFF, EDITED = "off", "edited"  # what the network with gates is held against

HELP = (
    "Which places of the photograph speak for an answer, and how that changes when the gates are "
    "taken away. Choose a method, the answer to explain, and what to compare with."
)
PICTURES_HELP = (
    "Red speaks for the answer, blue against it; where there is no colour, the place says nothing. "
    "In the third picture, red is evidence that the gates add, blue evidence that they take away. "
    "The photograph is grey so that every colour is the map's. All pictures share one scale, which "
    "ends where only 1 of 200 values of the two maps lies beyond it. Point at a place to read its "
    "value."
)
TRUST_HELP = (
    "A map is only as good as what happens when its pixels go. Deletion takes them away, those "
    "with the most evidence first: the answer should fall soon. Insertion brings them: it should "
    "rise soon. Three controls show what any map would score: a random map, the photograph's "
    "edges, and this method on the network with its weights shuffled."
)
GATES_HELP = (
    "The same question asked of the gates instead of the pixels: how much of the answer's logit "
    "does each of them add, on the straight way from reference gates to this photograph's own? All "
    "shares add up to the difference. Red raises the logit, blue lowers it. Click a cell, or a "
    "block's name in the list, to open that channel in the tab “Gates”."
)
WAITING = "Upload a photograph: what the network looks at appears here."


@dataclass(frozen=True)
class Parts:
    """The components of the maps, from top to bottom, and what they show at present."""

    method: gr.Dropdown
    layer: gr.Dropdown
    says: gr.HTML
    target: gr.Dropdown
    other: gr.Radio
    run: Run
    headline: gr.HTML
    facts: gr.HTML
    first: PlotView
    second: PlotView
    difference: PlotView
    at: gr.Slider
    opacity: gr.Slider
    sign: gr.Radio
    sweep: PlotView
    shown: gr.State

    @property
    def fields(self) -> list[Any]:
        """List what asks a question."""
        return [self.method, self.layer, self.target, self.other]

    @property
    def looks(self) -> list[Any]:
        """List what says how maps are drawn."""
        return [self.at, self.opacity, self.sign]

    @property
    def views(self) -> list[Any]:
        """List the pictures."""
        return [self.first, self.second, self.difference, self.sweep]

    @property
    def outputs(self) -> list[Any]:
        """List all of them."""
        said = [self.says, *self.run.shown, self.headline, self.facts, self.shown]
        return [*self.fields, *said, *self.views, *self.looks]


@dataclass(frozen=True)
class TrustParts:
    """The components of the part “How far to trust it”."""

    run: Run
    verdict: gr.HTML
    deletion: PlotView
    insertion: PlotView
    table: gr.HTML

    @property
    def shown(self) -> list[Any]:
        """List all of them."""
        return [*self.run.shown, self.verdict, self.deletion, self.insertion, self.table]


@dataclass(frozen=True)
class GateParts:
    """The components of the part “Which gates carried the answer”, and the shares they show."""

    reference: gr.Radio
    run: Run
    headline: gr.HTML
    atlas: PlotView
    blocks: PlotView
    table: ChannelTable
    shares: gr.State

    @property
    def shown(self) -> list[Any]:
        """List all of them."""
        p = self
        return [*p.run.shown, p.reference, p.headline, p.atlas, p.blocks, p.table, p.shares]


def lay_out() -> tuple[Parts, TrustParts, GateParts]:
    """Lay out the tab: the question, its pictures, how far to trust them, and the gates."""
    gr.HTML(html.section("What it looks at", HELP))
    parts = Parts(
        **_question(),
        run=_run("explain", "Explain", variant="primary", visible=False),
        headline=gr.HTML(html.headline(WAITING, waiting=True), elem_id="explain-headline"),
        facts=gr.HTML(elem_id="explain-facts"),
        **_pictures(),
        shown=gr.State(time_to_live=3600),
    )
    return parts, _trust(), _gates()


def _question() -> dict[str, Any]:
    with gr.Row():
        method = gr.Dropdown(
            [(method.title, name) for name, method in METHODS.items()],
            value=GRADCAM,
            label="Method",
            elem_id="explain-method",
            min_width=280,
        )
        layer = gr.Dropdown(
            [], label="At the end of", elem_id="explain-layer", interactive=True, min_width=180
        )
        target = gr.Dropdown(
            [],
            label="Explain the answer (type to find any)",
            elem_id="explain-target",
            interactive=True,
            filterable=True,
            min_width=280,
        )
    says = gr.HTML(elem_id="explain-says")
    other = gr.Radio(
        [("without gates", OFF)],
        value=OFF,
        label="Compare the network as trained with",
        info="“Without gates” as chosen above; gates edited in the tab “Surgery” appear here too.",
        elem_id="explain-other",
    )
    return {"method": method, "layer": layer, "target": target, "says": says, "other": other}


def _run(name: str, title: str, **start_looks: Any) -> Run:
    with gr.Row():
        start = gr.Button(title, elem_id=f"{name}-start", scale=0, min_width=260, **start_looks)
        stop = gr.Button("Stop", elem_id=f"{name}-stop", visible=False, scale=0, min_width=120)
    return Run(start=start, stop=stop, progress=gr.HTML(elem_id=f"{name}-progress"))


def _pictures() -> dict[str, Any]:
    with gr.Row():
        views = {name: plot_column(f"explain-{name}") for name in ("first", "second", "difference")}
    gr.HTML(html.hint(PICTURES_HELP))
    with gr.Row():
        with gr.Column(min_width=280):
            at = gr.Slider(
                0,
                1,
                value=0,
                step=0.05,
                label="Blend: with gates (0) → the other (1)",
                elem_id="explain-at",
            )
            opacity = gr.Slider(
                0, 1, value=0.8, step=0.05, label="Opacity", elem_id="explain-opacity"
            )
            said = ("both", "for the answer", "against it")
            sign = gr.Radio(
                list(zip(said, SIGNS, strict=True)),
                value=SIGNS[0],
                label="Show evidence",
                elem_id="explain-sign",
            )
        swept = plot_column("explain-sweep")
    return {**views, "at": at, "opacity": opacity, "sign": sign, "sweep": swept}


def _trust() -> TrustParts:
    gr.HTML(html.section("How far to trust it", TRUST_HELP))
    run = _run("trust", "Measure these maps")
    verdict = gr.HTML(elem_id="trust-verdict")
    with gr.Row():
        views = {task: plot_column(f"trust-{task}") for task in ("deletion", "insertion")}
    return TrustParts(run=run, verdict=verdict, **views, table=gr.HTML(elem_id="trust-table"))


def _gates() -> GateParts:
    gr.HTML(html.section("Which gates carried the answer", GATES_HELP))
    reference = gr.Radio(
        list(REFERENCES.items()),
        value="static",
        label="Compared with",
        elem_id="shares-reference",
    )
    run = _run("shares", "Measure the shares")
    headline = gr.HTML(elem_id="shares-headline")
    atlas = PlotView(elem_id="shares-atlas")
    with gr.Row():
        with gr.Column(min_width=280):
            blocks = PlotView(elem_id="shares-blocks")
        with gr.Column(min_width=280):
            table = ChannelTable(elem_id="shares-table")
    return GateParts(
        reference=reference,
        run=run,
        headline=headline,
        atlas=atlas,
        blocks=blocks,
        table=table,
        shares=gr.State(time_to_live=3600),
    )
