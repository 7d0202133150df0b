"""Frames as the browser sends them: untrusted data that becomes a picture, or a `UserError`.

A frame comes as the raw pixels of a small square, already scaled down by the browser, and not as a
JPEG file: pixels need no decoder, so their length is all that there is to check. An encoded frame
would have to go through the decoding process of `seviz.photos.pool` like every upload, a round trip
for each frame. The square has at most twice the network's side, 64 kB for the embedded network.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from PIL import Image

from seviz.errors import UserError

LEAST, MOST = 16, 1024  # pixels of a side
USUAL = 448  # a network of a larger input gets squares of its own side
NO_FRAME = UserError("This is no frame of the camera; start it anew.")


@dataclass(frozen=True)
class Frame:
    """A square picture: its number among the frames of a page, its side, and RGB bytes."""

    number: int
    side: int
    pixels: bytes

    @classmethod
    def read(cls, sent: Any) -> "Frame":
        """Read what a browser has sent: {number, side, pixels as base64}; UserError for all else.

        The text has four characters for each pixel, as three bytes make four of base64.
        """
        known = sent if isinstance(sent, dict) else {}
        side, text = known.get("side"), known.get("pixels")
        if type(side) is not int or not LEAST <= side <= MOST:
            raise NO_FRAME
        if not isinstance(text, str) or len(text) != 4 * side * side:
            raise NO_FRAME
        try:
            pixels = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise NO_FRAME from None
        if len(pixels) != 3 * side * side:
            raise NO_FRAME
        return cls(number_of(sent), side, pixels)

    def image(self) -> Image.Image:
        """Return the picture."""
        return Image.frombytes("RGB", (self.side, self.side), self.pixels)


def number_of(sent: Any) -> int:
    """Return the number of a frame, which its answer carries; 0 where it has none."""
    number = sent.get("number") if isinstance(sent, dict) else None
    return number if type(number) is int and 0 <= number < 2**31 else 0


def side_for(input_size: tuple[int, int, int]) -> int:
    """Return the side of the squares to send to a network of an input (channels, H, W)."""
    own = max(input_size[1:])
    return min(max(own, min(2 * own, USUAL)), MOST)
