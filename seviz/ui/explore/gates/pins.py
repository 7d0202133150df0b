"""Pinned gates under the atlas: up to four of one network, compared side by side."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from markupsafe import Markup

from seviz.answers.channels import percentile
from seviz.errors import UserError
from seviz.figures.overlay import data_uri
from seviz.learn.gallery import map_picture
from seviz.passes.dispatch import ask
from seviz.phrases import minus
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps, Trace
from seviz.reference.gather import reference
from seviz.ui.parts.fields import NO_GATE, clicked_gate, named_block, named_channel
from seviz.ui.parts.html import NOTHING, join
from seviz.ui.parts.navigation import GATES
from seviz.ui.parts.notify import REFUSALS, notify, tell
from seviz.ui.parts.tables import OPEN_JS
from seviz.ui.parts.upload import GONE
from seviz.ui.state import Asked
from seviz.words.numbers import decimals

Gate = tuple[str, int]  # a block's name, and a channel
MOST = 4
FULL = UserError(f"{MOST} gates are pinned already; take one away (×) before you pin another.")
UNPIN_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-unpin]");
  if (button) trigger("delete", { name: button.dataset.unpin, channel: Number(button.dataset.of) });
});
"""


@dataclass(frozen=True)
class Pinned:
    """The pinned gates of a network, in the order in which they were pinned."""

    model: str = ""
    gates: tuple[Gate, ...] = ()


class PinCards(gr.HTML):  # type: ignore[misc]
    """Shows `cards`; `select` and `delete` events carry {name, channel} of a gate."""

    def __init__(self, value: str | None = None, **kwargs: Any) -> None:
        super().__init__(value=value, js_on_load=OPEN_JS + UNPIN_JS, **kwargs)

    def api_info(self) -> dict[str, Any]:
        """Describe the value to API clients."""
        return {"type": "string", "description": "HTML"}


class Handlers:
    """What pins do, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, pinned: gr.State, shown: PinCards, link: gr.HTML) -> None:
        self.pinned, self.shown, self.link = pinned, shown, link

    def pin(
        self,
        opened: str,
        record: Trace | None,
        block: str | None,
        channel: Any,
        pinned: Pinned,
    ) -> Any:
        """Pin the selected gate; say so where the open tab does not show it."""
        if record is None or block is None:
            return notify(GONE)
        try:
            site = named_block(record, block)
            gate = site.name, named_channel(site, channel)
            known = pinned.gates if pinned.model == record.model else ()
            if gate not in known and len(known) == MOST:
                raise FULL
            if gate in known or opened != GATES:
                tell(f"{site.name}[{gate[1]}] is pinned: the tab Gates shows it under the atlas.")
            if gate in known:
                return gr.skip()
            return self._drawn(record, Pinned(record.model, (*known, gate)))
        except REFUSALS as error:
            return notify(error)

    def unpin(self, event: gr.EventData, record: Trace | None, pinned: Pinned) -> Any:
        """Take one gate away."""
        if record is None:
            return notify(GONE)
        try:
            site, channel = clicked_gate(event, record)
            if (site.name, channel) not in pinned.gates:
                raise NO_GATE
            left = tuple(gate for gate in pinned.gates if gate != (site.name, channel))
            return self._drawn(record, replace(pinned, gates=left))
        except REFUSALS as error:
            return notify(error)

    def arrive(self, record: Trace | None, pinned: Pinned) -> Any:
        """Show the pinned gates for a new photograph; none for another network."""
        if record is None or not pinned.gates:
            return gr.skip()
        if record.model != pinned.model:
            return self._drawn(record, Pinned())
        try:
            return self._drawn(record, pinned)
        except REFUSALS as error:
            notify(error)
            return self._drawn(record, Pinned())

    def _drawn(self, record: Trace, pinned: Pinned) -> dict[Any, Any]:
        return {
            self.pinned: pinned,
            self.shown: cards(record, pinned.gates),
            self.link: pins_link(len(pinned.gates)),
        }


def pins_link(count: int) -> Markup:
    """Say beside the button how many gates are pinned, and lead to them; nothing for none."""
    if not count:
        return NOTHING
    return Markup('<a href="#pins">Pinned: {}, under the atlas ↓</a>').format(count)


def cards(record: Trace, gates: tuple[Gate, ...]) -> Markup:
    """Set a card for each gate: its numbers, and its maps U and s·U over the photograph."""
    from seviz.passes.forward import feature_maps

    if not gates:
        return NOTHING
    blocks = dict.fromkeys(block for block, _ in gates)
    maps = {name: ask(feature_maps, record.model, record.image, name) for name in blocks}
    return Markup('<div class="pins" role="group" aria-label="Pinned gates">{}</div>').format(
        join(_card(record, maps[block], channel) for block, channel in gates)
    )


def _card(record: Trace, maps: FeatureMaps, channel: int) -> Markup:
    block, u, gated = maps.site.name, maps.u[channel], maps.gated_channel(channel)
    limit = max(float(abs(u).max()), float(abs(gated).max()), 1e-12)
    return Markup(
        '<section class="pin"><button type="button" data-name="{block}" data-channel="{channel}" '
        'title="Open channel {channel} of {block}">{block}[{channel}]</button>'
        '<button type="button" data-unpin="{block}" data-of="{channel}" '
        'aria-label="Unpin {block}[{channel}]">×</button>'
        '<div class="maps">{u}{gated}</div><dl>{numbers}</dl></section>'
    ).format(
        block=block,
        channel=channel,
        u=_picture(record, u, limit=limit, name="U"),
        gated=_picture(record, gated, limit=limit, name="s·U"),
        numbers=join(_number(*number) for number in _numbers(record, block, channel)),
    )


def _numbers(record: Trace, block: str, channel: int) -> list[tuple[str, str]]:
    """List what is known of a gate, with its names."""
    profile, site = reference(record.model), record.site(block)
    numbers = [("s", decimals(float(record.s[block][0, channel]), 3))]
    if profile:
        place = percentile(record, block, channel)
        numbers.append(("usual s", decimals(float(profile.blocks[block].s_mean[channel]), 3)))
        numbers += [] if place is None else [("percentile", f"{place:.0f}")]
    if site.squeezed:
        numbers.append(("z", minus(f"{record.z[block][0, channel]:.3f}")))
    return numbers


def _number(name: str, value: str) -> Markup:
    return Markup("<dt>{}</dt><dd>{}</dd>").format(name, value)


def _picture(record: Trace, values: Floats, *, limit: float, name: str) -> Markup:
    return Markup(
        '<figure><img src="{}" alt="{} over the photograph"><figcaption>{}</figcaption></figure>'
    ).format(data_uri(map_picture(values, record.seen, limit=limit)), name, name)


def connect(q: Asked, shown: PinCards) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    pinned = gr.State(Pinned())
    handlers = Handlers(pinned, shown, q.pinned)
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    news = [pinned, shown, q.pinned]
    q.pin.click(handlers.pin, [q.open, q.record, q.block, q.channel, pinned], news, **quiet)
    shown.delete(handlers.unpin, [q.record, pinned], news, **quiet)
    q.record.change(handlers.arrive, [q.record, pinned], news, **quiet)
