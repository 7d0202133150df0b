"""What the tab “Two photographs” consists of, from top to bottom."""

from dataclasses import dataclass

import gradio as gr

from seviz.analysis.photo_pair import MEASURES
from seviz.ui.explore.two_photos import html as pair_html
from seviz.ui.parts import html
from seviz.ui.parts.photo_field import photo_field
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.upload import PhotoUpload

HELP = "Ask the same network about a second photograph; its gates are compared with the first's."
DEPTH_HELP = (
    "How far apart their gates are at each block, as a line over what pairs of reference images "
    "show: above the bands, they differ more than such pairs do. The cosine distance sees the "
    "pattern of the gates alone, the mean |Δs| also how far they are open. Hollow points: a block "
    "whose gates are almost the same for every photograph."
)
CHANNELS_HELP = (
    "Their gates s for each photograph; how far apart these are, in standard deviations of that "
    "gate over the reference images."
)


@dataclass(frozen=True)
class Parts:
    """The components of the tab, from top to bottom."""

    photo: PhotoUpload
    headline: gr.HTML
    both: gr.HTML
    results: gr.Column
    measure: gr.Radio
    depth: PlotView
    channels: gr.HTML
    shown: gr.State


def lay_out() -> Parts:
    """Lay out the second question, its answers, and below them the comparison."""
    gr.HTML(html.section("Two photographs", HELP))
    with gr.Row():
        with gr.Column(scale=2, min_width=300):
            photo = photo_field(
                "Second photograph", elem_id="pair-photo", examples_id="pair-examples"
            )
        with gr.Column(scale=3, min_width=300):
            headline = gr.HTML(pair_html.WAITING, elem_id="pair-headline")
            both = gr.HTML(elem_id="pair-both")
    with gr.Column(visible=False, elem_id="pair-results") as results:
        gr.HTML(html.section("Where their gates differ", DEPTH_HELP))
        measure = gr.Radio(
            [("cosine distance", MEASURES[0]), ("mean |Δs|", MEASURES[1])],
            value=MEASURES[0],
            label="Distance",
            elem_id="pair-measure",
        )
        depth = PlotView(elem_id="pair-depth")
        gr.HTML(html.section("The channels that differ most", CHANNELS_HELP))
        channels = gr.HTML(elem_id="pair-channels")
    return Parts(
        photo=photo,
        headline=headline,
        both=both,
        results=results,
        measure=measure,
        depth=depth,
        channels=channels,
        shown=gr.State(time_to_live=3600),
    )
