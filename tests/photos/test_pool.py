"""Who decodes, and that nobody waits for a picture that takes too long."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from image_files import encode, values
from PIL import Image

from seviz.errors import UserError
from seviz.photos import pool
from seviz.photos.decode import decode_photo

ROOT = Path(pool.__file__).parents[2]
SMALL = encode(values([7]), "PNG")
TOO_MUCH = "takes too much time or memory to decode: .* send a smaller version"


@pytest.fixture
def fresh():
    made = pool.Pool()
    yield made
    made.end()


def seconds(made: pool.Pool, *quick_and_slow: float) -> None:
    made.lanes = [(each, pool.Places(1)) for each in quick_and_slow]


@pytest.mark.parametrize("shape", [(1, 1), (7, 30), (1301, 1603)])
def test_the_pixels_of_one_band_and_of_several(fresh: pool.Pool, shape: tuple[int, int]):
    noise = np.random.default_rng(3).integers(0, 256, (*shape, 3), np.uint8)
    photo = fresh.decode(encode(Image.fromarray(noise), "BMP"))
    assert (np.asarray(photo) == noise).all()
    assert not photo.info


def test_sentences_come_through_and_the_process_stays(fresh: pool.Pool):
    for data in (b"hello", b"BM", b""):
        with pytest.raises(UserError) as here:
            decode_photo(data)
        with pytest.raises(UserError) as there:
            fresh.decode(data)
        assert str(there.value) == str(here.value)
    (worker,) = fresh.idle
    assert fresh.decode(SMALL).getpixel((0, 0)) == (7, 7, 7)
    assert fresh.idle == [worker]


def test_what_takes_long_gets_a_second_turn_and_then_ends(fresh: pool.Pool):
    large = encode(Image.new("RGB", (7_000, 5_000)), "PNG")
    seconds(fresh, 0.02, 60)
    assert fresh.decode(large).size == (7_000, 5_000)
    seconds(fresh, 0.02, 0.03)
    with pytest.raises(UserError, match=TOO_MUCH):
        fresh.decode(large)
    assert fresh.idle == []
    seconds(fresh, 9, 9)
    assert fresh.decode(SMALL).size == (1, 1)


def test_a_photograph_is_answered_while_slow_pictures_hold_their_places(monkeypatch):
    running, finish = threading.Semaphore(0), threading.Event()
    held: list[int] = []

    class Stand:
        def __init__(self) -> None:
            self.process = self

        def poll(self) -> None:
            return None

        def ask(self, data: bytes, seconds: float, side: int) -> str:
            if data == b"photo":
                return "a sentence"
            if seconds == pool.QUICK:
                raise pool.OutOfTimeError
            held.append(1)
            running.release()
            finish.wait()
            held.pop()
            return "late"

    monkeypatch.setattr(pool, "Worker", Stand)
    made = pool.Pool()
    with ThreadPoolExecutor(9) as threads:
        slow = [threads.submit(made.decode, b"slow") for _ in range(8)]
        assert all(running.acquire(timeout=9) for _ in range(pool.PLACES))
        with pytest.raises(UserError, match="a sentence"):
            threads.submit(made.decode, b"photo").result(9)
        assert len(held) == pool.PLACES
        finish.set()
        assert [str(each.exception(9)) for each in slow] == ["late"] * 8


def test_the_smallest_file_that_waits_is_next_and_one_that_gives_up_is_forgotten(monkeypatch):
    places, order = pool.Places(1), []

    def wait(size: int) -> None:
        with places.hold(size):
            order.append(size)

    with ThreadPoolExecutor(9) as threads, places.hold(0):
        with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
            interrupted.setattr(places._changed, "wait_for", raise_interrupt)
            wait(1)
        for count, size in enumerate((30, 10, 20, 10), 1):
            threads.submit(wait, size)
            while len(places._waiting) < count:
                time.sleep(0.001)
    assert order == [10, 10, 20, 30]


def raise_interrupt(*of: object) -> None:
    raise KeyboardInterrupt


def test_a_process_that_died_is_replaced(fresh: pool.Pool):
    fresh.start()
    (worker,) = fresh.idle
    worker.process.kill()
    worker.process.wait()
    assert fresh.decode(SMALL).size == (1, 1)
    assert fresh.idle != [worker]


def test_a_process_that_is_stuck_is_ended(fresh: pool.Pool, monkeypatch):
    monkeypatch.setattr(pool, "MAX_WAIT", 0.01)
    with pytest.raises(UserError, match=TOO_MUCH):
        fresh.decode(encode(Image.new("RGB", (7_000, 5_000)), "PNG"))
    assert fresh.idle == []


def test_an_interrupt_leaves_no_half_answer(fresh: pool.Pool, monkeypatch):
    with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
        during.setattr("json.loads", raise_interrupt)
        fresh.decode(SMALL)
    assert fresh.idle == []
    assert fresh.decode(SMALL).size == (1, 1)


def test_no_process_can_be_started(fresh: pool.Pool, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    fresh.start()
    with pytest.raises(UserError, match="No process could be started to decode"):
        fresh.decode(SMALL)


FORKED = """
import os, sys
from pathlib import Path
from seviz.photos import pool
data = Path(sys.argv[1]).read_bytes()
print(pool.decode(data).size, flush=True)
(worker,) = pool._pool.idle
if child := os.fork():
    assert os.waitpid(child, 0)[1] == 0
    assert pool._pool.idle == [worker]
    print(pool.decode(data).size, worker.process.pid)
else:
    assert pool._pool.idle == []
    print(pool.decode(data).size, flush=True)
    pool._pool.end()
    os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_has_processes_of_its_own_and_all_end_with_the_program(tmp_path):
    (tmp_path / "a.png").write_bytes(SMALL)
    command = [sys.executable, "-W", "error", "-c", FORKED, str(tmp_path / "a.png")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    *lines, pid = done.stdout.split()
    assert lines == ["(1,", "1)"] * 3
    with pytest.raises(ProcessLookupError):
        for _ in range(100):  # a moment until the system has forgotten it
            os.kill(int(pid), 0)
            time.sleep(0.05)
