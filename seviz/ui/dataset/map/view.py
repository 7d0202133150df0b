"""The view “Map”: the images as points by the gates of a block, and two sets of them compared."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from seviz.answers import chart_sources
from seviz.answers.image_map import compare_selections, image_map
from seviz.errors import UserError
from seviz.figures.image_map import DRAGS as DRAWN
from seviz.figures.image_map import depth_chart, points_map
from seviz.records.image_map import ImageMap
from seviz.reference.image_map import FEW, METHODS
from seviz.reference.images import ProfiledImages
from seviz.reference.own import fingerprint
from seviz.reference.profile import Profile
from seviz.ui.address import Address, keep
from seviz.ui.dataset.images import DataSet, images, profile
from seviz.ui.dataset.map import html as map_html
from seviz.ui.dataset.map.layout import Parts, lay_out
from seviz.ui.explore.restoring import check_block
from seviz.ui.gate.leading import GatePage
from seviz.ui.gate.thumbnails import thumbnails
from seviz.ui.parts import html
from seviz.ui.parts.navigation import DATA, IMAGES, MAP, RESTORED, opening
from seviz.ui.parts.notify import notify
from seviz.ui.parts.plot import with_source
from seviz.words.image_map import NO_IMAGES, axes_words, depth_words, headline
from seviz.zoo.catalogue import find

NO_POINTS = UserError("That selection names no images of this map; drag around points again.")
COLOURED = 4  # classes at first
DRAGGED = "dragged around"  # what a selection is called that is no class
Updates = dict[Any, Any]  # {component: value}


class Selection(NamedTuple):
    """Points of the map by their places, and the class that they are of, "" where none."""

    places: tuple[int, ...] = ()
    label: str = ""


class Chosen(NamedTuple):
    """Both selections, and of which statistics they are."""

    statistics: str = ""
    a: Selection = Selection()
    b: Selection = Selection()


class Fields(NamedTuple):
    """What says what the map shows; a client may have forged some of it."""

    block: Any = None
    method: Any = "pca"
    classes: Any = None
    drag: Any = "lasso"
    into: Any = "A"
    chosen: Chosen | None = None


class Subject(NamedTuple):
    """A network's statistics and the images behind them, with the names of classes."""

    key: str
    profile: Profile
    images: ProfiledImages
    names: Mapping[str, str]
    statistics: str


def build(data: DataSet, tab: gr.Tab, pages: gr.Tabs) -> None:  # noqa: ARG001 - as of all views
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(data, parts, pages, handlers=Handlers(parts))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def show(self, model: Any, own: Any, shown: Any, sought: Any, *fields: Any) -> Any:
        """Draw the map, if the view shows another network or other images, or a block is sought."""
        now = Fields(*fields)
        try:
            subject = _subject(model)
            if subject is None:
                return self._nothing()
            if shown == subject.statistics and not sought:
                return gr.skip()
            if not shown:  # nobody has chosen yet
                now = _first(subject, now)
            if not sought:
                return self._drawn(subject, now, own=own)
            now = now._replace(block=sought)
            return self._drawn(subject, now, own=own) | {self.parts.sought: ""}
        except UserError as error:
            return notify(error)

    def restore(self, usual: str, said: Address) -> Updates:
        """Show the block that an address names; usual: the network where it names none."""
        if not said.map_block:
            return {}
        check_block(said.map_block, said.model, usual=usual)
        return {self.parts.sought: said.map_block}

    def draw(self, model: Any, own: Any, *fields: Any) -> Any:
        """Draw the map anew, as the fields say."""
        return self._changed(model, own, Fields(*fields), {})

    def take(self, event: gr.EventData, model: Any, own: Any, *fields: Any) -> Any:
        """Make the points that were dragged around a selection, and let the next be the other."""
        now = Fields(*fields)
        name = "b" if now.into == "B" else "a"
        return self._changed(
            model, own, now, {name: _places(event)}, then="A" if name == "b" else "B"
        )

    def choose(self, name: str, label: Any, model: Any, own: Any, *fields: Any) -> Any:
        """Make the images of a class selection `name`, a or b."""
        return self._changed(model, own, Fields(*fields), {name: label})

    def clear(self, model: Any, own: Any, *fields: Any) -> Any:
        """Forget both selections."""
        return self._changed(model, own, Fields(*fields)._replace(chosen=None, into="A"), {})

    def open_block(self, event: gr.EventData, model: Any, own: Any, *fields: Any) -> Any:
        """Show the block of a click on the chart of all blocks."""
        data = event._data if isinstance(event._data, dict) else {}
        return self._changed(model, own, Fields(*fields)._replace(block=data.get("name")), {})

    def _changed(
        self, model: Any, own: Any, now: Fields, new: dict[str, Any], *, then: str = ""
    ) -> Any:
        """Draw the map with new selections, by their names, places or a class's name each."""
        try:
            subject = _subject(model)
            if subject is None:
                return self._nothing()
            shown = _map(subject, now)
            chosen = _kept(now.chosen, subject.statistics)
            a, b = (
                _selection(shown, new[name]) if name in new else kept
                for name, kept in (("a", chosen.a), ("b", chosen.b))
            )
            chosen = Chosen(subject.statistics, a, b)
            now = now._replace(chosen=chosen, into=then or now.into)
            return self._drawn(subject, now, own=own)
        except UserError as error:
            return notify(error)

    def _nothing(self) -> Updates:
        """Say that there are no images, in place of all that they would tell."""
        p = self.parts
        emptied = dict.fromkeys([p.axes, p.photo, p.told, p.table, p.depth_told], html.NOTHING)
        emptied |= dict.fromkeys([p.map, p.depth, p.chosen, p.shown], None)
        return emptied | {p.headline: html.headline(NO_IMAGES, waiting=True)}

    def _drawn(self, subject: Subject, now: Fields, *, own: Any) -> Updates:
        p, shown = self.parts, _map(subject, now)
        chosen, labels = _kept(now.chosen, subject.statistics), shown.classes
        classes = [c for c in now.classes if c in labels] if isinstance(now.classes, list) else []
        places = {"A": chosen.a.places, "B": chosen.b.places}
        drawn = {name: of for name, of in places.items() if of}
        drag = now.drag if now.drag in DRAWN else "lasso"
        told, table = _compared(subject.images, shown, chosen)
        updates = {
            p.block: gr.Dropdown(list(subject.profile.blocks), value=shown.site),
            p.classes: gr.Dropdown(list(labels), value=classes, multiselect=True),
            p.into: now.into if now.into in ("A", "B") else "A",
            p.a: gr.Dropdown(list(labels), value=chosen.a.label or None),
            p.b: gr.Dropdown(list(labels), value=chosen.b.label or None),
            p.chosen: chosen,
            p.headline: html.headline(headline(shown)),
            p.map: points_map(shown, classes, drag=drag, selections=drawn),
            p.axes: html.hint(axes_words(shown)),
            p.photo: map_html.pictures(shown, thumbnails(subject.key, own)),
            p.told: told,
            p.table: table,
            p.depth_told: html.facts(depth_words(shown)),
            p.depth: depth_chart(shown),
            p.shown: subject.statistics,
        }
        source = chart_sources.of_map(subject.key, shown.site, classes, method=shown.method)
        return with_source(updates, source)


def _subject(model: Any) -> Subject | None:
    """Return what the view is about; None where no images are known."""
    source = find(str(model))
    known, behind = profile(source.key), images(source.key)
    if known is None or behind is None:
        return None
    return Subject(
        source.key, known, behind, source.class_names, f"{source.key} {fingerprint(known)}"
    )


def _map(subject: Subject, now: Fields) -> ImageMap:
    """Lay the images out as the fields say, as far as they fit the statistics."""
    blocks, method = subject.profile.blocks, now.method if now.method in METHODS else "pca"
    known = isinstance(now.block, str) and now.block in blocks
    site = now.block if known else list(blocks)[-1]
    return image_map(subject.profile, subject.images, site, method=method, names=subject.names)


def _kept(chosen: Any, statistics: str) -> Chosen:
    """Return the selections where they are of these statistics, else none."""
    same = isinstance(chosen, Chosen) and chosen.statistics == statistics
    return chosen if same else Chosen(statistics)


def _first(subject: Subject, now: Fields) -> Fields:
    """Choose the block whose gates tell most of classes, and the classes of the most images."""
    told = [block for block in _map(subject, now).neighbours if block.accuracy is not None]
    if told:
        now = now._replace(block=max(told, key=lambda block: block.accuracy or 0).site)
    shown = _map(subject, now)
    counts = sorted(shown.classes, key=lambda label: -len(shown.of_class(label)))
    return now._replace(classes=sorted(counts[:COLOURED]))


def _places(event: gr.EventData) -> Any:
    """Return what an event says that was dragged around."""
    data = event._data if isinstance(event._data, dict) else {}
    return data.get("places")


def _selection(shown: ImageMap, given: Any) -> Selection:
    """Make a selection of points' places, or of a class's name; UserError where they are none.

    None, as of an emptied field, selects nothing.
    """
    if given is None or isinstance(given, str):
        if given and given not in shown.classes:
            raise UserError("There is no such class on this map; choose one from the list.")
        return Selection(tuple(shown.of_class(given)), given) if given else Selection()
    known = range(len(shown.points))
    if not isinstance(given, list) or not all(type(i) is int and i in known for i in given):
        raise NO_POINTS
    return Selection(tuple(sorted({*given})))


def _compared(images: ProfiledImages, shown: ImageMap, chosen: Chosen) -> tuple[Markup, Markup]:
    """Say what is selected, and list the gates that differ most, where both selections are."""
    if not chosen.a.places or not chosen.b.places:
        there = [
            f"{name}: {_named(of)}" for name, of in (("A", chosen.a), ("B", chosen.b)) if of.places
        ]
        return html.facts(f"Selected {there[0]}." if there else None), html.NOTHING
    few = [name for name, of in (("A", chosen.a), ("B", chosen.b)) if len(of.places) < FEW]
    if few:
        return html.facts(f"Selection {few[0]} has one image; {FEW} or more can be compared."), (
            html.NOTHING
        )
    found = compare_selections(images, shown.site, a=chosen.a.places, b=chosen.b.places)
    names = (chosen.a.label or DRAGGED, chosen.b.label or DRAGGED)
    return html.NOTHING, map_html.selections(found, *names)


def _named(of: Selection) -> str:
    count = f"{len(of.places):,} image{'s' * (len(of.places) != 1)}"
    return f"{count} of {of.label}" if of.label else count


def _connect(data: DataSet, p: Parts, pages: gr.Tabs, *, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    latest: dict[str, Any] = {
        "api_visibility": "private",
        "trigger_mode": "always_last",
        "show_progress": "hidden",
    }
    subject, fields = data.subject, [*data.subject, *p.fields]
    seen = [*subject, p.shown, p.sought, *p.fields]
    opened = opening(DATA, MAP, IMAGES, RESTORED)
    opened.select(handlers.show, seen, [*p.outputs, p.sought], **latest)
    keep(p.block.change, "map_block", p.block)
    restore = partial(handlers.restore, data.asked.model.value)
    data.asked.kept.add("map_block", [p.sought], restore)
    changes = [p.block.input, p.method.input, p.classes.input, p.drag.input]
    gr.on(changes, handlers.draw, fields, p.outputs, **latest)
    p.map.select(handlers.take, fields, p.outputs, **latest)
    for name, field in (("a", p.a), ("b", p.b)):
        chosen = partial(handlers.choose, name)
        field.input(chosen, [field, *fields], p.outputs, **latest)
    p.clear.click(handlers.clear, fields, p.outputs, **latest)
    p.depth.select(handlers.open_block, fields, p.outputs, **latest)
    GatePage(data.asked, pages).follow(p.table.select, **latest)
