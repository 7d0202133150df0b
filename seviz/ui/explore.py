"""The page “Explore”: a photograph in; answers, atlas, depth profile and single channels out."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from seviz import catalogue
from seviz.dispatch import ask, fetch
from seviz.errors import UserError
from seviz.export import TOPK, zip_trace
from seviz.figures.atlas import atlas, channel_at
from seviz.figures.depth import depth_profile
from seviz.figures.inspector import channel_figures
from seviz.labels import labels
from seviz.records import INTACT, Trace
from seviz.references import recorded_for
from seviz.trace import feature_maps, trace
from seviz.ui import html
from seviz.ui.layout import OFF, PASSES, Parts, lay_out, off_choices
from seviz.ui.upload import GONE
from seviz.words import channel_facts

Updates = dict[Any, Any]  # {component: value}
REFUSALS = (UserError, gr.Error)  # the second is what a Space says, such as that no GPU is free


def build(start: str, notice: str) -> None:
    """Lay the page out inside the current gr.Blocks and connect it.

    start: the key of the network that is chosen at first; notice: a sentence on top, or "".
    """
    parts = lay_out(start, notice)
    _connect(parts, Handlers(parts))


def notify(error: UserError | gr.Error) -> Any:
    """Show a sentence over the page and change nothing on it: the last result stays."""
    gr.Warning(error.message if isinstance(error, gr.Error) else str(error), title="Sorry")
    return gr.skip()


class Handlers:
    """What the page does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, parts: Parts) -> None:
        """Know the components."""
        self.parts = parts

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
        """Trace a photograph; the answers come first, then the figures and the download.

        Each step repeats what the steps before it said: a busy browser draws only the last of the
        steps that have arrived.
        """
        p = self.parts
        if isinstance(photo, UserError):
            yield notify(photo)
            return
        yield self._introduced(model)  # a download may take its time
        progress(0, desc=f"Opening {catalogue.title(model)}")
        key = self._fetched(model)
        said = self._introduced(key) | {p.networks: html.networks(catalogue.entries())}
        choices = off_choices(key)
        off = off if off in choices else choices[0]
        said[p.off] = gr.Dropdown(choices, value=off)
        if key != model:
            said[p.model] = key
        yield said
        if photo is None:  # none yet, or the field was cleared: the last result stays
            return
        try:
            arms = [INTACT, OFF[off]]
            record = ask(trace, key, photo, arms, recorded_for(key, arms))
        except REFUSALS as error:
            yield notify(error)
            return
        said = said | {p.answers: html.answers(record, catalogue.title(key), TOPK)}
        yield said
        try:
            figures = self._figures(record, show, sort, arm)
        except REFUSALS as error:
            yield notify(error)
            return
        with tempfile.TemporaryDirectory() as folder:  # Gradio copies the file into its cache
            path = Path(folder) / f"seviz-{record.model}.zip"
            zip_trace(record, path)
            download = {p.download: gr.DownloadButton(value=str(path), visible=True)}
            yield said | figures | download

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
            count = record.site(block).channels
        except KeyError:
            return notify(UserError(f"There is no block {block} in this network; choose one."))
        if not isinstance(channel, int) or not 0 <= channel < count:
            return notify(UserError(f"{block} has the channels 0 to {count - 1}; choose one."))
        return self._inspected(record, block, channel, arm)

    def _introduced(self, key: str) -> Updates:
        """Say what is known of a network before it is asked."""
        return {
            self.parts.network: html.network(catalogue.entry(key)),
            self.parts.classes: html.classes(labels(key)),
        }

    def _fetched(self, model: str) -> str:
        """Download a network; the embedded one, with a notice, where its weights can't be had."""
        try:
            return fetch(model)
        except UserError as error:
            notify(error)
            return catalogue.EMBEDDED

    def _figures(self, record: Trace, show: str, sort: str, arm: str) -> Updates:
        """Draw everything of a new trace, opening the largest gate of the most varied block."""
        p = self.parts
        first = max(record.sites, key=lambda site: float(record.s[site.name][0].std()))
        channel = int(record.s[first.name][0].argmax())
        names = [site.name for site in record.sites]
        return {
            p.record: record,
            p.results: gr.Column(visible=True),
            **self._overview(record, show, sort, arm),
            **self._channel(record, first.name, channel, arm),
            p.block: gr.Dropdown(names, value=first.name),
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


def _connect(p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    channel = [p.block, p.channel, p.facts, p.before, p.after, p.gates]
    overview = [p.atlas, p.depth]
    views = [p.show, p.sort, p.arm]
    gr.on(
        [p.photo.change, p.model.input, p.off.input],
        handlers.answer,
        [p.photo, p.model, p.off, *views],
        [
            p.network,
            p.classes,
            p.networks,
            p.off,
            p.model,
            p.answers,
            p.record,
            p.results,
            *overview,
            *channel,
            p.download,
        ],
        show_progress_on=[p.answers],
        trigger_mode="always_last",
        api_visibility="private",
    )
    gr.on(
        [view.input for view in views],
        handlers.draw,
        [p.record, *views],
        overview,
        trigger_mode="always_last",
        **quiet,
    )
    p.atlas.select(handlers.click, [p.record, *views], channel, trigger_mode="multiple", **quiet)
    gr.on(
        [p.block.input, p.channel.submit, p.channel.blur, p.arm.input],
        handlers.inspect,
        [p.record, p.block, p.channel, p.arm],
        channel,
        trigger_mode="always_last",
        **quiet,
    )
