"""The app as a ZeroGPU Space serves it, with an endpoint more: tasks that only tests ask for."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes.dispatch import ZOO, ask, fetch
from seviz.passes.forward import trace
from seviz.passes.gpu_seconds import counts
from seviz.photos.file import read_file
from seviz.ui import app
from seviz.ui.explore.first_network import first_network
from seviz.ui.parts.upload import refusal
from seviz.watch import Watch
from seviz.zoo.models import LoadedModel, load_twin
from seviz.zoo.settings import Settings

SIZE = (96,)


def pid(loaded: LoadedModel) -> list[Any]:
    """Say who works, and what it had in memory before it was asked."""
    return [os.getpid(), loaded.key in ZOO]


def die(loaded: LoadedModel) -> None:
    """End the process that works."""
    os._exit(1)


def refuse(loaded: LoadedModel) -> None:
    raise UserError(f"{loaded.key} refuses.")


def fail(loaded: LoadedModel) -> None:
    raise ValueError("not for people")


def has_twin(loaded: LoadedModel) -> bool:
    """Tell whether the twin is in memory already."""
    return bool(loaded.cache) and load_twin(loaded) is not None


def wait(loaded: LoadedModel, watch: Watch) -> None:
    """Report that half is done until the work is stopped."""
    while True:
        watch.report(0.5)
        time.sleep(0.01)


@counts(lambda _, rows: rows)
def passes(loaded: LoadedModel, rows: int) -> int:
    """Take the seconds of so many rows."""
    return rows


def followed(key: str) -> list[Any]:
    """Stop work once it has reported; returns what it reported, and its sentence."""
    watch = Watch()
    stopper = threading.Thread(target=_stop_at_half, args=(watch,))
    stopper.start()
    try:
        ask(wait, key, watch)
    except UserError as error:
        return [watch.share, str(error)]
    finally:
        stopper.join()
        watch.close()
    return []


def _stop_at_half(watch: Watch) -> None:
    while watch.share < 0.5:
        time.sleep(0.01)
    watch.stop()


def locked(key: str, photo: str) -> list[Any]:
    """Ask while another thread of this process holds the locks of the networks."""
    record = ask(trace, key, read_file(Path(photo)), parse_arms(["intact"]))
    return [float(record.logits.max())]


def twin(key: str) -> list[Any]:
    """Fetch the twin, and ask a process that was forked afterwards."""
    before = ask(has_twin, key)
    fetch(key, parse_arms(["twin"]))
    return [before, ask(has_twin, key)]


QUESTIONS = {
    "pid": lambda key, _: [*ask(pid, key), os.getpid()],
    "die": lambda key, _: [ask(die, key)],
    "refuse": lambda key, _: [ask(refuse, key)],
    "fail": lambda key, _: [ask(fail, key)],
    "rows": lambda key, rows: [ask(passes, key, int(rows))],
    "watch": lambda key, _: followed(key),
    "trace": locked,
    "twin": lambda key, _: twin(key),
}


def question(kind: str, model: str, given: str = "") -> list[Any]:
    """Ask a question of QUESTIONS."""
    try:
        return QUESTIONS[kind](model, given)
    except UserError as error:
        raise refusal(error) from error


def serve(checkpoint: str, port: str) -> None:
    """Serve the app, with the network of a file beside the catalogue's."""
    own = Settings(size=SIZE)
    start, _ = first_network(checkpoint, "legacy_seresnet18", settings=own)
    demo = app.build(start)
    with demo:
        gr.api(question, api_name="question")
    app.launch(demo, server_port=int(port), quiet=True, prevent_thread_lock=True)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    print("ready", flush=True)
    ended.wait()
    demo.close()


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parent))
    import zero_app  # the processes find its tasks by this name

    zero_app.serve(*sys.argv[1:])
