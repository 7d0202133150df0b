"""Thumbnails of the images behind gates."""

import base64
from typing import Any

from seviz.phrases import printable
from seviz.reference.gather import own_reference
from seviz.ui.parts.own_photos import own_of


def thumbnails(key: str, own: Any) -> dict[str, str]:
    """Return pictures of the images, as addresses of data, by name; none where none are at hand.

    own: what the state `own` holds. It is to be called in the handler of an event.
    """
    photographs = own_of(own).collection(key) if own_reference(key) is not None else None
    if photographs is None:
        return {}
    named = zip(photographs.photographs.names, photographs.photographs.photos, strict=True)
    return {printable(name): _address(photo.thumbnail) for name, photo in named}


def _address(thumbnail: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(thumbnail).decode()}"
