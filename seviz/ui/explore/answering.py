"""How the page “Explore” comes to its answers to what people choose."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import gradio as gr
from gradio.context import Context
from PIL import Image

from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.passes.dispatch import ask, device_for, fetch, fetch_arms
from seviz.photos.examples import judge
from seviz.records.arms import INTACT, Arm
from seviz.records.target import ClassTarget, Difference, is_class_target
from seviz.records.trace import Trace
from seviz.reference.arm_choice import default_arms
from seviz.reference.gather import own_reference
from seviz.reference.own import fingerprint
from seviz.reference.recorded import recorded_for
from seviz.ui import address
from seviz.ui.explore.first_answer import NO_CLASS
from seviz.ui.explore.opening import OPENING
from seviz.ui.explore.restoring import Restorer, Updates, offer_columns, target_fields
from seviz.ui.parts import columns, html
from seviz.ui.parts.navigation import ANSWERED, PHOTO, announce
from seviz.ui.parts.notify import REFUSALS, notify, tell
from seviz.ui.parts.photo_field import first_example, offered
from seviz.ui.parts.upload import EXAMPLE, read_marked
from seviz.ui.state import MOST_COLUMNS, Asked, Sought, chosen_arms, followed
from seviz.words.collection import own_words
from seviz.words.served import example_words, kept_words, served_words
from seviz.zoo import catalogue
from seviz.zoo.targets import find_class_target

OPENED = gr.Progress(track_tqdm=True)  # of a download, by Gradio's protocol
SAME = "A class has no difference from itself: choose two different ones."
TOO_MANY = "Four columns at most: take one away (×) before you add another."


class Question(NamedTuple):
    """What is asked, as it is when an event comes; a client may have forged some of it.

    record: the last trace, else None.
    """

    photo: Any  # a PIL image, a `UserError`, or None
    model: Any
    columns: Any
    arm: Any
    sought_class: str
    record: Trace | None
    wanted: Sought | None


class Handlers:
    """What the page does, as plain functions.

    Each returns {component: value}, or gr.skip() where nothing changes.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def answer(self, progress: gr.Progress = OPENED, *fields: Any) -> Iterator[Any]:
        """Trace the photograph of a `Question`: first who is asked, then the answers.

        Each step repeats the updates of the steps before it: a busy browser draws only the last of
        the steps that have arrived. What people may choose meanwhile is in none of them.
        """
        q, now = self.asked, Question(*fields)
        if isinstance(now.photo, UserError):
            yield notify(now.photo)
            return
        try:
            title = catalogue.find(str(now.model)).title
        except UserError as error:
            yield notify(error)
            return
        yield self._introduced(now.model)  # a download may take its time
        progress(0, desc=f"Opening {title}")
        key, chosen = self._fetched(now.model, now.columns)
        said = self._introduced(key) | ({} if key == now.model else {q.model: key})
        names = [known.name for known in chosen if known != INTACT]
        before = now.record
        known = before and (before.model, before.statistics)
        if known != (key, fingerprint(own_reference(key))) or (
            names != now.columns or now.arm not in names
        ):
            said = said | offer_columns(q, key, chosen=chosen, arm=now.arm)
        yield said
        if now.photo is None:  # none yet, or the field was cleared: the last result stays
            return
        try:
            record, served = _traced(key, now.photo, chosen)
        except REFUSALS as error:
            yield notify(error)
            return
        yield said | self._told(record, served, now)

    def compare_anew(self, progress: gr.Progress = OPENED, *fields: Any) -> Iterator[Any]:
        """Answer again where other reference statistics hold than for the last trace."""
        record = Question(*fields).record
        if record is None or record.statistics == fingerprint(own_reference(record.model)):
            yield gr.skip()
            return
        yield from self.answer(progress, *fields)

    def open(self, progress: gr.Progress = OPENED, *fields: Any) -> Iterator[Any]:
        """Open the network that another page asks for; the inspector then opens its gate.

        Where the field holds no photograph, an example is answered.
        """
        now = Question(*fields)
        if now.wanted is None or now.wanted.model == now.model:
            yield gr.skip()
            return
        key = now.wanted.model
        old, new = catalogue.find(now.model).title, catalogue.find(key).title
        tell(f"Explore shows {new} now, no longer {old}; the browser's Back returns to it.")
        now = now._replace(photo=now.photo or _example(key), model=key)
        for said in self.answer(progress, *now):
            yield said if said == gr.skip() else {self.asked.model: key} | said

    def choose_arm(self, arm: Any, choice: int) -> Updates:
        """Compare another column; `row_of` bears with one that is none."""
        return {self.asked.arm: arm, self.asked.choice: choice + 1}

    def choose_target(self, record: Trace | None, target: Any, minus: Any, choice: int) -> Any:
        """Follow another class, or its difference from another one."""
        if record is None or target is None:
            return gr.skip()
        if minus not in (None, NO_CLASS):
            if minus == target:
                return notify(UserError(SAME))
            target = Difference(target, minus)
        if not is_class_target(target, len(record.labels)):
            return notify(UserError("There is no such class in this network; choose one."))
        return {self.asked.target: target, self.asked.choice: choice + 1}

    def _introduced(self, key: str) -> Updates:
        """Show the facts of a network before it answers."""
        source = catalogue.find(key)
        return {
            self.asked.examples: offered(source.key),
            self.asked.network: html.network(source.entry()),
            self.asked.classes: html.classes(source.labels),
        }

    def _told(self, record: Trace, served: str, now: Question) -> Updates:
        """Show the answers; follow the first, or the class that the page's address names.

        The class that was followed stays where only the columns are others.
        """
        q, source = self.asked, catalogue.find(record.model)
        shows, first = now.photo.info.get(EXAMPLE), record.top(0, 1)[0].index
        mark = example_words(judge(shows, source.folders, first))
        said = {q.record: record, q.sought_class: ""}
        if profile := own_reference(record.model):
            served = f"{served} · {own_words(profile)}"
        said[q.answers] = columns.answers(
            record,
            source.title,
            mark=mark,
            served=served,
            k=TOPK,
        )
        if now.sought_class or not (now.record and now.record.is_of_same_photo(record)):
            target = _sought(record, now.sought_class)
            said |= {q.target: target, **target_fields(q, record, target)}
        return said

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
        if isinstance(arms, list) and len(arms) > MOST_COLUMNS:
            notify(UserError(TOO_MANY))
        chosen, missing = fetch_arms(key, chosen_arms(key, arms))
        if missing:
            notify(UserError(missing))
        return key, chosen if len(chosen) > 1 else list(default_arms(key))


def _sought(record: Trace, name: str) -> ClassTarget:
    """Return the class of a name, or the two of “A vs B”; the first answer where there is none."""
    try:
        ids = catalogue.find(record.model).folders
        return find_class_target(record.labels, name, ids) if name else followed(record, None)
    except UserError as error:
        notify(error)
        return followed(record, None)


def _example(key: str) -> Image.Image | None:
    """Read the example that suits a network best; None where no package holds any."""
    path = first_example(key)
    return None if path is None else read_marked(path)


def _traced(key: str, photo: Image.Image, arms: list[Arm]) -> tuple[Trace, str]:
    """Return the trace of a photograph, and who answered; a kept one costs no pass."""
    title, start = catalogue.find(key).title, time.perf_counter()
    statistics = fingerprint(own_reference(key))
    if not statistics and (kept := OPENING.answer(key, photo, arms)):
        return kept.trace, kept_words(title, len(kept.trace.labels), kept.made)
    from seviz.passes.forward import trace

    record = ask(trace, key, photo, arms, recorded=recorded_for(key, arms))
    seconds = time.perf_counter() - start
    served = served_words(
        title, len(record.labels), seconds, device=device_for(key), note=record.note
    )
    return replace(record, statistics=statistics), served


def connect(q: Asked, handlers: Handlers, restorer: Restorer) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    # First: what a page that is reloaded meanwhile should say.
    for event, key, source in (
        (q.model.change, "model", q.model),
        (q.columns.input, "arms", q.columns),
        (q.arm_field.input, "arm", q.arm_field),
    ):
        address.keep(event, key, source)
    address.keep_target(q.target_field, q.minus_field, "target", nothing=NO_CLASS)
    address.keep_photo(q.photo_changed, q.photo, "photo")
    compared = [q.columns, q.arm, q.arm_field]
    known = [q.examples, q.network, q.classes, q.model, *compared]  # without any photograph
    answered = [
        *known,
        q.answers,
        q.target,
        q.target_field,
        q.minus_field,
        q.sought_class,
        q.record,
    ]
    asks: dict[str, Any] = {
        "show_progress_on": [q.answers],
        "trigger_mode": "always_last",
        "api_visibility": "private",
    }
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    question = [q.photo, q.model, q.columns, q.arm, q.sought_class, q.record, q.wanted]
    fields = [
        q.sought_class,
        q.model,
        q.photo,
        *compared,
        q.block,
        q.channel,
        q.open,
        restorer.tabs,
    ]
    root, arrivals = Context.root_block, []
    own = address.return_photo(q.returned, q.photo, "photo")
    for event, handler, seen, js in (
        (root.load, restorer.arrive, None, None),
        (q.returned.select, restorer.return_to, q.photo, own),
    ):
        shown = quiet if q.first and event is root.load else asks  # the example is there already
        arrived = event(handler, seen, fields, js=js, trigger_mode="multiple", **quiet)
        arrivals.append(arrived.then(handlers.answer, question, answered, **shown))
    changed = [q.photo_changed.select, q.model.input, q.columns.input]
    gr.on(changed, handlers.answer, question, answered, cancels=arrivals, **asks)
    q.statistics.change(handlers.compare_anew, question, answered, **asks)
    q.wanted.change(handlers.open, question, answered, **asks)
    announce(q.record.change, ANSWERED)
    announce(q.photo_changed.select, PHOTO)
    q.arm_field.input(handlers.choose_arm, [q.arm_field, q.choice], [q.arm, q.choice], **quiet)
    gr.on(
        [q.target_field.input, q.minus_field.input],
        handlers.choose_target,
        [q.record, q.target_field, q.minus_field, q.choice],
        [q.target, q.choice],
        **quiet,
    )
