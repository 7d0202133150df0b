"""What the page “Explore” consists of, from top to bottom."""

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr
from gradio.media import get_image

from seviz.figures.atlas import SHOWS, SORTS
from seviz.gates.history import History
from seviz.records.arms import IDENTITY, STATIC
from seviz.records.sites import Site
from seviz.reference.gather import reference
from seviz.ui.parts import html
from seviz.ui.parts.plot import PlotView
from seviz.ui.parts.upload import PhotoUpload
from seviz.words.gates import atlas_words, depth_words
from seviz.zoo import catalogue
from seviz.zoo.labels import labels

OFF = {
    "each gate at its mean (static)": STATIC,
    "each gate at 1 (identity)": IDENTITY,
}
PASSES = ("with gates", "without gates")  # rows of a trace

CHANNEL_HELP = (
    "What it saw before its gate (U) and after (s·U), on one scale, over the crop of the "
    "photograph that the network received."
)

NAME_EXAMPLES = """async () => {
    const found = () => [...document.querySelectorAll("#%s .gallery-item")], names = %s;
    while (!found().length) await new Promise(requestAnimationFrame);
    found().forEach((button, place) => button.setAttribute("aria-label", names[place]));
}"""


class Sought(NamedTuple):
    """A gate that another tab or page asks “Gates” to open, now or when its network answers."""

    model: str
    block: str
    channel: int


class Asked(NamedTuple):
    """What all tabs share: what a person chose, and the trace that it led to.

    open: the open tab's id; edits: the tab “Surgery”'s `History`; sought: a `Sought` gate, else
    None; wanted: the key of a network that another page asks “Explore” to open, else None.
    """

    photo: PhotoUpload
    model: gr.Dropdown
    network: gr.HTML
    off: gr.Dropdown
    classes: gr.HTML
    networks: gr.HTML
    answers: gr.HTML
    download: gr.DownloadButton
    record: gr.State
    open: gr.State
    edits: gr.State
    sought: gr.State
    wanted: gr.State


class Parts(NamedTuple):
    """The components of the tab “Gates”, from top to bottom."""

    atlas_help: gr.HTML
    show: gr.Radio
    sort: gr.Radio
    arm: gr.Radio
    atlas: PlotView
    depth_help: gr.HTML
    depth: PlotView
    block: gr.Dropdown
    channel: gr.Number
    facts: gr.HTML
    before: PlotView
    after: PlotView
    gates: PlotView


def lay_out_question(start: str, notice: str) -> Asked:
    """Lay out the upper part of the page, which stays over all tabs."""
    if notice:
        gr.HTML(html.notice(notice), elem_id="notice")
    with gr.Row():
        with gr.Column(scale=2, min_width=300):
            questions = _questions(start)
        with gr.Column(scale=3, min_width=300):
            answers = gr.HTML(html.WAITING, elem_id="answers")
            download = gr.DownloadButton(
                "Download this result (JSON and arrays)", visible=False, elem_id="download"
            )
    states = (gr.State(time_to_live=3600), gr.State("gates"))
    edits = gr.State(History(), time_to_live=3600)
    return Asked(*questions, answers, download, *states, edits, gr.State(), gr.State())


def lay_out_gates() -> Parts:
    """Lay out the tab “Gates”: the atlas, the depth profile, and one channel."""
    return Parts(*_overview(), *_inspector())


def atlas_section(sites: Sequence[Site] = ()) -> str:
    """Head the atlas, saying what it shows of a network with these blocks."""
    return html.section("The atlas", atlas_words(sites))


def depth_section(sites: Sequence[Site] = ()) -> str:
    """Head the depth profile, saying what it shows of a network with these blocks."""
    return html.section("The depth profile", depth_words(sites))


def _overview() -> tuple[gr.HTML, gr.Radio, gr.Radio, gr.Radio, PlotView, gr.HTML, PlotView]:
    """Lay out the atlas with its switches, and the depth profile."""
    atlas_help = gr.HTML(atlas_section())
    with gr.Row():
        show = gr.Radio(
            [("excitation s", SHOWS[0]), ("squeeze z", SHOWS[1])],
            value=SHOWS[0],
            label="Show",
            elem_id="show",
        )
        sort = gr.Radio(list(SORTS), value=SORTS[0], label="Order channels by", elem_id="sort")
        arm = gr.Radio(list(PASSES), value=PASSES[0], label="In the pass", elem_id="arm")
    atlas_view = PlotView(elem_id="atlas")
    depth_help = gr.HTML(depth_section())
    return atlas_help, show, sort, arm, atlas_view, depth_help, PlotView(elem_id="depth")


def _inspector() -> tuple[gr.Dropdown, gr.Number, gr.HTML, PlotView, PlotView, PlotView]:
    """Lay out the fields and figures of one channel."""
    gr.HTML(html.section("One channel", CHANNEL_HELP))
    with gr.Row():
        block = gr.Dropdown([], label="Block", elem_id="block", interactive=True)
        channel = gr.Number(0, label="Channel", precision=0, elem_id="channel")
    facts = gr.HTML(elem_id="facts")
    with gr.Row():
        views = [column(name) for name in ("before", "after", "gates")]
    return block, channel, facts, views[0], views[1], views[2]


def column(name: str) -> PlotView:
    """Lay out a figure that wraps below its neighbour where the page is narrow."""
    with gr.Column(min_width=280):
        return PlotView(elem_id=name)


def _questions(
    start: str,
) -> tuple[PhotoUpload, gr.Dropdown, gr.HTML, gr.Dropdown, gr.HTML, gr.HTML]:
    """Lay out what a person chooses: photograph, network, and what “off” means."""
    photo = photograph("Photograph", elem_id="photo", examples_id="examples")
    model = gr.Dropdown(
        [(catalogue.title(key), key) for key in catalogue.all_keys()],
        value=start,
        label="Network",
        elem_id="model",
        filterable=True,
    )
    network = gr.HTML(html.network(catalogue.entry(start)), elem_id="network")
    off = gr.Dropdown(
        off_choices(start),
        value=off_choices(start)[0],
        label="“Without gates” means",
        info="The mean over the training images takes away only what the gates make of this "
        "photograph; 1 takes away their scale too, and the layers behind see larger values than "
        "they were trained on.",
        elem_id="off",
    )
    with gr.Accordion("What this network can recognise", open=False):
        classes = gr.HTML(html.classes(labels(start)), elem_id="classes")
    with gr.Accordion("All networks", open=False):
        networks = gr.HTML(html.networks(catalogue.entries()))
    return photo, model, network, off, classes, networks


def photograph(label: str, *, elem_id: str, examples_id: str) -> PhotoUpload:
    """Lay out a field for a photograph, with the examples under it."""
    photo = PhotoUpload(
        label=label,
        sources=["upload", "clipboard", "webcam"],
        buttons=["fullscreen"],
        height=300,
        elem_id=elem_id,
    )
    gr.Examples(
        [[str(path)] for path in examples()],
        photo,
        label="Or one of these",
        elem_id=examples_id,
        api_visibility="private",
    )
    return photo


def name_examples(shown: Callable[..., Any], examples_id: str) -> None:
    """Give the examples' buttons names to be read out, which Gradio leaves them without.

    shown: the event at which they come onto the page: its load, or the choice of their tab.
    """
    names = json.dumps([f"Example “{path.stem}”" for path in examples()])
    shown(None, js=NAME_EXAMPLES % (examples_id, names), api_visibility="private")


def off_choices(key: str) -> list[str]:
    """List what “without gates” can mean for a network: static only where there are statistics."""
    return [name for name, arm in OFF.items() if arm != STATIC or reference(key)]


def examples() -> list[Path]:
    """Return photographs that installed packages carry; nothing of them is copied."""
    paths = [Path(get_image("lion.jpg"))]
    if (skimage := find_spec("skimage")) and skimage.origin:
        data = Path(skimage.origin).parent / "data"
        paths += [data / "chelsea.png", data / "coffee.png"]
    return [path for path in paths if path.exists()]
