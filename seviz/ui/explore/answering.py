"""How the page “Explore” comes to its answers: of what people choose, and of its address."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from PIL import Image

from seviz.answers.export import zip_trace
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.passes.dispatch import ask, fetch, fetch_arms
from seviz.passes.forward import trace
from seviz.records.arms import INTACT, Arm
from seviz.records.trace import Trace
from seviz.reference.arm_choice import default_arms
from seviz.reference.recorded import recorded_for
from seviz.ui import address
from seviz.ui.address import OWN, Address
from seviz.ui.explore.first_answer import targets
from seviz.ui.explore.layout import column_choices
from seviz.ui.parts import columns, html
from seviz.ui.parts.navigation import GATES
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.ui.parts.photo_field import example_named, first_example, offered
from seviz.ui.parts.upload import EXAMPLE, read_marked
from seviz.ui.state import Asked, Sought, chosen_arms, followed, offered_columns
from seviz.words.served import example_words, served_words
from seviz.zoo import catalogue
from seviz.zoo.labels import find_class

Photo = Image.Image | UserError | None
Updates = dict[Any, Any]  # {component: value}
OPENED = gr.Progress(track_tqdm=True)  # of a download, by Gradio's protocol
NOT_KEPT = (
    "This address is of somebody's own photograph, which is not kept: here is the example; upload "
    "the photograph to see the rest."
)


class Handlers:
    """What the page does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, asked: Asked, tabs: gr.Tabs) -> None:
        self.asked, self.tabs = asked, tabs

    def answer(
        self,
        photo: Photo,
        model: str,
        arms: Any,
        arm: Any,
        target: Any,
        before: Trace | None,
        progress: gr.Progress = OPENED,
    ) -> Iterator[Any]:
        """Trace a photograph; the answers come first, then the trace itself and the download.

        before: the last trace. Each step repeats the updates of the steps before it: a busy browser
        draws only the last of the steps that have arrived.
        """
        q = self.asked
        if isinstance(photo, UserError):
            yield notify(photo)
            return
        try:
            title = catalogue.find(str(model)).title
        except UserError as error:
            yield notify(error)
            return
        yield self._introduced(model)  # a download may take its time
        progress(0, desc=f"Opening {title}")
        key, chosen = self._fetched(model, arms)
        said = self._introduced(key) | ({} if key == model else {q.model: key})
        names = [known.name for known in chosen if known != INTACT]
        if before is None or before.model != key or names != arms or arm not in arms:
            said = said | self._compared(key, chosen, arm)  # else a choice made meanwhile stays
        yield said
        if photo is None:  # none yet, or the field was cleared: the last result stays
            return
        try:
            record, seconds = _traced(key, photo, chosen)
        except REFUSALS as error:
            yield notify(error)
            return
        same = before is not None and before.is_of_same_photo(record)
        mark = example_words(photo.info.get(EXAMPLE))
        said = said | self._told(
            record, seconds, mark=mark, target=followed(record, target if same else None)
        )
        yield said
        with tempfile.TemporaryDirectory() as folder:  # Gradio copies the file into its cache
            path = Path(folder) / f"seviz-{record.model}.zip"
            zip_trace(record, path)
            shown = gr.DownloadButton(value=str(path), visible=True)
            yield said | {q.record: record, q.download: shown}

    def arrive(self, request: gr.Request) -> Any:
        """Show what the page's address says, or else the first network with its example."""
        return self._restored(Address.read(request.query_params))

    def return_to(self, event: gr.EventData) -> Any:
        """Show what the address says that people went back or forward to, else what was first."""
        said = Address.read(event._data)
        first = {"model": said.model or self.asked.model.value, "tab": said.tab or GATES}
        return self._restored(replace(said, **first))

    def open(
        self,
        wanted: Sought | None,
        photo: Photo,
        model: str,
        arms: Any,
        arm: Any,
        target: Any,
        before: Trace | None,
        progress: gr.Progress = OPENED,
    ) -> Iterator[Any]:
        """Open the network that another page asks for; the inspector then opens its gate.

        Where the field holds no photograph, an example is answered.
        """
        if wanted is None or wanted.model == model:
            yield gr.skip()
            return
        old, new = (catalogue.find(key).title for key in (model, wanted.model))
        gr.Info(f"Explore shows {new} now, no longer {old}; the browser's Back returns to it.")
        key, photo = wanted.model, photo or _example(wanted.model)
        for said in self.answer(photo, key, arms, arm, target, before, progress):
            yield said if said == gr.skip() else {self.asked.model: key} | said

    def retarget(self, record: Trace | None, said: Address, choice: int) -> Any:
        """Follow the class that the address says, once the network has answered."""
        if record is None or not said.target:
            return gr.skip()
        try:
            found = find_class(record.labels, said.target)
        except UserError as error:
            return notify(error)
        return {self.asked.target_field: found} | self.choose_target(record, found, choice)

    def choose_arm(self, arm: Any, choice: int) -> Updates:
        """Compare another column; `row_of` bears with one that is none."""
        return {self.asked.arm: arm, self.asked.choice: choice + 1}

    def choose_target(self, record: Trace | None, target: Any, choice: int) -> Any:
        """Follow another class."""
        if record is None or target is None:
            return gr.skip()
        if not isinstance(target, int) or not 0 <= target < len(record.labels):
            return notify(UserError("There is no such class in this network; choose one."))
        return {self.asked.target: target, self.asked.choice: choice + 1}

    def _restored(self, said: Address) -> Updates:
        """Fill the fields by an address; what it does not say stays."""
        q = self.asked
        updates: Updates = {q.said: said}
        try:
            if said.model:
                updates[q.model] = _openable(said.model)
        except UserError as error:
            notify(error)
        if said.photo == OWN:
            gr.Info(NOT_KEPT)
        if example := example_named(said.photo):
            updates[q.photo] = str(example)
        if said.model or said.arms or said.arm:
            key = updates.get(q.model, q.model.value)
            updates |= self._compared(key, chosen_arms(key, said.columns), said.arm)
        block, channel = said.block_and_channel
        if block and channel is not None:
            updates[q.block], updates[q.channel] = gr.Dropdown([block], value=block), channel
        if said.tab in [tab.id for tab in self.tabs.children]:
            updates[q.open] = said.tab
            updates[self.tabs] = gr.Tabs(selected=said.tab)
        return updates

    def _introduced(self, key: str) -> Updates:
        """Show the facts of a network before it answers."""
        source = catalogue.find(key)
        return {
            self.asked.examples: offered(source.key),
            self.asked.network: html.network(source.entry()),
            self.asked.classes: html.classes(source.labels),
        }

    def _compared(self, key: str, chosen: list[Arm], arm: Any) -> Updates:
        """Show which columns a network offers, and which of them the tabs compare."""
        names = [known.name for known in chosen if known != INTACT]
        compared = arm if arm in names else names[0]
        return {
            self.asked.columns: gr.Dropdown(
                column_choices(offered_columns(key)), value=names, multiselect=True
            ),
            self.asked.arm_field: gr.Radio(column_choices(names), value=compared),
            self.asked.arm: compared,
        }

    def _told(self, record: Trace, seconds: float, *, mark: str, target: int) -> Updates:
        """Show the answers, and offer the classes to follow."""
        title, choices = catalogue.find(record.model).title, targets(record)
        said = served_words(title, len(record.labels), seconds)
        return {
            self.asked.answers: columns.answers(record, title, mark=mark, served=said, k=TOPK),
            self.asked.target_field: gr.Dropdown(choices, value=target),
            self.asked.target: target,
        }

    def _fetched(self, model: str, arms: Any) -> tuple[str, list[Arm]]:
        """Download a network, and its twin for that column; returns its key, and the arms to ask.

        With a notice, the embedded one is taken where its weights can't be had, and the arms but
        for the twin where the twin's can't.
        """
        try:
            key = fetch(model)
        except UserError as error:
            notify(error)
            key = catalogue.EMBEDDED
        chosen, missing = fetch_arms(key, chosen_arms(key, arms))
        if missing:
            notify(UserError(missing))
        return key, chosen if len(chosen) > 1 else list(default_arms(key))


def _openable(model: str) -> str:
    """Return the key of a network that an address names; UserError where it can't be opened."""
    source = catalogue.find(model)
    if not source.has_gates:
        raise UserError(f"{source.title} has no gates to open.")
    return source.key


def _example(key: str) -> Image.Image | None:
    """Read the example that suits a network best; None where no package holds any."""
    path = first_example(key)
    return None if path is None else read_marked(path)


def _traced(key: str, photo: Image.Image, arms: list[Arm]) -> tuple[Trace, float]:
    """Return the trace of a photograph, and the seconds that it took."""
    start = time.perf_counter()
    record = ask(trace, key, photo, arms, recorded=recorded_for(key, arms))
    return record, time.perf_counter() - start


def connect(q: Asked, tabs: gr.Tabs, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    compared = [q.columns, q.arm, q.arm_field]
    known = [q.examples, q.network, q.classes, q.model, *compared]  # without any photograph
    everything = [*known, q.answers, q.target, q.target_field, q.record, q.download]
    asks: dict[str, Any] = {
        "show_progress_on": [q.answers],
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    question = [q.photo, q.model, q.columns, q.arm, q.target, q.record]
    fields = [q.said, q.model, q.photo, *compared, q.block, q.channel, q.open, tabs]
    root, followed_class = Context.root_block, [q.target, q.target_field, q.choice]
    for event, handler in ((root.load, handlers.arrive), (q.returned.select, handlers.return_to)):
        shown = quiet if q.first and event is root.load else asks  # the example is there already
        event(handler, None, fields, trigger_mode="multiple", **quiet).then(
            handlers.answer, question, everything, **shown
        ).then(handlers.retarget, [q.record, q.said, q.choice], followed_class, **quiet)
    gr.on(
        [q.photo.change, q.model.input, q.columns.input],
        handlers.answer,
        question,
        everything,
        **asks,
    )
    q.wanted.change(handlers.open, [q.wanted, *question], everything, **asks)
    q.arm_field.input(handlers.choose_arm, [q.arm_field, q.choice], [q.arm, q.choice], **quiet)
    q.target_field.input(
        handlers.choose_target, [q.record, q.target_field, q.choice], followed_class, **quiet
    )
    for event, key, source in (
        (q.model.change, "model", q.model),
        (q.columns.input, "arms", q.columns),
        (q.arm_field.input, "arm", q.arm_field),
        (q.target_field.input, "target", q.target_field),
    ):
        address.keep(event, key, source)
    address.keep_photo(q.photo, "photo")
