"""What views of gates over images share: thumbnails of the images, and the gate's own page."""

import base64
from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.phrases import printable
from seviz.reference.gather import own_reference
from seviz.reference.profile import Profile
from seviz.ui.dataset.images import DataSet, collection, profile
from seviz.ui.parts.fields import NO_GATE
from seviz.ui.parts.navigation import GATE
from seviz.ui.parts.notify import notify
from seviz.ui.state import Asked, Sought
from seviz.zoo.catalogue import find

# A view that another one opens begins at its top.
TO_VIEWS = "() => { document.querySelector('#dataset').scrollIntoView({ block: 'start' }); }"


def thumbnails(key: str, own: Any) -> dict[str, str]:
    """Return pictures of the images, as addresses of data, by name; none where none are at hand.

    own: what the state `own` holds. It is to be called in the handler of an event.
    """
    photographs = collection(key, own) if own_reference(key) is not None else None
    if photographs is None:
        return {}
    named = zip(photographs.photographs.names, photographs.photographs.photos, strict=True)
    return {printable(name): _address(photo.thumbnail) for name, photo in named}


def _address(thumbnail: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(thumbnail).decode()}"


def select(asked: Asked, profile: Profile, gate: tuple[str, int]) -> dict[Any, Any]:
    """Select a gate, its block and channel; returns {component: value}.

    “Explore” shows it once its `wanted` says so, which costs passes through the network.
    """
    block, channel = gate
    return {
        asked.block: gr.Dropdown(list(profile.blocks), value=block),
        asked.channel: channel,
    }


class GatePage:
    """Opens the page of a gate that is clicked in another view.

    tabs: those of the page's views; outputs: what it changes.
    """

    def __init__(self, data: DataSet, tabs: gr.Tabs) -> None:
        self.asked, self.tabs = data.asked, tabs

    @property
    def outputs(self) -> list[Any]:
        """List what it changes."""
        asked = self.asked
        return [self.tabs, asked.wanted, asked.block, asked.channel]

    def follow(self, event: Any, **options: Any) -> None:
        """Open the page after an event of a gate that is clicked, at its top."""
        opens = event(self.open, self.asked.model, self.outputs, **options)
        opens.then(None, js=TO_VIEWS, api_visibility="private")

    def open(self, event: gr.EventData, model: Any) -> Any:
        """Select a gate and open its page; a client's data is not to be trusted."""
        try:
            key = find(str(model)).key
            known = profile(key)
            if known is None:
                raise NO_GATE
            gate = _clicked(event._data, known)
        except UserError as error:
            return notify(error)
        wanted = {self.asked.wanted: Sought(key, *gate)}
        return {self.tabs: gr.Tabs(selected=GATE)} | wanted | select(self.asked, known, gate)


def _clicked(data: Any, known: Profile) -> tuple[str, int]:
    """Return the gate that a click names; UserError where the statistics have none of that name."""
    named = data if isinstance(data, dict) else {}
    block, channel = named.get("name"), named.get("channel")
    if not isinstance(block, str) or block not in known.blocks or type(channel) is not int:
        raise NO_GATE
    if channel not in range(len(known.blocks[block].s_mean)):
        raise NO_GATE
    return block, channel
