"""Layout of the view “The block”: the input fields, the drawing, the equations and the costs."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.nets.anatomy import anatomies
from seviz.nets.choice import RATIOS, all_stages, block_of, integrations, stages
from seviz.nets.variants import HOST_NAMES, INTEGRATION_NAMES, STANDARD, Variant
from seviz.ui.laboratory.block.contents import Contents, contents
from seviz.ui.parts import html
from seviz.words.block import block_name
from seviz.words.se import EXCITATIONS, SQUEEZES

HELP = (
    "Choose how a network uses SE, and see one of its blocks as the article draws it. The shapes "
    "are those of the laboratory's networks, for images of 64×64 pixels."
)
COSTS_HELP = "Counted on the network itself, and by the article's formula."
DELIMITERS = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]


@dataclass(frozen=True)
class Choices:
    """The input fields that choose a variant, and which of its blocks is drawn (place)."""

    host: gr.Radio
    integration: gr.Radio
    squeeze: gr.Radio
    excitation: gr.Radio
    r: gr.Radio
    stages: gr.CheckboxGroup
    place: gr.Dropdown

    @property
    def fields(self) -> list[Any]:
        """List the fields in the order of the handlers' arguments."""
        se_fields = [self.integration, self.squeeze, self.excitation, self.r, self.stages]
        return [self.host, *se_fields, self.place]


@dataclass(frozen=True)
class Shown:
    """The variant that the page shows: its host, and its stages with SE."""

    host: str
    stages: list[int]


@dataclass(frozen=True)
class Parts:
    """The components of the view.

    trained, open, nearest: which networks of this variant or close to it have been trained, and the
    button that opens one in “Explore”; shown holds a `Shown`.
    """

    choices: Choices
    headline: gr.HTML
    trained: gr.HTML
    open: gr.Button
    nearest: gr.Radio
    drawing: gr.HTML
    equations: gr.Markdown
    symbols: gr.HTML
    costs: gr.HTML
    all_costs: gr.HTML
    shown: gr.State

    @property
    def contents(self) -> list[Any]:
        """List the components that change with the block, apart from the input fields."""
        trained = [self.trained, self.open, self.nearest]
        block = [self.drawing, self.equations, self.symbols, self.costs, self.all_costs]
        return [self.headline, *trained, *block, self.shown]


def lay_out() -> Parts:
    """Lay out the input fields, the drawing, and the equations with the costs, in columns."""
    first = contents(STANDARD, block_of(STANDARD, None))
    gr.HTML(html.hint(HELP))
    with gr.Row(elem_id="lab-block"):
        with gr.Column(scale=3, min_width=300):
            choices = _choices()
            trained = _trained(first)
        with gr.Column(scale=4, min_width=320):
            headline = gr.HTML(first.headline, elem_id="lab-block-headline")
            drawing = gr.HTML(first.drawing, elem_id="lab-block-drawing")
        with gr.Column(scale=4, min_width=320):
            equations = gr.Markdown(
                first.equations, latex_delimiters=DELIMITERS, elem_id="lab-block-equations"
            )
            gr.HTML(html.section("What SE costs here", COSTS_HELP))
            costs = gr.HTML(first.costs, elem_id="lab-block-costs")
            with gr.Accordion("What do the symbols stand for?", open=False):
                symbols = gr.HTML(first.symbols, elem_id="lab-block-symbols")
            with gr.Accordion("What does SE cost in all blocks?", open=False):
                all_costs = gr.HTML(first.all_costs, elem_id="lab-block-all-costs")
    return Parts(
        choices=choices,
        headline=headline,
        **trained,
        drawing=drawing,
        equations=equations,
        symbols=symbols,
        costs=costs,
        all_costs=all_costs,
        shown=gr.State(Shown(STANDARD.host, list(all_stages(STANDARD)))),
    )


def _choices() -> Choices:
    """Lay out the input fields, set to the article's standard SE block."""
    return Choices(
        host=gr.Radio(
            [(name, host) for host, name in HOST_NAMES.items()],
            value=STANDARD.host,
            label="Host",
            elem_id="lab-block-host",
        ),
        integration=gr.Radio(
            integration_choices(STANDARD.host),
            value=STANDARD.integration,
            label="Integration",
            elem_id="lab-block-integration",
        ),
        squeeze=gr.Radio(
            [(words.choice, key) for key, words in SQUEEZES.items()],
            value=STANDARD.squeeze,
            label="Squeeze",
            elem_id="lab-block-squeeze",
        ),
        excitation=gr.Radio(
            [(words.choice, key) for key, words in EXCITATIONS.items()],
            value=STANDARD.excitation,
            label="Excitation",
            elem_id="lab-block-excitation",
        ),
        r=gr.Radio(list(RATIOS), value=STANDARD.r, label="Reduction r", elem_id="lab-block-r"),
        stages=gr.CheckboxGroup(
            stage_choices(STANDARD.host),
            value=list(stages(STANDARD.host)),
            label="SE in the stages",
            elem_id="lab-block-stages",
        ),
        place=gr.Dropdown(
            place_choices(STANDARD),
            value=block_of(STANDARD, None).place,
            label="Block that is drawn",
            filterable=False,
            elem_id="lab-block-place",
        ),
    )


def _trained(first: Contents) -> dict[str, Any]:
    """Lay out which trained networks there are, and the button that opens one in “Explore”."""
    trained = gr.HTML(first.trained, elem_id="lab-block-trained")
    button = gr.Button(
        "Open in Explore", variant="primary", interactive=bool(first.key), elem_id="lab-block-open"
    )
    nearest = gr.Radio(
        first.nearest,
        label=first.differing or "Trained networks",
        visible=bool(first.nearest),
        elem_id="lab-block-nearest",
    )
    return {"trained": trained, "open": button, "nearest": nearest}


def integration_choices(host: str) -> list[tuple[str, str]]:
    """List the integrations that a host can have, as (label, value)."""
    return [(INTEGRATION_NAMES[way], way) for way in integrations(host)]


def stage_choices(host: str) -> list[tuple[str, int]]:
    """List the stages of a host, as (label, value)."""
    return [(str(stage), stage) for stage in stages(host)]


def place_choices(variant: Variant) -> list[tuple[str, str]]:
    """List the blocks of a variant, as (label, value)."""
    return [(block_name(variant, block), block.place) for block in anatomies(variant)]
