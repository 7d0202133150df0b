"""What the tab “Explanations” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.attribution.methods import GRADCAM, METHODS
from seviz.figures.explanation import SIGNS
from seviz.ui.parts import html
from seviz.ui.parts.fields import BlockField, OpenSlider
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.ui.parts.progress import Run, lay_out_run
from seviz.ui.parts.tables import ChannelTable
from seviz.words.trust import HELP

OFF, EDITED = "off", "edited"  # what the network with gates is compared with
CLASS, GATE = "class", "gate"  # what is explained
EXPLAINED = [("explain the class", CLASS), ("explain the selected gate", GATE)]
OTHERS = [("the column chosen at the left", OFF), ("as edited in Surgery", EDITED)]

PICTURES_HELP = (
    "Where there is no colour, a place says nothing. The photograph is grey: every colour is the "
    "map's. The scale ends where only 1 of 200 values of the two maps lies beyond it. Point at "
    "a place to read its value."
)
GATES_HELP = (
    "How much of the class's logit does each gate add, on the straight way from the gates of the "
    "column chosen at the left to this photograph's own? All shares add up to the difference. Red "
    "raises the logit, blue lowers it. Click a cell, a bar or a name to see that gate."
)
WAITING = "Upload a photograph: what the network looks at appears here."


@dataclass(frozen=True)
class Parts:
    """The components of the maps, from top to bottom, and what they show at present."""

    headline: gr.HTML
    method: gr.Dropdown
    layer: gr.Dropdown
    other: gr.Radio
    of: gr.Radio
    run: Run
    first: PlotView
    second: PlotView
    difference: PlotView
    scale: gr.HTML
    facts: gr.HTML
    says: gr.HTML
    at: gr.Slider
    opacity: gr.Slider
    sign: gr.Radio
    sweep: PlotView
    shown: gr.State

    @property
    def fields(self) -> list[Any]:
        """List what asks a question."""
        return [self.method, self.layer, self.other, self.of]

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
        said = [self.headline, *self.run.shown, self.scale, self.facts, self.says, self.shown]
        return [*self.fields, *said, *self.views, *self.looks]


@dataclass(frozen=True)
class TrustParts:
    """The components of the part “How far can these maps be trusted?”.

    trusted: the `Trusted` of this photograph (a state), for the report, too.
    """

    run: Run
    verdict: gr.HTML
    deletion: PlotView
    insertion: PlotView
    table: gr.HTML
    trusted: gr.State

    @property
    def shown(self) -> list[Any]:
        """List all of them but for what was measured, which is kept."""
        return [*self.run.shown, self.verdict, self.deletion, self.insertion, self.table]


@dataclass(frozen=True)
class GateParts:
    """The components of the part “Which gates moved the answer?”."""

    run: Run
    headline: gr.HTML
    atlas: PlotView
    blocks: PlotView
    table: ChannelTable

    @property
    def shown(self) -> list[Any]:
        """List all of them."""
        return [*self.run.shown, self.headline, self.atlas, self.blocks, self.table]


def lay_out(shown: gr.State, trusted: gr.State) -> tuple[Parts, TrustParts, GateParts]:
    """Lay out the tab: the statement, the question, its pictures, and three folded parts.

    shown: holds the maps that it shows, trusted what was measured of them, for the report, too.
    """
    parts = Parts(
        headline=gr.HTML(html.headline(WAITING, waiting=True), elem_id="explain-headline"),
        **_question(),
        **_pictures(),
        **_looks(),
        shown=shown,
    )
    return parts, _trust(trusted), _gates()


def _question() -> dict[str, Any]:
    of = gr.Radio(
        EXPLAINED,
        value=CLASS,
        label="What is explained",
        elem_id="explain-of",
        elem_classes="segmented",
    )
    with gr.Row(elem_id="explain-question", equal_height=True):
        method = gr.Dropdown(
            [(method.title, name) for name, method in METHODS.items()],
            value=GRADCAM,
            label="Method",
            elem_id="explain-method",
            min_width=170,
        )
        layer = BlockField(
            [], label="At the end of", elem_id="explain-layer", interactive=True, min_width=150
        )
        other = gr.Radio(
            OTHERS,
            value=OFF,
            label="Compare with",
            visible=False,
            elem_id="explain-other",
            min_width=220,
        )
    run = lay_out_run("explain", "Explain", variant="primary", visible=False)
    return {"method": method, "layer": layer, "other": other, "of": of, "run": run}


def _pictures() -> dict[str, Any]:
    """Lay out the pictures in a row, and what is said of them: beside them where there is room."""
    with gr.Row(elem_id="explain-maps"):
        with gr.Row(elem_id="explain-pictures"):
            names = ("first", "second", "difference")
            views = {name: PlotView(elem_id=f"explain-{name}") for name in names}
            scale = gr.HTML(elem_id="explain-scale")
        with gr.Column(min_width=260, elem_id="explain-said"):
            facts = gr.HTML(elem_id="explain-facts")
            says = gr.HTML(elem_id="explain-says")
    return {**views, "scale": scale, "facts": facts, "says": says}


def _looks() -> dict[str, Any]:
    with gr.Accordion("Blend and look", open=False, elem_id="explain-looks"):
        gr.HTML(html.hint(PICTURES_HELP))
        with gr.Row():
            with gr.Column(min_width=260):
                at = OpenSlider(
                    0,
                    1,
                    value=0,
                    step=0.05,
                    label="Blend: with gates (0) → compared (1)",
                    elem_id="explain-at",
                )
                opacity = OpenSlider(
                    0, 1, value=0.8, step=0.05, label="Opacity", elem_id="explain-opacity"
                )
                said = ("both", "for the answer", "against it")
                sign = gr.Radio(
                    list(zip(said, SIGNS, strict=True)),
                    value=SIGNS[0],
                    label="Show evidence",
                    elem_id="explain-sign",
                )
            sweep = plot_column("explain-sweep")
    return {"at": at, "opacity": opacity, "sign": sign, "sweep": sweep}


def _trust(trusted: gr.State) -> TrustParts:
    with gr.Accordion("How far can these maps be trusted?", open=False, elem_id="trust"):
        gr.HTML(html.hint(HELP))
        run = lay_out_run("trust", "Measure these maps")
        verdict = gr.HTML(elem_id="trust-verdict")
        with gr.Row():
            views = {task: plot_column(f"trust-{task}") for task in ("deletion", "insertion")}
        table = gr.HTML(elem_id="trust-table")
    return TrustParts(run=run, verdict=verdict, **views, table=table, trusted=trusted)


def _gates() -> GateParts:
    with gr.Accordion("Which gates moved the answer?", open=False, elem_id="shares"):
        gr.HTML(html.hint(GATES_HELP))
        run = lay_out_run("shares", "Measure the shares")
        headline = gr.HTML(elem_id="shares-headline")
        atlas = PlotView(elem_id="shares-atlas")
        with gr.Row():
            with gr.Column(min_width=280):
                blocks = PlotView(elem_id="shares-blocks")
            with gr.Column(min_width=460):  # six columns
                table = ChannelTable(elem_id="shares-table")
    return GateParts(run=run, headline=headline, atlas=atlas, blocks=blocks, table=table)
