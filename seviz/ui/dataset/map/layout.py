"""What the view “Map” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.figures.image_map import MOST
from seviz.reference.image_map import NO_UMAP, has_umap
from seviz.ui.dataset.map.html import HOVER_JS
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.tables import ChannelTable
from seviz.words.image_map import HINT

METHODS = [("PCA", "pca"), ("UMAP", "umap")]
DRAGS = [("a lasso", "lasso"), ("a box", "select")]


@dataclass(frozen=True)
class Parts:
    """The components of the view, from top to bottom.

    a, b: the classes of both selections; chosen: the selections, `Chosen`; shown: what the view
    shows, `Shown`; sought: the block that the address names, until it is drawn, else "".
    """

    block: gr.Dropdown
    method: gr.Radio
    classes: gr.Dropdown
    drag: gr.Radio
    headline: gr.HTML
    map: PlotView
    axes: gr.HTML
    photo: gr.HTML
    into: gr.Radio
    a: gr.Dropdown
    b: gr.Dropdown
    clear: gr.Button
    told: gr.HTML
    table: ChannelTable
    depth_told: gr.HTML
    depth: PlotView
    chosen: gr.State
    shown: gr.State
    sought: gr.State

    @property
    def fields(self) -> list[Any]:
        """List what says what the map shows, in the order of `view.Fields`."""
        return [self.block, self.method, self.classes, self.drag, self.into, self.chosen]

    @property
    def outputs(self) -> list[Any]:
        """List what another map changes."""
        fields = [self.block, self.classes, self.into, self.a, self.b, self.chosen]
        told = [self.headline, self.map, self.axes, self.photo, self.told, self.table]
        return [*fields, *told, self.depth_told, self.depth, self.shown]


def lay_out() -> Parts:
    """Lay out the fields, the map, the two selections, and the chart of all blocks."""
    with gr.Row(elem_id="map-fields"):
        block = gr.Dropdown([], label="Block", elem_id="map-block", min_width=120)
        method = gr.Radio(
            METHODS if has_umap() else METHODS[:1],
            value="pca",
            label="Laid out by",
            elem_id="map-method",
        )
        classes = gr.Dropdown(
            [],
            multiselect=True,
            max_choices=MOST,
            label=f"Classes in colour (up to {MOST}, type to find one)",
            elem_id="map-classes",
        )
        drag = gr.Radio(
            DRAGS,
            value="lasso",
            label="Dragging draws",
            elem_id="map-drag",
        )
    headline = gr.HTML(elem_id="map-headline")
    gr.HTML(html.hint(HINT if has_umap() else f"{HINT} {NO_UMAP}"))
    with gr.Row(elem_id="map-row"):
        with gr.Column(scale=3, min_width=280):
            drawn = PlotView(elem_id="map-plot")
            axes = gr.HTML(elem_id="map-axes")
        with gr.Column(scale=1, min_width=240):
            photo = gr.HTML(js_on_load=HOVER_JS, elem_id="map-photo")
            into = gr.Radio(
                ["A", "B"],
                value="A",
                label="Dragging selects",
                elem_id="map-into",
            )
            a, b = (
                gr.Dropdown([], label=f"Or a class as selection {name}", elem_id=f"map-{name}")
                for name in ("A", "B")
            )
            clear = gr.Button("Clear both selections", size="sm", elem_id="map-clear")
    told = gr.HTML(elem_id="map-told")
    table = ChannelTable(elem_id="map-table")
    gr.HTML(html.section("How much class is in the gates, block by block?", ""))
    depth_told = gr.HTML(elem_id="map-depth-told")
    depth = PlotView(elem_id="map-depth")
    return Parts(
        block=block,
        method=method,
        classes=classes,
        drag=drag,
        headline=headline,
        map=drawn,
        axes=axes,
        photo=photo,
        into=into,
        a=a,
        b=b,
        clear=clear,
        told=told,
        table=table,
        depth_told=depth_told,
        depth=depth,
        chosen=gr.State(),
        shown=gr.State(),
        sought=gr.State(""),
    )
