"""The page “Explore”: a photograph in; answers, atlas, depth profile and single channels out."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from PIL import Image

from seviz.answers.export import TOPK, zip_trace
from seviz.errors import UserError
from seviz.figures.atlas import atlas, channel_at
from seviz.figures.depth import depth_profile
from seviz.figures.inspector import channel_figures
from seviz.learn.story import telling_block
from seviz.passes.dispatch import ask, fetch
from seviz.passes.forward import feature_maps, trace
from seviz.records.arms import INTACT, TWIN
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.explanations import tab as explanations
from seviz.ui.explore.layout import (
    OFF,
    PASSES,
    Asked,
    Parts,
    Sought,
    atlas_section,
    depth_section,
    lay_out_gates,
    lay_out_question,
    name_examples,
    off_choices,
)
from seviz.ui.explore.matters import tab as matters
from seviz.ui.explore.surgery import tab as surgery
from seviz.ui.explore.two_photos import tab as pair
from seviz.ui.parts import html
from seviz.ui.parts.fields import kept_channel, named_block, named_channel
from seviz.ui.parts.navigation import remember
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.upload import GONE
from seviz.words.answers import channel_facts
from seviz.zoo import catalogue
from seviz.zoo.labels import labels

NAME = "explore"  # of the page, among the app's
TABS = (
    ("explain", "Explanations", explanations),
    ("surgery", "Surgery", surgery),
    ("matters", "What matters", matters),
    ("pair", "Two photos", pair),
)
# Scrolls to the channel, in the tab that has just been opened.
TO_CHANNEL = "() => document.querySelector('#block')?.scrollIntoView({block: 'center'})"
Updates = dict[Any, Any]  # {component: value}


def build(start: str, notice: str) -> Asked:
    """Lay the page out inside the current gr.Blocks and connect it; returns what was asked.

    start: the key of the network that is chosen at first; notice: a sentence on top, or "".
    """
    asked = lay_out_question(start, notice)
    with gr.Column(visible=False, elem_id="results") as results, gr.Tabs(elem_id="tabs"):
        with gr.Tab("Gates", id="gates") as tab:
            parts = lay_out_gates()
            remember(tab, asked.open)
        for name, title, page in TABS:
            with gr.Tab(title, id=name) as tab:
                page.build(asked, tab)
                remember(tab, asked.open)
    _connect(asked, parts, results, Handlers(asked, parts, results))
    return asked


class Handlers:
    """What the page does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, asked: Asked, parts: Parts, results: gr.Column) -> None:
        """Know the components."""
        self.asked, self.parts, self.results = asked, parts, results

    def answer(
        self,
        photo: Image.Image | UserError | None,
        model: str,
        off: str,
        show: str,
        sort: str,
        arm: str,
        sought: Sought | None,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # Gradio's protocol
    ) -> Iterator[Any]:
        """Trace a photograph; the answers come first, then the figures and the download.

        Each step repeats what the steps before it said: a busy browser draws only the last of the
        steps that have arrived.
        """
        q = self.asked
        if isinstance(photo, UserError):
            yield notify(photo)
            return
        yield self._introduced(model)  # a download may take its time
        progress(0, desc=f"Opening {catalogue.title(model)}")
        key = self._fetched(model)
        said = self._introduced(key) | {q.networks: html.networks(catalogue.entries())}
        choices = off_choices(key)
        off = off if off in choices else choices[0]
        said[q.off] = gr.Dropdown(choices, value=off)
        if key != model:
            said[q.model] = key
        yield said
        if photo is None:  # none yet, or the field was cleared: the last result stays
            return
        try:
            arms = [INTACT, OFF[off], *([TWIN] if catalogue.twin_of(key) else [])]
            record = ask(trace, key, photo, arms, recorded_for(key, arms))
        except REFUSALS as error:
            yield notify(error)
            return
        said = said | {q.answers: html.answers(record, catalogue.title(key), TOPK)}
        yield said
        try:
            figures = self._figures(record, show, sort, arm, sought)
        except REFUSALS as error:
            yield notify(error)
            return
        with tempfile.TemporaryDirectory() as folder:  # Gradio copies the file into its cache
            path = Path(folder) / f"seviz-{record.model}.zip"
            zip_trace(record, path)
            download = {q.download: gr.DownloadButton(value=str(path), visible=True)}
            yield said | figures | download

    def link(
        self,
        request: gr.Request,
        off: str,
        show: str,
        sort: str,
        arm: str,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # as in answer
    ) -> Iterator[Any]:
        """Choose the network that the page's address names, as a link does."""
        model = request.query_params.get("model")
        if not model:
            yield gr.skip()
            return
        try:
            key = catalogue.entry(model).key
            if key not in catalogue.all_keys():
                raise UserError(f"{catalogue.title(key)} has no gates to open.")
        except UserError as error:
            yield notify(error)
            return
        yield from self._opened(key, None, off, show, sort, arm, None, progress)

    def open(
        self,
        wanted: str | None,
        photo: Image.Image | UserError | None,
        off: str,
        show: str,
        sort: str,
        arm: str,
        sought: Sought | None,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008  # as in answer
    ) -> Iterator[Any]:
        """Open the network that another page asks for, once."""
        if wanted is None:
            yield gr.skip()
            return
        yield {self.asked.model: wanted, self.asked.wanted: None}
        yield from self._opened(wanted, photo, off, show, sort, arm, sought, progress)

    def draw(self, record: Trace | None, show: str, sort: str, arm: str) -> Any:
        """Draw the atlas and the depth profile of the current trace anew."""
        if record is None:
            return notify(GONE)
        return self._overview(record, show, sort, arm)

    def click(
        self, event: gr.EventData, record: Trace | None, show: str, sort: str, arm: str
    ) -> Any:
        """Open the channel under a click on the atlas; a client's data is not to be trusted."""
        if record is None:
            return notify(GONE)
        try:
            name, place = event._data["name"], event._data["position"]
            row = PASSES.index(arm)
            channel = channel_at(record, name, place, arm=row, show=show, sort=sort)
        except (KeyError, IndexError, TypeError, ValueError):
            return notify(UserError("That click named no channel; click a cell."))
        return self._inspected(record, name, channel, arm)

    def inspect(self, record: Trace | None, block: str | None, channel: Any, arm: str) -> Any:
        """Open the channel of the Block and Channel fields."""
        if channel is None:  # the field was emptied, to be filled again
            return gr.skip()
        if record is None or block is None:
            return notify(GONE)
        try:
            channel = named_channel(named_block(record, block), channel)
        except UserError as error:
            return notify(error)
        return self._inspected(record, block, channel, arm)

    def enter(self, record: Trace | None, block: str | None, channel: Any, arm: str) -> Any:
        """Open a block at the channel that was open, or at its largest gate if it has no such."""
        gates = record.s.get(block) if record and block else None
        opened = channel if gates is None else kept_channel(channel, gates[0])
        return self.inspect(record, block, opened, arm)

    def find(self, record: Trace | None, sought: Sought | None, arm: str) -> Any:
        """Open the gate that is sought, once; a network that has yet to answer does it then."""
        if sought is None or record is None or record.model != sought.model:
            return gr.skip()
        said = self.inspect(record, sought.block, sought.channel, arm)
        done = {self.asked.sought: None}
        return done if said == gr.skip() else said | done

    def _opened(self, key: str, photo: Any, *views: Any) -> Iterator[Any]:
        """Answer with a network that its field does not show yet; views: as `answer` takes them."""
        for said in self.answer(photo, key, *views):
            yield said if said == gr.skip() else {self.asked.model: key} | said

    def _introduced(self, key: str) -> Updates:
        """Say what is known of a network before it is asked."""
        return {
            self.asked.network: html.network(catalogue.entry(key)),
            self.asked.classes: html.classes(labels(key)),
        }

    def _fetched(self, model: str) -> str:
        """Download a network; the embedded one, with a notice, where its weights can't be had."""
        try:
            return fetch(model)
        except UserError as error:
            notify(error)
            return catalogue.EMBEDDED

    def _figures(
        self, record: Trace, show: str, sort: str, arm: str, sought: Sought | None
    ) -> Updates:
        """Draw everything of a new trace; a gate is open: `_first`."""
        p, q = self.parts, self.asked
        block, channel = _first(record, sought)
        names = [site.name for site in record.sites]
        return {
            q.record: record,
            self.results: gr.Column(visible=True),
            p.atlas_help: atlas_section(record.sites),
            p.depth_help: depth_section(record.sites),
            **self._overview(record, show, sort, arm),
            **self._channel(record, block, channel, arm),
            p.block: gr.Dropdown(names, value=block),
            q.sought: None,
        }

    def _overview(self, record: Trace, show: str, sort: str, arm: str) -> Updates:
        row = PASSES.index(arm)
        return {
            self.parts.atlas: atlas(record, arm=row, show=show, sort=sort),
            self.parts.depth: depth_profile(record, arm=row),
        }

    def _inspected(self, record: Trace, block: str, channel: int, arm: str) -> Any:
        try:
            return self._channel(record, block, channel, arm)
        except REFUSALS as error:  # its network was put away, and can't be had again
            return notify(error)

    def _channel(self, record: Trace, block: str, channel: int, arm: str) -> Updates:
        """Run the pass that is shown once more for one block's features, and draw a channel."""
        p = self.parts
        arm_shown = record.arms[PASSES.index(arm)]
        recorded = recorded_for(record.model, [arm_shown])
        maps = ask(feature_maps, record.model, record.image, block, arm_shown, recorded)
        figures = channel_figures(maps, channel, record.seen)
        return {
            p.block: block,
            p.channel: channel,
            p.facts: html.facts(channel_facts(maps, channel)),
            p.before: figures.before,
            p.after: figures.after,
            p.gates: figures.gates,
        }


def _first(record: Trace, sought: Sought | None) -> tuple[str, int]:
    """Name the gate that is open at first: what is sought, or the most varied block's largest."""
    if sought and sought.model == record.model:
        return sought.block, sought.channel
    block = telling_block(record).name
    return block, int(record.s[block][0].argmax())


def _connect(q: Asked, p: Parts, results: gr.Column, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    channel = [p.block, p.channel, p.facts, p.before, p.after, p.gates]
    overview, helps = [p.atlas, p.depth], [p.atlas_help, p.depth_help]
    views = [p.show, p.sort, p.arm]
    known = [q.network, q.classes, q.networks, q.off, q.model]  # without any photograph
    shown = [*helps, *overview, *channel]
    everything = [*known, q.answers, q.record, results, *shown, q.sought, q.download]
    asks: dict[str, Any] = {
        "show_progress_on": [q.answers],
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    name_examples(Context.root_block.load, "examples")
    Context.root_block.load(handlers.link, [q.off, *views], known, **quiet)
    gr.on(
        [q.photo.change, q.model.input, q.off.input],
        handlers.answer,
        [q.photo, q.model, q.off, *views, q.sought],
        everything,
        **asks,
    )
    q.wanted.change(
        handlers.open,
        [q.wanted, q.photo, q.off, *views, q.sought],
        [*everything, q.wanted],
        **asks,
    )
    gr.on(
        [view.input for view in views],
        handlers.draw,
        [q.record, *views],
        overview,
        trigger_mode="always_last",
        **quiet,
    )
    p.atlas.select(handlers.click, [q.record, *views], channel, trigger_mode="multiple", **quiet)
    q.sought.change(handlers.find, [q.record, q.sought, p.arm], [*channel, q.sought], **quiet).then(
        None, js=TO_CHANNEL, api_visibility="private"
    )
    for events, opened in (
        ([p.block.input], handlers.enter),
        ([p.channel.submit, p.channel.blur, p.arm.input], handlers.inspect),
    ):
        gr.on(
            events,
            opened,
            [q.record, p.block, p.channel, p.arm],
            channel,
            trigger_mode="always_last",
            **quiet,
        )
