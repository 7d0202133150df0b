"""What views of gates over images share: thumbnails of the images, and the selected gate."""

import base64
from typing import Any

import gradio as gr

from seviz.phrases import printable
from seviz.reference.gather import own_reference
from seviz.reference.profile import Profile
from seviz.ui.dataset.images import collection
from seviz.ui.state import Asked


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
