"""The top of the page “Gate”: which gate of which network it is about, in a headline."""

from functools import partial
from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from seviz.answers.gate import one_gate
from seviz.errors import UserError
from seviz.gates.grammar import arm_text
from seviz.gates.history import History
from seviz.records.target import Gate
from seviz.records.trace import Trace
from seviz.reference.gather import reference, reference_images
from seviz.reference.own import fingerprint
from seviz.ui.gate.chosen import (
    Shown,
    existing,
    known_gates,
    named_gate,
    other_gate,
    stepped,
    trace_of,
)
from seviz.ui.gate.dimming import asked_js, drawn_gate
from seviz.ui.gate.header.layout import Parts
from seviz.ui.gate.leading import TO_TOP, select
from seviz.ui.parts import html
from seviz.ui.parts.navigation import (
    ANSWERED,
    EXPLORE,
    GATE,
    IMAGES,
    SELECTED,
    announce,
    opening,
)
from seviz.ui.parts.notify import notify
from seviz.ui.state import Asked, Sought, followed
from seviz.words.gate_page import (
    here_words,
    no_gate_words,
    opening_words,
    place_words,
    unknown_words,
)
from seviz.words.one_gate import headline
from seviz.zoo.catalogue import find

# The selected gate, as the address has it: at first, “Explore” may not show it yet.
SOUGHT_JS = """(() => {
  const { name, channel } = window.seviz.selected ?? {};
  const selected = name ? `${name}[${channel}]` : "";
  return new URLSearchParams(location.search).get("gate") ?? selected;
})()"""
# A change of the fields is in the address a moment later.
SELECTED_JS = f"""async (...values) => {{
  await new Promise((soon) => setTimeout(soon, 30));
  return values.with(1, {SOUGHT_JS});
}}"""
# The address is the gate's own: it names the network, too. That is no step to go back from. If it
# names another gate than the one that was sought, that gate is about to be shown. An answer that
# changed nothing comes with the link of the one before.
LINK_JS = f"""(link) => {{
  if (link === window.seviz.gateLink) return;
  window.seviz.gateLink = link;
  const [model, gate, ...rest] = link.split(" "), sought = rest.join(" ");
  window.seviz.gateAnswered(gate ? `${{model}} ${{gate}}` : "");
  if (!gate || !window.seviz.isOpen("gate")) return;
  if (!sought || sought === {SOUGHT_JS}) window.seviz.keep({{ model, gate }}, true);
}}"""
Updates = dict[Any, Any]  # {component: value}


class Fields(NamedTuple):
    """What says which gate is shown, as it is when an event comes; a client may have forged it.

    selected: the gate by its name, as the address has it; block, channel: that of Explore's fields,
    or of the page's own; wanted: what “Explore” is asked to open.
    """

    model: Any
    selected: Any
    block: Any
    channel: Any
    record: Trace | None
    target: Any
    edits: History | None
    wanted: Sought | None
    shown: Shown | None
    wrong: str


class Handlers:
    """What the header does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts, pages: gr.Tabs) -> None:
        self.asked, self.parts, self.pages = asked, parts, pages

    def show(self, *fields: Any) -> Any:
        """Show the gate that is selected or wanted, if the page shows another yet."""
        sought = Fields(*fields)
        now, selected = _sought(sought)
        try:
            key = find(str(now.model)).key
            gates = known_gates(key, now.record)
            if not gates:
                return self._unknown(key, now)
            trace, gate = trace_of(key, now.record), named_gate(selected, gates)
            wrong = "" if gate or not selected else selected
            here = existing(now.block, now.channel, gates)
            shown = _shown(key, gate or other_gate(gates, here, trace), now)
        except UserError as error:
            return notify(error)
        if shown == now.shown:
            return gr.skip()
        if now.wrong and _only_answered(now.shown, shown):
            wrong = now.wrong
        link = f"{drawn_gate(shown)} {sought.selected or ''}"
        return self._drawn(shown, gates, trace, wrong=wrong) | {self.parts.link: link}

    def pick(self, step: int, *fields: Any) -> Any:
        """Show the gate of the page's own fields, or one `step` beside it, and select it."""
        now = Fields(*fields)
        try:
            key = find(str(now.shown.model if now.shown else now.model)).key
            gates = known_gates(key, now.record)
            gate = stepped(gates, now.block, now.channel, step=step)
            drawn = self._drawn(_shown(key, gate, now), gates, trace_of(key, now.record), wrong="")
        except UserError as error:
            notify(error)
            return self._as_shown(now.shown)
        moved = {self.asked.moved: Sought(key, *gate), self.asked.wanted: None}
        return drawn | moved | select(self.asked, gates, gate)

    def open(self) -> Updates:
        """Open this page, from “Explore”."""
        return {self.pages: gr.Tabs(selected=GATE)}

    def back(self, shown: Shown | None) -> Any:
        """Open “Explore” again, where the gate of the page is the selected one."""
        opened = {self.pages: gr.Tabs(selected=EXPLORE)}
        if shown is None:
            return opened
        wanted = Sought(shown.model, *shown.gate)
        return opened | {self.asked.wanted: wanted, self.asked.moved: None}

    def leave(self, moved: Sought | None) -> Any:
        """Let “Explore”, now that it is open, show the gate that was chosen elsewhere."""
        if moved is None:
            return gr.skip()
        return {self.asked.wanted: moved, self.asked.moved: None}

    def _as_shown(self, shown: Shown | None) -> Any:
        """Put the gate that is shown back into the fields."""
        if shown is None:
            return gr.skip()
        return {self.parts.block: shown.block, self.parts.channel: shown.channel}

    def _unknown(self, key: str, now: Fields) -> Any:
        """Say that the network's gates are not known, in place of all that they would tell."""
        p, title, wanted = self.parts, find(key).title, now.wanted
        said = unknown_words(title)
        if wanted is not None and wanted.block:
            said = opening_words(title, Gate(*wanted[1:]).name)
        emptied: Updates = dict.fromkeys([p.notice, p.place], html.NOTHING)
        emptied |= {p.shown: None, p.wrong: "", p.link: ""}
        return emptied | {p.headline: html.headline(said, waiting=True)}

    def _drawn(
        self, shown: Shown, gates: dict[str, int], trace: Trace | None, *, wrong: str
    ) -> Updates:
        p, title = self.parts, find(shown.model).title
        missing = no_gate_words(wrong, title, shown.name) if wrong else None
        place = place_words(shown.channel, gates[shown.block], shown.block, title=title)
        return {
            p.block: gr.Dropdown(list(gates), value=shown.block),
            p.channel: shown.channel,
            p.notice: html.notice(missing),
            p.headline: _headline(shown, trace),
            p.place: html.facts(place),
            p.shown: shown,
            p.wrong: wrong,
            p.link: drawn_gate(shown),
        }


def _sought(now: Fields) -> tuple[Fields, str]:
    """Return the fields, of the network that is wanted if any, and the name of the sought gate."""
    if now.wanted is not None and now.wanted.block:
        return now._replace(model=now.wanted.model), Gate(*now.wanted[1:]).name
    return now, now.selected if isinstance(now.selected, str) else ""


def _shown(key: str, gate: Gate, now: Fields) -> Shown:
    """Return what the page is about with a gate."""
    trace, known = trace_of(key, now.record), reference(key)
    return Shown(
        key,
        *gate,
        statistics="" if known is None else fingerprint(known),
        answered=None if trace is None else hash((trace.image.tobytes(), trace.statistics)),
        target=None if trace is None else followed(trace, now.target),
        edits=arm_text(now.edits.edits) if now.edits else "",
    )


def _only_answered(before: Shown | None, after: Shown) -> bool:
    """Tell whether nothing but more of the same is known: then a wrong address stays said."""
    if before is None or before.model != after.model:
        return False
    return before.gate == after.gate or before.answered is None


def _headline(shown: Shown, trace: Trace | None) -> Markup:
    """Say in one sentence how the gate behaves: over images, or else on the photograph."""
    known = reference(shown.model)
    if known is not None and shown.block in known.blocks:
        names = find(shown.model).class_names
        found = one_gate(known, reference_images(shown.model), shown.gate, names=names)
        return html.headline(headline(found))
    s = None if trace is None else float(trace.s[shown.block][0, shown.channel])
    return html.headline(here_words(shown.name, s))


def connect(asked: Asked, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private"}
    latest: dict[str, Any] = quiet | {"trigger_mode": "always_last", "show_progress": "hidden"}
    for field in (asked.block, asked.channel):
        announce(field.change, SELECTED)
    selected, known = gr.Textbox(visible=False), [asked.record, asked.target, asked.edits]
    state = [*known, asked.wanted, p.shown, p.wrong]
    seen = [asked.model, selected, asked.block, asked.channel, *state]
    opened = opening(GATE, None, IMAGES, SELECTED, ANSWERED)
    shows = [opened.select(handlers.show, seen, p.outputs, js=SELECTED_JS, **latest)]
    chosen = [asked.block, asked.channel, asked.moved, asked.wanted]
    fields = [asked.model, selected, p.block, p.channel, *state]
    for step, events in (
        (0, [p.block.input, p.channel.submit, p.channel.blur]),
        (-1, [p.previous.click]),
        (1, [p.next.click]),
    ):
        pick = partial(handlers.pick, step)
        outputs = [*p.outputs, *chosen]
        shows.append(gr.on(events, pick, fields, outputs, js=asked_js(step), **latest))
    for event in shows:
        event.then(None, p.link, None, js=LINK_JS, **quiet)
    pages = handlers.pages
    asked.about_gate.click(handlers.open, None, pages, queue=False, **quiet).then(
        None, js=TO_TOP, **quiet
    )
    sought = [asked.wanted, asked.moved]
    # Not past the queue: nobody would hear that a state changes.
    p.back.click(handlers.back, [p.shown], [pages, *sought], show_progress="hidden", **quiet)
    opening(EXPLORE).select(handlers.leave, [asked.moved], sought, **latest)
