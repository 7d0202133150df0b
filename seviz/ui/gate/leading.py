"""The ways that lead to the page of a gate, from wherever a gate is drawn."""

from collections.abc import Iterable
from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.records.target import Gate
from seviz.ui.gate.chosen import existing, known_gates
from seviz.ui.parts.fields import NO_GATE
from seviz.ui.parts.navigation import GATE
from seviz.ui.parts.notify import notify
from seviz.ui.state import Asked, Sought
from seviz.zoo.catalogue import find

# A page that is led to begins at its top, as soon as it is there: its first opening lays it out.
TO_TOP = """() => {
  const show = (tries) => {
    const page = document.querySelector('#gate-page');
    if (page?.offsetParent) page.scrollIntoView({ block: 'start' });
    else if (tries) requestAnimationFrame(() => show(tries - 1));
  };
  show(120);
}"""


def select(asked: Asked, blocks: Iterable[str], gate: Gate) -> dict[Any, Any]:
    """Select a gate of a network with these blocks; returns {component: value}.

    “Explore” shows it once it is open, which costs passes through the network.
    """
    block, channel = gate
    return {asked.block: gr.Dropdown(list(blocks), value=block), asked.channel: channel}


def lead(asked: Asked, pages: gr.Tabs, gate: Sought) -> dict[Any, Any]:
    """Lead to the page of a gate of any network, which “Explore” opens; returns its updates."""
    return {pages: gr.Tabs(selected=GATE), asked.wanted: gate}


class GatePage:
    """Opens the page of a gate of Explore's network that is clicked in another view."""

    def __init__(self, asked: Asked, pages: gr.Tabs) -> None:
        self.asked, self.pages = asked, pages

    @property
    def outputs(self) -> list[Any]:
        """List what it changes."""
        asked = self.asked
        return [self.pages, asked.moved, asked.block, asked.channel]

    def follow(self, event: Any, **options: Any) -> None:
        """Open the page after an event of a gate that is clicked, at its top."""
        asked = self.asked
        opens = event(self.open, [asked.model, asked.record], self.outputs, **options)
        opens.then(None, js=TO_TOP, api_visibility="private")

    def open(self, event: gr.EventData, model: Any, record: Any) -> Any:
        """Select a gate and open its page; a client's data is not to be trusted."""
        data = event._data if isinstance(event._data, dict) else {}
        try:
            key = find(str(model)).key
            gates = known_gates(key, record)
            gate = existing(data.get("name"), _channel(data), gates)
            if gate is None:
                raise NO_GATE
        except UserError as error:
            return notify(error)
        moved = {self.asked.moved: Sought(key, *gate)}
        return {self.pages: gr.Tabs(selected=GATE)} | moved | select(self.asked, gates, gate)


def _channel(data: dict[str, Any]) -> int | None:
    channel = data.get("channel")
    return channel if type(channel) is int else None
