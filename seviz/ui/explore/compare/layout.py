"""What the tab “Compare” consists of, from top to bottom."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.analysis.photo_pair import MEASURES
from seviz.photos.changes import BY_NAME, CHANGES, JIGSAW, PAINTED, REGIONS, Change
from seviz.phrases import capitalize
from seviz.ui.explore.compare import html as pair_html
from seviz.ui.explore.compare.brush import BrushField, brush_field
from seviz.ui.parts import html
from seviz.ui.parts.fields import OpenSlider
from seviz.ui.parts.photo_field import ExamplePicker, photo_field
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.tables import ChannelTable
from seviz.ui.parts.upload import PhotoUpload
from seviz.words.changes import CURVE_HELP
from seviz.words.photo_pair import CHANNELS_HELP, DEPTH_HELP, NAMES
from seviz.zoo.catalogue import EMBEDDED

OTHER, CHANGED = "other", "changed"  # what the photograph is compared with
BRUSH = "brush"  # of the regions: what people paint over
REGION_CHOICES = [(f"the {region}", region) for region in REGIONS] + [("what you paint", BRUSH)]
FIELD_HEIGHT = 180  # pixels


@dataclass(frozen=True)
class Parts:
    """The components of the tab, from top to bottom.

    source: OTHER or CHANGED; another, changing: the fields of each; arrived: says by a `select`
    event that the field holds another photograph; results: all that needs two photographs; along:
    what is only of a change. painted: what was painted over (a state); restored: the change that an
    address named last (a state).
    """

    headline: gr.HTML
    lesson: gr.HTML
    both: gr.HTML
    source: gr.Radio
    another: gr.Column
    photo: PhotoUpload
    arrived: gr.HTML
    examples: ExamplePicker
    changing: gr.Column
    change: gr.Dropdown
    strength: gr.Slider
    region: gr.Dropdown
    brush: BrushField
    seed: gr.Number
    results: gr.Column
    measure: gr.Radio
    depth: PlotView
    channels: ChannelTable
    along: gr.Column
    curve: PlotView
    shown: gr.State
    painted: gr.State
    restored: gr.State

    @property
    def told(self) -> list[Any]:
        """List what the distance changes."""
        return [self.headline, self.lesson, self.depth, self.channels, self.along, self.curve]

    @property
    def fields(self) -> list[Any]:
        """List the fields of what is compared, and what shows them."""
        return [self.source, self.another, self.changing, *self.of_change]

    @property
    def of_change(self) -> list[Any]:
        """List the fields of a change."""
        return [self.change, self.strength, self.region, self.brush, self.seed]


def lay_out(shown: gr.State) -> Parts:
    """Lay out the headline, both photographs with their answers, and below them the comparison.

    shown: holds what it shows, for the report, too.
    """
    headline = gr.HTML(pair_html.WAITING, elem_id="pair-headline")
    lesson = gr.HTML(elem_id="pair-lesson")
    with gr.Row(elem_id="pair"):
        both = gr.HTML(elem_id="pair-both")
        with gr.Column(min_width=180, elem_id="pair-field"):
            source = gr.Radio(
                [("another", OTHER), ("this, changed", CHANGED)],
                value=OTHER,
                label="The second photograph is",
                elem_id="pair-source",
                elem_classes="segmented",
            )
            with gr.Column(elem_id="pair-another") as another:
                photo, examples, arrived = photo_field(
                    "Second photograph",
                    elem_id="pair-photo",
                    examples_id="pair-examples",
                    network=EMBEDDED,
                    height=FIELD_HEIGHT,
                )
            with gr.Column(visible=False, elem_id="pair-changing") as changing:
                fields = _lay_out_change(BY_NAME[JIGSAW])
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
        with gr.Column(visible=False, elem_id="pair-along") as along:
            gr.HTML(html.section("The answer, as the change gets stronger", ""))
            curve = PlotView(elem_id="pair-curve")
            gr.HTML(html.hint(CURVE_HELP))
        gr.HTML(html.section("The channels that differ most", ""))
        channels = ChannelTable(elem_id="pair-channels", elem_classes="gate-table")
        gr.HTML(html.hint(CHANNELS_HELP))
    return Parts(
        headline=headline,
        lesson=lesson,
        both=both,
        source=source,
        another=another,
        photo=photo,
        arrived=arrived,
        examples=examples,
        changing=changing,
        **fields,
        results=results,
        measure=measure,
        depth=depth,
        channels=channels,
        along=along,
        curve=curve,
        shown=shown,
        painted=gr.State(time_to_live=3600),
        restored=gr.State(""),
    )


def _lay_out_change(first: Change) -> dict[str, Any]:
    """Lay out what is done to the photograph, how strongly, and where or by which chance."""
    return {
        "change": gr.Dropdown(
            [(capitalize(change.title), change.name) for change in CHANGES],
            value=first.name,
            label="The photograph is",
            elem_id="pair-change",
            filterable=False,
        ),
        "strength": OpenSlider(
            first.lowest,
            first.highest,
            value=first.default,
            step=first.step,
            label=capitalize(first.strength),
            buttons=[],
            elem_id="pair-strength",
        ),
        "region": gr.Dropdown(
            REGION_CHOICES,
            value="centre",
            label="Painted over",
            visible=first.name == PAINTED,
            elem_id="pair-region",
            filterable=False,
        ),
        "brush": brush_field("pair-brush"),
        "seed": gr.Number(
            0,
            label="Seed (another one, another chance)",
            precision=0,
            visible=first.seeded,
            elem_id="pair-seed",
        ),
    }
