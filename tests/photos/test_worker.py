"""The decoding process, spoken to as `seviz.photos.pool` does."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from image_files import encode, values
from PIL import Image

from seviz.photos import worker

ROOT = Path(worker.__file__).parents[2]
START = "from seviz.photos import worker; worker.MAX_MEMORY = {}; worker.main()"


def answers(*requests: tuple[float, bytes], memory: int = 800_000_000):
    """Return what the process wrote, and its exit code."""
    sent = b"".join(worker.REQUEST.pack(s, len(data), 0) + data for s, data in requests)
    command = [sys.executable, "-c", START.format(memory)]
    done = subprocess.run(command, input=sent, capture_output=True, cwd=ROOT)
    return done.stdout, done.returncode


def test_a_picture_after_the_other_until_there_are_no_more():
    grey = encode(values([1, 2], [3, 4], [5, 6]), "PNG")
    written, code = answers((9, grey), (9, b"hello"), (9, grey))
    pixels = b"[2, 3]\n" + bytes([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])
    assert written.startswith(pixels)
    assert written.endswith(pixels)
    sentence = json.loads(written[len(pixels) : -len(pixels)])
    assert "not a picture that can be read here" in sentence
    assert code == 0


LARGE = encode(Image.new("RGB", (7_000, 5_000)), "PNG")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count no memory")
def test_what_needs_too_much_memory_is_refused_and_the_next_is_read():
    written, code = answers((9, LARGE), (9, encode(values([7]), "PNG")), memory=130_000_000)
    sentence, _, rest = written.partition(b"\n")
    assert "takes too much time or memory to decode" in json.loads(sentence)
    assert (rest, code) == (b"[1, 1]\n\7\7\7", 0)


@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="there is no clock of CPU seconds")
def test_the_process_ends_where_the_seconds_are_over():
    assert answers((0.02, LARGE)) == (b"", -signal.SIGPROF)
