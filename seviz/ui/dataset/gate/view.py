"""The view “One gate”: the selected gate over many images, at an address of its own."""

from functools import partial
from typing import Any, NamedTuple

import gradio as gr

from seviz.answers.gate import one_gate
from seviz.errors import UserError
from seviz.figures.gate import class_bars, descriptor_scatter, distribution
from seviz.phrases import brief
from seviz.reference.own import fingerprint
from seviz.reference.profile import Profile
from seviz.ui.address import Address
from seviz.ui.dataset.behind import select, thumbnails
from seviz.ui.dataset.gate import html as gate_html
from seviz.ui.dataset.gate.layout import Parts, lay_out
from seviz.ui.dataset.images import DataSet, images, profile
from seviz.ui.parts import html
from seviz.ui.parts.navigation import DATA, EXPLORE, GATE, IMAGES, SELECTED, announce, opening
from seviz.ui.parts.notify import notify
from seviz.ui.state import Sought
from seviz.words.one_gate import correlation_words, facts, headline
from seviz.zoo.catalogue import find

CLASSES = 10  # of either kind
NO_STATISTICS = (
    "There are no statistics of this network over images here; `python -m seviz profile` makes "
    "them, and `python -m seviz app --profile FILE` brings them here. Photographs of your own "
    "make some at once."
)
# The selected gate, as the address has it: at first, “Explore” may not show it yet. A change of the
# fields is in the address a moment later.
SELECTED_JS = """async (...values) => {
  await new Promise((soon) => setTimeout(soon, 30));
  const { name, channel } = window.seviz.selected ?? {};
  const gate = new URLSearchParams(location.search).get("gate") ?? `${name}[${channel}]`;
  return values.with(2, gate);
}"""
Updates = dict[Any, Any]  # {component: value}


class Shown(NamedTuple):
    """What the view shows: a gate of a network, and of which statistics."""

    model: str
    block: str
    channel: int
    statistics: str


def build(data: DataSet, tab: gr.Tab, pages: gr.Tabs) -> None:
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(data, parts, Handlers(data, parts, pages, tabs=tab.parent))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, data: DataSet, parts: Parts, pages: gr.Tabs, *, tabs: gr.Tabs) -> None:
        """Take what is shared, the view's own parts, the app's pages, and this page's views."""
        self.data, self.parts, self.pages, self.tabs = data, parts, pages, tabs

    def show(self, model: Any, own: Any, selected: Any, shown: Shown | None) -> Any:
        """Show the gate that is selected in “Explore”, if the view shows another.

        selected: its name, such as SE_4_6[17].
        """
        try:
            key = find(str(model)).key
            known = profile(key)
            if known is None:
                return self._nothing()
            gate = _fitting(known, *Address(gate=str(selected)).block_and_channel)
            if shown == Shown(key, *gate, fingerprint(known)):
                return gr.skip()
            return self._drawn(key, known, gate, own=own)
        except UserError as error:
            return notify(error)

    def pick(self, step: int, model: Any, own: Any, block: Any, channel: Any) -> Any:
        """Show the gate of the view's own fields, or one `step` beside it, and select it."""
        try:
            key = find(str(model)).key
            known = profile(key)
            if known is None:
                return self._nothing()
            gate = _stepped(known, str(block), channel, step=step)
            said = self._drawn(key, known, gate, own=own)
            moved = {self.parts.moved: Sought(key, *gate)}
            return said | moved | select(self.data.asked, known, gate)
        except UserError as error:
            return notify(error)

    def open(self) -> Updates:
        """Open this view, from “Explore”."""
        return {self.pages: gr.Tabs(selected=DATA), self.tabs: gr.Tabs(selected=GATE)}

    def back(self, shown: Shown | None) -> Any:
        """Open “Explore” again, where the gate of the view is the selected one."""
        opened = {self.pages: gr.Tabs(selected=EXPLORE)}
        if shown is None:
            return opened
        wanted = Sought(shown.model, shown.block, shown.channel)
        return opened | {self.data.asked.wanted: wanted, self.parts.moved: None}

    def leave(self, moved: Sought | None) -> Any:
        """Let “Explore”, now that it is open, show the gate that was chosen here."""
        if moved is None:
            return gr.skip()
        return {self.data.asked.wanted: moved, self.parts.moved: None}

    def _nothing(self) -> Updates:
        """Say that there are no statistics, in place of all that they would tell."""
        p = self.parts
        emptied = dict.fromkeys([p.facts, p.missing, p.claim, p.images], html.NOTHING)
        emptied |= dict.fromkeys([p.classes, p.spread, p.scatter, p.shown], None)
        return emptied | {p.headline: html.headline(NO_STATISTICS, waiting=True)}

    def _drawn(self, key: str, known: Profile, gate: tuple[str, int], *, own: Any) -> Updates:
        p = self.parts
        found = one_gate(known, images(key), gate, names=find(key).class_names)
        return {
            p.block: gr.Dropdown(list(known.blocks), value=found.site),
            p.channel: found.channel,
            p.headline: html.headline(headline(found)),
            p.facts: html.facts(facts(found)),
            p.missing: gate_html.missing(found),
            p.classes: class_bars(found, CLASSES),
            p.spread: distribution(found),
            p.scatter: descriptor_scatter(found),
            p.claim: html.facts(correlation_words(found) or None),
            p.images: gate_html.exemplars(found, thumbnails(key, own)),
            p.shown: Shown(key, found.site, found.channel, fingerprint(known)),
        }


def _fitting(known: Profile, block: str, channel: int | None) -> tuple[str, int]:
    """Return a gate of the statistics: that of the fields, as far as they have it."""
    site = block if block in known.blocks else next(iter(known.blocks))
    return site, channel if channel is not None and channel < _channels(known, site) else 0


def _stepped(known: Profile, block: str, channel: Any, *, step: int) -> tuple[str, int]:
    """Return the gate that the fields name, or the one beside it; after the last comes the first.

    UserError where there is no such gate.
    """
    if block not in known.blocks:
        raise UserError(f"There is no block {brief(block)} in this network; choose one.")
    count = _channels(known, block)
    if step and isinstance(channel, int | float):
        return block, (int(channel) + step) % count
    if not isinstance(channel, int | float) or channel not in range(count):
        raise UserError(f"{block} has the channels 0 to {count - 1}; choose one.")
    return block, int(channel)


def _channels(known: Profile, block: str) -> int:
    return len(known.blocks[block].s_mean)


def _connect(data: DataSet, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    asked, quiet = data.asked, {"api_visibility": "private"}
    latest: dict[str, Any] = quiet | {"trigger_mode": "always_last", "show_progress": "hidden"}
    selected = gr.Textbox(visible=False)
    for field in (asked.block, asked.channel):
        announce(field.change, SELECTED)
    seen = [*data.subject, selected, p.shown]
    opened = opening(DATA, GATE, IMAGES, SELECTED)
    opened.select(handlers.show, seen, p.outputs, js=SELECTED_JS, **latest)
    chosen = [asked.block, asked.channel, p.moved]
    fields = [*data.subject, p.block, p.channel]
    for step, events in (
        (0, [p.block.input, p.channel.submit, p.channel.blur]),
        (-1, [p.previous.click]),
        (1, [p.next.click]),
    ):
        gr.on(events, partial(handlers.pick, step), fields, [*p.outputs, *chosen], **latest)
    pages = handlers.pages
    asked.over_images.click(handlers.open, None, [pages, handlers.tabs], queue=False, **quiet)
    sought = [asked.wanted, p.moved]
    p.back.click(handlers.back, [p.shown], [pages, *sought], queue=False, **quiet)
    opening(EXPLORE).select(handlers.leave, [p.moved], sought, **latest)
