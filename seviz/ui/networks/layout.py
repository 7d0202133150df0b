"""The components of the page “Networks”."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.attribution.methods import GRADCAM, METHODS
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView, plot_column
from seviz.ui.parts.progress import Run, lay_out_run
from seviz.zoo import catalogue
from seviz.zoo.sources import Source

HELP = (
    "Any two networks on one photograph: choose A and B. A network beside its twin without SE "
    "shows what SE changes; weights before and after fine-tuning, what training changed. A network "
    "of your own is in the lists where seviz was started with it (seviz app --checkpoint FILE), or "
    "where you uploaded it in “Explore”."
)
WAITING = html.headline("Asking both networks …", waiting=True)
ATLAS_HELP = (
    "Each row is a block: its gates for this photograph, from the largest to the smallest. "
    "A click on a cell opens the page of its gate."
)
DEPTH_HELP = (
    "How the gates of each block are spread: the line is the median, the bands hold the middle "
    "50 % and 90 % of the channels. Both are on one axis: whatever the excitation, a gate is "
    "what its channel is multiplied by."
)
MAPS_HELP = (
    "Which places speak for one class in each network. Each map is drawn as a share of its own "
    "largest value, as two networks’ logits have no common unit."
)
SIMILAR_HELP = (
    "Linear CKA: 1 where the gates of two blocks tell the same photographs apart in the same way, "
    "0 where they have nothing to do with each other; how channels are numbered plays no role. "
    "(Kornblith et al., arXiv 1905.00414; the estimate without bias of Nguyen et al., arXiv "
    "2010.15327, which may be a little under 0.) Blocks of one name are framed."
)


@dataclass(frozen=True)
class Side:
    """The components of one network, A or B: of its atlas, and of its depth profile."""

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
class Channels:
    """The components that set channels of one number beside each other.

    group holds those that are there where blocks of both fit together.
    """

    told: gr.HTML
    group: gr.Column
    chart: PlotView
    block: gr.Dropdown
    scatter: PlotView

    @property
    def outputs(self) -> list[Any]:
        """List all of them."""
        return [self.told, self.group, self.chart, self.block, self.scatter]


@dataclass(frozen=True)
class Maps:
    """The components that explain one class in both networks."""

    method: gr.Dropdown
    run: Run
    told: gr.HTML
    a: PlotView
    b: PlotView

    @property
    def outputs(self) -> list[Any]:
        """List what an explanation changes."""
        return [self.told, self.a, self.b]


@dataclass(frozen=True)
class Similar:
    """The components of the similarity of gates over many photographs.

    why: why there is none; group holds all else.
    """

    why: gr.HTML
    group: gr.Column
    source: gr.HTML
    run: Run
    send: gr.Button
    told: gr.HTML
    matrix: PlotView

    @property
    def outputs(self) -> list[Any]:
        """List what a comparison changes."""
        return [self.told, self.matrix]


@dataclass(frozen=True)
class Parts:
    """The components of the page, from top to bottom, and what it shows at present."""

    first: gr.Dropdown
    swap: gr.Button
    second: gr.Dropdown
    seen: gr.HTML
    choose: gr.Button
    answers: gr.HTML
    results: gr.Column
    apart: gr.HTML
    gates: gr.Column
    channels: Channels
    scales: gr.HTML
    a: Side
    b: Side
    maps: Maps
    similar: Similar
    shown: gr.State

    @property
    def outputs(self) -> list[Any]:
        """List what two answers change."""
        told = [self.seen, self.answers, self.results, self.apart, self.gates, self.scales]
        sides = [*self.a.outputs, *self.b.outputs]
        later = [*self.maps.outputs, self.similar.why, self.similar.group, *self.similar.outputs]
        return [*told, *self.channels.outputs, *sides, *later, self.shown]


def lay_out(start: str, beside: str = "") -> Parts:
    """Lay out the two choices, the answers to the photograph, and the comparison below.

    start: the key of Explore's network at first, which A is; beside: that of B, by default A's
    twin, or the embedded network.
    """
    gr.HTML(html.hint(HELP))
    with gr.Row(equal_height=True):
        first = _network("A", start)
        swap = gr.Button("Swap", elem_id="networks-swap", scale=0, min_width=90)
        second = _network("B", beside or _beside(catalogue.find(start)))
    with gr.Row():
        with gr.Column(scale=1, min_width=240):
            seen = gr.HTML(elem_id="networks-seen")
            choose = gr.Button("Another photograph", size="sm", elem_id="networks-choose")
        with gr.Column(scale=3, min_width=300):
            answers = gr.HTML(WAITING, elem_id="networks-answers")
    with gr.Column(visible=False, elem_id="networks-results") as results:
        gr.HTML(html.section("What sets them apart", ""))
        apart = gr.HTML(elem_id="networks-apart")
        with gr.Column() as gates:
            below = _gates()
        maps = _maps()
        similar = _similar()
    return Parts(
        first=first,
        swap=swap,
        second=second,
        seen=seen,
        choose=choose,
        answers=answers,
        results=results,
        apart=apart,
        gates=gates,
        **below,
        maps=maps,
        similar=similar,
        shown=gr.State(time_to_live=3600),
    )


def choices() -> list[tuple[str, str]]:
    """List all networks as the pickers show them, those without SE last."""
    return [(html.picker_line(source.entry()), source.key) for source in catalogue.all_sources()]


def _beside(source: Source) -> str:
    """Return the network that stands beside another at first: its twin, or the embedded one."""
    twin = source.twin
    known = {other.key for other in catalogue.all_sources()}
    if twin is not None and twin.key in known and twin.local_file is not None:
        return twin.key
    return catalogue.EMBEDDED


def _network(name: str, key: str) -> gr.Dropdown:
    return gr.Dropdown(
        choices(),
        value=key,
        label=f"{name} (type to find one)",
        elem_id=f"networks-{name.lower()}",
        filterable=True,
        min_width=240,
    )


def _gates() -> dict[str, Any]:
    """Lay out the channels side by side, both atlases, and folded both depth profiles."""
    gr.HTML(html.section("Their gates", ATLAS_HELP))
    channels = _channels()
    scales = gr.HTML(elem_id="networks-scales")
    with gr.Row():
        a, b = _atlas("a"), _atlas("b")
    with gr.Accordion("How are their gates spread along the depth?", open=False):
        gr.HTML(html.hint(DEPTH_HELP))
        with gr.Row():
            return {
                "channels": channels,
                "scales": scales,
                "a": Side(**a, **_depth("a")),
                "b": Side(**b, **_depth("b")),
            }


def _channels() -> Channels:
    told = gr.HTML(elem_id="networks-channels")
    with gr.Column(visible=False) as group, gr.Row():
        chart = plot_column("networks-correlations")
        with gr.Column(min_width=280):
            block = gr.Dropdown([], label="Block", elem_id="networks-block", interactive=True)
            scatter = PlotView(elem_id="networks-scatter")
    return Channels(told, group, chart, block, scatter)


def _atlas(name: str) -> dict[str, Any]:
    """Lay out one network's atlas, and the way to all else of it."""
    with gr.Column(min_width=300):
        return {
            "heading": gr.HTML(elem_id=f"networks-heading-{name}"),
            "atlas": PlotView(elem_id=f"networks-atlas-{name}"),
            "colours": gr.HTML(elem_id=f"networks-colours-{name}"),
            "open": gr.Button(size="sm", elem_id=f"networks-open-{name}"),
        }


def _depth(name: str) -> dict[str, Any]:
    """Lay out one network's depth profile."""
    with gr.Column(min_width=300):
        return {
            "again": gr.HTML(elem_id=f"networks-again-{name}"),
            "depth": PlotView(elem_id=f"networks-depth-{name}"),
            "counted": gr.HTML(elem_id=f"networks-counted-{name}"),
        }


def _maps() -> Maps:
    gr.HTML(html.section("Where they look", MAPS_HELP))
    method = gr.Dropdown(
        [(known.title, name) for name, known in METHODS.items()],
        value=GRADCAM,
        label="Method",
        elem_id="networks-method",
        filterable=False,
    )
    run = lay_out_run("networks-maps", "Explain both", variant="primary")
    told = gr.HTML(elem_id="networks-maps-told")
    with gr.Row():
        return Maps(method, run, told, plot_column("networks-map-a"), plot_column("networks-map-b"))


def _similar() -> Similar:
    gr.HTML(html.section("Their gates over many photographs", SIMILAR_HELP))
    why = gr.HTML(elem_id="networks-similar-why")
    with gr.Column() as group:
        source = gr.HTML(elem_id="networks-similar-source")
        send = gr.Button(
            "Send photographs in “Data set”", size="sm", elem_id="networks-send", visible=False
        )
        run = lay_out_run("networks-similar", "Compare their gates", variant="primary")
        told = gr.HTML(elem_id="networks-similar-told")
        matrix = PlotView(elem_id="networks-cka")
    return Similar(why, group, source, run, send, told, matrix)
