"""The process that decodes untrusted pictures: what it does dies with it, and the app goes on.

`seviz.photos.read` starts it and talks to it over its standard input and output:

request  seconds of CPU that may be used (float64), number of bytes (uint64), to how many pixels the
         shorter side is reduced, or 0 (uint64), the picture's file
answer   one line of JSON: a sentence where there is no picture, or else [WIDTH, HEIGHT], and then
         the pixels, three bytes each, in the bands of `seviz.photos.decode.bands`
"""

import json
import signal
import struct
import sys
from contextlib import suppress
from typing import BinaryIO

# Only these and Pillow's five first: to open a kind that is not there, it would load all of its 40.
from PIL import AvifImagePlugin, Image, TiffImagePlugin, WebPImagePlugin  # noqa: F401

from seviz.errors import UserError
from seviz.photos.decode import bands, decode_photo

MAX_MEMORY = 800_000_000  # bytes; with the pixels in the app, a picture costs less than 1 GB
REQUEST = struct.Struct("<dQQ")


def main() -> None:
    """Decode the pictures that come in, until there are no more."""
    _limit_memory()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2  # each has a stack, and a machine may have 100 cores
    Image.MAX_IMAGE_PIXELS = None  # seviz.photos.headers has limits of its own
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := requests.read(REQUEST.size):
        seconds, size, side = REQUEST.unpack(head)
        _limit_seconds(seconds)
        _answer(requests.read(size), answers, side)
        _limit_seconds(0)


def _answer(data: bytes, answers: BinaryIO, side: int) -> None:
    try:
        photo = decode_photo(data, side)
    except UserError as error:
        answers.write(json.dumps(str(error)).encode() + b"\n")
    else:
        answers.write(json.dumps(photo.size).encode() + b"\n")
        for _, band in bands(photo):
            answers.write(band.tobytes())
    answers.flush()


def _limit_memory() -> None:
    """Let an allocation fail above MAX_MEMORY, where the system counts: Linux does, macOS not."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))


def _limit_seconds(seconds: float) -> None:
    """End this process after so many seconds of CPU from now; 0: never."""
    if hasattr(signal, "setitimer"):  # else (Windows), only the app's clock ends it
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
