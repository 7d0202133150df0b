"""The top of the page “Data set”: the network, the images, and what asks it about them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.errors import UserError
from seviz.reference.gather import common_reference, own_reference, reference
from seviz.reference.own import fingerprint
from seviz.ui.dataset.folder import FOLDER as SERVER
from seviz.ui.dataset.folder import passed
from seviz.ui.dataset.images import DataSet
from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.navigation import IMAGES, announce
from seviz.ui.parts.notify import notify
from seviz.ui.parts.own_photos import FOLDER, OWN, REFERENCE, Own, hold, own_of
from seviz.ui.parts.progress import Run, Runner
from seviz.ui.state import Asked
from seviz.words.collection import CHOOSE_OWN, reference_words, statistics_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}
KIND = "collection"  # of work
GONE = UserError("Your photographs are no longer here; send them again.")


def build(asked: Asked) -> DataSet:
    """Lay the top out inside the current gr.Tab and connect it."""
    key = asked.model.value
    network = gr.HTML(_network(find(key).title), elem_id="data-network")
    images = gr.Radio(_choices(key, Own()), value=REFERENCE, label="Images", elem_id="data-images")
    told = gr.HTML(_told(key, Own()), elem_id="data-told")
    with gr.Row(elem_id="data-run"):
        start = gr.Button(visible=False, variant="primary", elem_id="data-ask")
        stop = gr.Button("Stop", visible=False, elem_id="data-stop")
    progress = gr.HTML(elem_id="data-progress")
    runner = Runner(Works(), KIND, Run(start, stop, progress))
    data = DataSet(asked, network, images, told, gr.State(""), runner, gr.State(""))
    _connect(data, Handlers(data))
    return data


class Handlers:
    """What the top does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, data: DataSet) -> None:
        self.data = data

    def follow(self, model: Any, own: Any) -> Any:
        """Show what holds for the network of Explore and the visitor's photographs."""
        d, now = self.data, own_of(own)
        try:
            key = find(str(model)).key
        except UserError:  # “Explore” says it
            return gr.skip()
        title, collection = find(key).title, now.collection(key)
        asks = now.images != REFERENCE or now.photographs is not None
        start = gr.Button(f"Ask {title} about {_these(now)}", visible=asks and collection is None)
        used = fingerprint(reference(key))
        return {
            d.network: _network(title),
            d.images: gr.Radio(_choices(key, now), value=now.images),
            d.told: _told(key, now),
            d.runner.run.start: start,
            d.asked.statistics: fingerprint(own_reference(key)),
            d.changed: f"{key} {now.images} {used} {id(collection) if collection else ''}",
        }

    def choose(self, images: Any, model: Any, own: Any) -> Any:
        """Choose other images; the server's folder comes with what is known of it."""
        now = own_of(own)
        if images not in (REFERENCE, OWN, FOLDER) or (images == OWN and not now.photographs):
            return notify(GONE)
        now = replace(now, images=images)
        if images == FOLDER and (known := SERVER.known(str(model))):
            now = now.with_folder(known)
        return {self.data.asked.own: now}

    def ask(self, request: gr.Request, model: Any, own: Any) -> Iterator[Any]:
        """Ask the network about the chosen photographs."""
        yield from self.data.runner.ending_well(self._asked(request, str(model), own_of(own)))

    def _asked(self, request: gr.Request, key: str, now: Own) -> Iterator[Any]:
        d, photographs = self.data, now.photographs
        if now.images == FOLDER:
            new, _ = yield from d.runner.follow(
                request, lambda watch: SERVER.answer(key, watch), {}
            )
            changed = now.with_folder(new)
        elif photographs is None:
            raise GONE
        else:
            new, _ = yield from d.runner.follow(
                request, lambda watch: passed(key, photographs, watch), {}
            )
            hold(new.collection)
            changed = now.with_passed(new)
        yield {d.asked.own: changed, **d.runner.idle(start=False)}


def _network(title: str) -> Markup:
    return html.headline(title)


def _told(key: str, visitors: Own) -> Markup:
    own = own_reference(key)
    said = statistics_words(own or reference(key), own=own is not None)
    offered = own is None and visitors.passed and visitors.images == REFERENCE
    return html.facts(f"{said} {CHOOSE_OWN}" if offered else said)


def _choices(key: str, own: Own) -> list[tuple[str, str]]:
    """List the images that there are, by what people read and by name."""
    choices = [(reference_words(common_reference(find(key))), REFERENCE)]
    if own.photographs:
        choices.append((f"Your photographs ({len(own.photographs):,})", OWN))
    if SERVER.root:
        choices.append((f"The server’s folder {SERVER.name}", FOLDER))
    return choices


def _these(own: Own) -> str:
    if own.images == FOLDER:
        return f"the folder {SERVER.name}"
    return own.photographs.name if own.photographs else "your photographs"


def _connect(d: DataSet, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    shown = [d.network, d.images, d.told, d.runner.run.start, d.asked.statistics, d.changed]
    changes = [d.asked.model.change, d.asked.own.change]
    gr.on(changes, handlers.follow, d.subject, shown, trigger_mode="always_last", **quiet)
    announce(d.changed.change, IMAGES)
    d.images.input(handlers.choose, [d.images, *d.subject], [d.asked.own], **quiet)
    works = [d.asked.own, *d.runner.run.shown]
    d.runner.run.start.click(handlers.ask, d.subject, works, **quiet)
    d.runner.connect()
