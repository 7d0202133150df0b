"""The view “Class curves”: the mean gates of a few classes, in one block and in all."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import gradio as gr

from seviz.answers import chart_sources
from seviz.errors import UserError
from seviz.figures.classes import class_curves, class_grid
from seviz.phrases import brief
from seviz.records.classes import MOST_CLASSES, ORDERS, SAMPLED
from seviz.records.numbers import Floats
from seviz.records.trace import Trace
from seviz.reference.classes import ChosenClasses, class_labels, few_classes, find_block
from seviz.reference.own import fingerprint
from seviz.reference.profile import Profile
from seviz.ui.address import Address, keep
from seviz.ui.dataset.classes.layout import Parts, lay_out
from seviz.ui.dataset.images import DataSet, profile
from seviz.ui.explore.restoring import check_block, named_reference
from seviz.ui.gate.leading import GatePage
from seviz.ui.parts import html
from seviz.ui.parts.fields import NO_GATE
from seviz.ui.parts.navigation import (
    ANSWERED,
    CLASSES,
    DATA,
    IMAGES,
    RESTORED,
    announce,
    opening,
)
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.words.classes import curves_words, no_statistics_words
from seviz.zoo.catalogue import find

Updates = dict[Any, Any]  # {component: value}
UNKNOWN = UserError("There is no such class in these images; choose one from the list.")
NO_ORDER = UserError("There is no such order; choose one from the list.")
BLOCK = "seviz:block"  # the window tells of another block


class Choice(NamedTuple):
    """What people choose, but for the block; sought: the classes that an address names, if any."""

    classes: Any
    order: Any
    few: Any
    band: Any
    photo: Any
    sought: Any = None


class Drawn(NamedTuple):
    """What is drawn: of which statistics, which block and classes, how, and which photograph."""

    statistics: str
    block: str
    numbers: tuple[int, ...]
    order: str
    few: bool
    band: bool
    photo: int | None


def build(data: DataSet, tab: gr.Tab, pages: gr.Tabs) -> None:  # noqa: ARG001 - as of all views
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(data, parts, pages, handlers=Handlers(data, parts))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, data: DataSet, parts: Parts) -> None:
        self.data, self.parts = data, parts

    def show(
        self,
        model: Any,
        record: Trace | None,
        block: Any,
        shown: Drawn | None,
        *choice: Any,
    ) -> Any:
        """Draw the curves, if the view does not show them yet."""
        try:
            key = find(str(model)).key
            known = profile(key)
            if known is None:
                return self._without(find(key).title)
            return self._drawn(key, known, record, block=block, shown=shown, choice=Choice(*choice))
        except UserError as error:
            return notify(error)

    def choose_block(self, block: Any) -> Any:
        """Show another block, of the list."""
        return {self.data.block: str(block)}

    def pick_block(self, event: gr.EventData, model: Any) -> Any:
        """Show the block whose small chart is clicked; a client's data is not to be trusted."""
        try:
            return {self.data.block: clicked_block(event, str(model))}
        except UserError as error:
            return notify(error)

    def restore_block(self, said: Address) -> Updates:
        """Show the block that an address names."""
        if not said.block:
            return {}
        check_block(said.block, said.model, usual=self.data.asked.model.value)
        return {self.data.block: said.block}

    def restore_classes(self, said: Address) -> Updates:
        """Let the classes be drawn that an address names by their folders."""
        folders = [folder for folder in said.classes.split(",") if folder]
        if not folders:
            return {}
        known = named_reference(said.model, self.data.asked.model.value)
        there = [folder for folder in folders if known and folder in known.classes]
        if known and len(there) < len(folders):
            missing = next(folder for folder in folders if folder not in there)
            raise UserError(f"There is no class “{brief(missing)}” in these images.")
        return {self.parts.sought: folders}

    def _without(self, title: str) -> Updates:
        p = self.parts
        return {
            p.headline: html.headline(no_statistics_words(title), waiting=True),
            p.block: gr.Dropdown([], value=None),
            p.classes: gr.Dropdown([], value=[], multiselect=True),
            p.curves: None,
            p.grid: None,
            p.shown: None,
        }

    def _drawn(
        self,
        key: str,
        known: Profile,
        record: Trace | None,
        *,
        block: Any,
        shown: Drawn | None,
        choice: Choice,
    ) -> Any:
        p, names = self.parts, find(key).class_names
        statistics = f"{key} {fingerprint(known)}"
        fresh = shown is None or shown.statistics != statistics or bool(choice.sought)
        block = block if block in known.blocks else find_block(known, "")
        classes = choice.sought or choice.classes
        numbers = chosen_numbers(known, classes, names, fresh=fresh)
        if choice.order not in ORDERS:
            raise NO_ORDER
        gates = _gates(key, known, record) if choice.photo else {}
        drawn = Drawn(
            statistics=statistics,
            block=block,
            numbers=numbers,
            order=choice.order,
            few=bool(choice.few),
            band=bool(choice.band),
            photo=id(record) if gates else None,
        )
        if drawn == shown:
            return {p.sought: None} if choice.sought else gr.skip()
        chosen = ChosenClasses(known, numbers, names, gates)
        curves, order = chosen.curves(block), drawn.order
        most = SAMPLED if drawn.few else None
        every = [chosen.curves(name) for name in known.blocks]
        updates = {
            p.headline: html.headline(curves_words(curves, curves.sample(order, most))),
            p.block: gr.Dropdown(list(known.blocks), value=block),
            p.curves: class_curves(curves, order=order, band=drawn.band, most=most),
            p.shown: drawn,
        }
        if shown is None or shown._replace(band=drawn.band) != drawn:  # small charts have no band
            updates[p.grid] = class_grid(every, order=order, chosen=block, most=most)
        if fresh:
            updates |= {p.classes: self._class_list(known, names, numbers), p.sought: None}
        folders = [known.classes[i] for i in numbers]
        source = chart_sources.of_classes(
            key, block, folders, order=order, beside=record if gates else None
        )
        return with_source(updates, source)

    def _class_list(
        self, known: Profile, names: Mapping[str, str], numbers: Sequence[int]
    ) -> gr.Dropdown:
        labels = class_labels(known, names)
        listed = [(labels[i], known.classes[i]) for i in known.measured_classes]
        chosen = [known.classes[i] for i in numbers]
        listed.sort(key=lambda named: named[0].casefold())
        return gr.Dropdown(listed, value=chosen, multiselect=True)


def chosen_numbers(
    known: Profile, folders: Any, names: Mapping[str, str], *, fresh: bool
) -> tuple[int, ...]:
    """Return the numbers of the chosen classes, by their folders.

    fresh: the statistics are others than before: those of the classes that these have, too, and a
    few others where there are none. UserError for classes that a client made up.
    """
    folders = folders if isinstance(folders, list) else []
    by_folder = {known.classes[i]: i for i in known.measured_classes}
    there = [folder for folder in folders if isinstance(folder, str) and folder in by_folder]
    if fresh:
        found = [by_folder[folder] for folder in there[:MOST_CLASSES]]
        return tuple(found or (few_classes(known, names) if by_folder else ()))
    if len(there) < len(folders) or len(there) > MOST_CLASSES:
        raise UNKNOWN
    return tuple(by_folder[folder] for folder in there)


def clicked_block(event: gr.EventData, key: str) -> str:
    """Return the block that a click names; UserError where the network's statistics lack it."""
    known = profile(key)
    name = event._data.get("name") if isinstance(event._data, dict) else None
    if known is None or not isinstance(name, str) or name not in known.blocks:
        raise NO_GATE
    return name


def _gates(key: str, known: Profile, record: Trace | None) -> dict[str, Floats]:
    """Return the gates of Explore's photograph, where it was answered by this network."""
    if record is None or record.model != key:
        return {}
    return {name: record.s[name][0] for name in known.blocks if name in record.s}


def _connect(data: DataSet, p: Parts, pages: gr.Tabs, *, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    latest: dict[str, Any] = quiet | {"trigger_mode": "always_last"}
    asked = data.asked
    known = [asked.model, asked.record, data.block, p.shown, *p.choices, p.sought]
    announce(data.block.change, BLOCK)
    opened = opening(DATA, CLASSES, IMAGES, ANSWERED, BLOCK, RESTORED)
    chosen = [choice.input for choice in p.choices]
    gr.on([opened.select, *chosen], handlers.show, known, p.outputs, **latest)
    p.block.input(handlers.choose_block, p.block, [data.block], **latest)
    keep(p.block.change, "block", p.block)
    keep(p.classes.input, "classes", p.classes)
    asked.kept.add("block", [data.block], handlers.restore_block)
    asked.kept.add("classes", [p.sought], handlers.restore_classes)
    p.grid.select(handlers.pick_block, asked.model, [data.block], **quiet)
    GatePage(data.asked, pages).follow(p.curves.select, **quiet)
