"""The page “Explore”: a photograph in; answers, atlas, depth profile and single channels out."""

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr
from gradio.media import get_image
from PIL import Image

from seviz import catalogue
from seviz.errors import UserError
from seviz.export import TOPK, zip_trace
from seviz.figures.atlas import SHOWS, SORTS, atlas, channel_at
from seviz.figures.depth import depth_profile
from seviz.figures.inspector import channel_figures
from seviz.records import IDENTITY, INTACT, Trace
from seviz.trace import feature_maps, trace
from seviz.ui import html
from seviz.ui.plot import PlotView
from seviz.ui.upload import PhotoUpload
from seviz.words import channel_facts
from seviz.zoo import Zoo

OFF = {"every gate = 1 (identity)": IDENTITY}
ARM_NAMES = ("with gates", "without gates")


ATLAS_HELP = (
    "Each row is a SE block, from the first to the last; each cell is one of its channels. Bright "
    "gates let their channel through, dark ones hold it back. Click a cell to see what it saw."
)
DEPTH_HELP = (
    "How the gates of each block are spread: the line is the median, the bands hold half and nine "
    "tenths of the channels. Below, the share of channels left almost alone (s > 0.95, up) and "
    "almost shut (s < 0.05, down)."
)
CHANNEL_HELP = (
    "What it saw before its gate (U) and after (s·U), on one scale, over the crop of the "
    "photograph that the network received."
)


class Parts(NamedTuple):
    """The page's components that handlers read or write, from top to bottom."""

    photo: PhotoUpload
    model: gr.Dropdown
    off: gr.Dropdown
    classes: gr.HTML
    answers: gr.HTML
    download: gr.DownloadButton
    results: gr.Column
    show: gr.Radio
    sort: gr.Radio
    arm: gr.Radio
    atlas: PlotView
    depth: PlotView
    block: gr.Dropdown
    channel: gr.Number
    facts: gr.HTML
    before: PlotView
    after: PlotView
    gates: PlotView
    record: gr.State


def build(zoo: Zoo) -> None:
    """Lay the page out inside the current gr.Blocks and connect it."""
    parts = _layout(zoo)
    _connect(parts, Handlers(zoo, parts))


def notify(error: UserError) -> Any:
    """Show a sentence over the page and change nothing on it: the last result stays."""
    gr.Warning(str(error), title="Sorry")
    return gr.skip()


class Handlers:
    """What the page does, as plain functions over a zoo.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, zoo: Zoo, parts: Parts) -> None:
        """Know the networks and the components."""
        self.zoo, self.parts = zoo, parts

    def answer(
        self,
        photo: Image.Image | UserError | None,
        model: str,
        off: str,
        show: str,
        sort: str,
        arm: str,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # Gradio's protocol
    ) -> Iterator[Any]:
        """Trace a photograph; the answers come first, then the figures, then the download."""
        p = self.parts
        progress(0, desc=f"Opening {catalogue.title(model)}")
        try:
            loaded = self.zoo.get(model)
        except UserError as error:
            notify(error)
            loaded = self.zoo.get(catalogue.EMBEDDED)
        yield {p.model: loaded.key, p.classes: html.classes(loaded.labels)}
        if photo is None:  # none yet, or the field was cleared: the last result stays
            return
        if isinstance(photo, UserError):
            yield notify(photo)
            return
        record = trace(loaded, photo, [INTACT, OFF[off]])
        yield {p.answers: html.answers(record, loaded.title, TOPK), p.record: record}
        first = max(record.sites, key=lambda site: float(record.s[site.name][0].std()))
        yield {
            p.atlas: atlas(record, arm=ARM_NAMES.index(arm), show=show, sort=sort),
            p.depth: depth_profile(record, arm=ARM_NAMES.index(arm)),
            p.results: gr.Column(visible=True),
            p.block: gr.Dropdown([site.name for site in record.sites], value=first.name),
            **self._channel(record, first.name, int(record.s[first.name][0].argmax())),
        }
        yield {p.download: gr.DownloadButton(value=_zipped(record), visible=True)}

    def draw(self, record: Trace | None, show: str, sort: str, arm: str) -> Any:
        """Draw the atlas and the depth profile of the current trace anew."""
        if record is None:
            return gr.skip()
        row = ARM_NAMES.index(arm)
        return {
            self.parts.atlas: atlas(record, arm=row, show=show, sort=sort),
            self.parts.depth: depth_profile(record, arm=row),
        }

    def click(
        self, event: gr.EventData, record: Trace | None, show: str, sort: str, arm: str
    ) -> Any:
        """Open the channel under a click on the atlas; a client's data is not to be trusted."""
        if record is None:
            return gr.skip()
        name, position = event._data.get("name"), event._data.get("position")
        try:
            row = ARM_NAMES.index(arm)
            channel = channel_at(record, name, position, arm=row, show=show, sort=sort)
        except (KeyError, IndexError, TypeError):
            return notify(UserError("That click named no channel; click a cell."))
        return {self.parts.block: name, **self._channel(record, name, channel)}

    def inspect(self, record: Trace | None, block: str | None, channel: Any) -> Any:
        """Open the channel of the Block and Channel fields."""
        if record is None or block is None:
            return notify(UserError("Upload a photograph first; then its channels can be opened."))
        count = record.site(block).channels
        if not isinstance(channel, int) or not 0 <= channel < count:
            return notify(UserError(f"{block} has the channels 0 to {count - 1}; choose one."))
        return self._channel(record, block, channel)

    def _channel(self, record: Trace, block: str, channel: int) -> dict[Any, Any]:
        p = self.parts
        maps = feature_maps(self.zoo.get(record.model), record.image, block)
        figures = channel_figures(maps, channel, record.seen)
        return {
            p.channel: channel,
            p.facts: html.facts(channel_facts(maps, channel)),
            p.before: figures.before,
            p.after: figures.after,
            p.gates: figures.gates,
        }


def _connect(p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    private: dict[str, Any] = {"api_visibility": "private"}
    channel = [p.channel, p.facts, p.before, p.after, p.gates]
    views = [p.show, p.sort, p.arm]
    gr.on(
        [p.photo.change, p.model.input, p.off.input],
        handlers.answer,
        [p.photo, p.model, p.off, *views],
        [
            p.answers,
            p.record,
            p.atlas,
            p.depth,
            p.classes,
            p.results,
            p.block,
            *channel,
            p.download,
        ],
        show_progress_on=[p.answers],
        trigger_mode="always_last",
        **private,
    )
    gr.on(
        [view.input for view in views],
        handlers.draw,
        [p.record, *views],
        [p.atlas, p.depth],
        show_progress="hidden",
        trigger_mode="always_last",
        **private,
    )
    p.atlas.select(
        handlers.click,
        [p.record, *views],
        [p.block, *channel],
        show_progress="hidden",
        trigger_mode="multiple",
        **private,
    )
    gr.on(
        [p.block.input, p.channel.submit, p.channel.blur],
        handlers.inspect,
        [p.record, p.block, p.channel],
        channel,
        show_progress="hidden",
        trigger_mode="always_last",
        **private,
    )


def _layout(zoo: Zoo) -> Parts:
    """Lay out the page from top to bottom; everything below the answers waits for a photograph."""
    with gr.Row():
        with gr.Column(scale=2, min_width=300):
            questions = _questions(zoo)
        with gr.Column(scale=3, min_width=300):
            answers = gr.HTML(html.WAITING, elem_id="answers")
            download = gr.DownloadButton(
                "Download this result (JSON and arrays)", visible=False, elem_id="download"
            )
    with gr.Column(visible=False, elem_id="results") as results:
        overview = _overview()
        channel = _inspector()
    return Parts(
        *questions, answers, download, results, *overview, *channel, gr.State(time_to_live=3600)
    )


def _overview() -> tuple[gr.Radio, gr.Radio, gr.Radio, PlotView, PlotView]:
    """Lay out the atlas with its switches, and the depth profile."""
    gr.HTML(html.section("The atlas", ATLAS_HELP))
    with gr.Row():
        show = gr.Radio(
            [("excitation s", SHOWS[0]), ("squeeze z", SHOWS[1])],
            value=SHOWS[0],
            label="Show",
            elem_id="show",
        )
        sort = gr.Radio(list(SORTS), value=SORTS[0], label="Order channels by", elem_id="sort")
        arm = gr.Radio(list(ARM_NAMES), value=ARM_NAMES[0], label="In the pass", elem_id="arm")
    atlas_view = PlotView(elem_id="atlas")
    gr.HTML(html.section("The depth profile", DEPTH_HELP))
    return show, sort, arm, atlas_view, PlotView(elem_id="depth")


def _inspector() -> tuple[gr.Dropdown, gr.Number, gr.HTML, PlotView, PlotView, PlotView]:
    """Lay out the fields and figures of one channel."""
    gr.HTML(html.section("One channel", CHANNEL_HELP))
    with gr.Row():
        block = gr.Dropdown([], label="Block", elem_id="block", interactive=True)
        channel = gr.Number(0, label="Channel", precision=0, minimum=0, elem_id="channel")
    facts = gr.HTML(elem_id="facts")
    with gr.Row():
        views = [_column(name) for name in ("before", "after", "gates")]
    return block, channel, facts, views[0], views[1], views[2]


def _column(name: str) -> PlotView:
    """Lay out a figure that wraps below its neighbour where the page is narrow."""
    with gr.Column(min_width=280):
        return PlotView(elem_id=name)


def _questions(zoo: Zoo) -> tuple[PhotoUpload, gr.Dropdown, gr.Dropdown, gr.HTML]:
    """Lay out what a person chooses: photograph, network, and what “off” means."""
    photo = PhotoUpload(
        label="Photograph",
        sources=["upload", "clipboard", "webcam"],
        buttons=["fullscreen"],
        height=300,
        elem_id="photo",
    )
    gr.Examples(
        [[str(path)] for path in examples()],
        photo,
        label="Or one of these",
        elem_id="examples",
        api_visibility="private",
    )
    model = gr.Dropdown(
        _choices(), value=catalogue.EMBEDDED, label="Network", elem_id="model", filterable=True
    )
    off = gr.Dropdown(
        list(OFF),
        value=next(iter(OFF)),
        label="“Without gates” means",
        info="Nothing is recalibrated. The layers behind a gate then see larger values than they "
        "were trained on.",
        elem_id="off",
    )
    with gr.Accordion("What this network can recognise", open=False):
        classes = gr.HTML(html.classes(zoo.get(catalogue.EMBEDDED).labels), elem_id="classes")
    return photo, model, off, classes


def examples() -> list[Path]:
    """Return photographs that installed packages carry; nothing of them is copied."""
    paths = [Path(get_image("lion.jpg"))]
    if (skimage := find_spec("skimage")) and skimage.origin:
        data = Path(skimage.origin).parent / "data"
        paths += [data / "chelsea.png", data / "coffee.png"]
    return [path for path in paths if path.exists()]


def _choices() -> list[tuple[str, str]]:
    """List the networks, marking those whose weights are on this machine."""
    return [
        (catalogue.title(key) + ("" if catalogue.local_file(key) else " · to download"), key)
        for key in catalogue.all_keys()
    ]


def _zipped(record: Trace) -> str:
    """Write the download into a folder of its own; Gradio moves it into its cache."""
    path = Path(tempfile.mkdtemp(prefix="seviz-")) / f"seviz-{record.model}.zip"
    zip_trace(record, path)
    return str(path)
