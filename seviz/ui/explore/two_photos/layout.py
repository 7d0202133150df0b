"""What the tab “Two photographs” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.analysis.photo_pair import MEASURES
from seviz.ui.explore.two_photos import html as pair_html
from seviz.ui.parts import html
from seviz.ui.parts.photo_field import ExamplePicker, photo_field
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.tables import ChannelTable
from seviz.ui.parts.upload import PhotoUpload
from seviz.words.photo_pair import NAMES
from seviz.zoo.catalogue import EMBEDDED

DEPTH_HELP = (
    "How far apart their gates are at each block, as a line over what pairs of reference images "
    "show: above the bands, they differ more than such pairs do. The cosine distance sees the "
    "pattern of the gates alone, the mean |Δs| also how far they are open. Hollow points: a block "
    "whose gates are almost the same for every photograph, which the headline leaves out."
)
CHANNELS_HELP = (
    "Their gates s for each photograph, sorted by |Δs|; and how large |Δs| is in standard "
    "deviations of that gate over the reference images."
)
FIELD_HEIGHT = 180  # pixels


@dataclass(frozen=True)
class Parts:
    """The components of the tab, from top to bottom.

    changed: says by a `select` event that the field holds another photograph; results: all that
    needs two photographs.
    """

    headline: gr.HTML
    both: gr.HTML
    photo: PhotoUpload
    changed: gr.HTML
    examples: ExamplePicker
    results: gr.Column
    measure: gr.Radio
    depth: PlotView
    channels: ChannelTable
    shown: gr.State

    @property
    def told(self) -> list[Any]:
        """List what the distance changes."""
        return [self.headline, self.depth, self.channels]


def lay_out() -> Parts:
    """Lay out the headline, both photographs with their answers, and below them the comparison."""
    headline = gr.HTML(pair_html.WAITING, elem_id="pair-headline")
    with gr.Row(elem_id="pair"):
        both = gr.HTML(elem_id="pair-both")
        with gr.Column(min_width=180, elem_id="pair-field"):
            photo, examples, changed = photo_field(
                "Second photograph",
                elem_id="pair-photo",
                examples_id="pair-examples",
                network=EMBEDDED,
                height=FIELD_HEIGHT,
            )
    with gr.Column(visible=False, elem_id="pair-results") as results:
        gr.HTML(html.section("Where their gates differ", ""))
        measure = gr.Radio(
            [(name, measure) for measure, name in NAMES.items()],
            value=MEASURES[0],
            label="Distance",
            elem_id="pair-measure",
            elem_classes="segmented",
        )
        depth = PlotView(elem_id="pair-depth")
        gr.HTML(html.hint(DEPTH_HELP))
        gr.HTML(html.section("The channels that differ most", ""))
        channels = ChannelTable(elem_id="pair-channels", elem_classes="gate-table")
        gr.HTML(html.hint(CHANNELS_HELP))
    return Parts(
        headline=headline,
        both=both,
        photo=photo,
        changed=changed,
        examples=examples,
        results=results,
        measure=measure,
        depth=depth,
        channels=channels,
        shown=gr.State(time_to_live=3600),
    )
