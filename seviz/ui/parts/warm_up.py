"""What answers need and the page does not: imported in the background once the page stands.

torch, timm and torchvision take longer to import than the page takes to stand. Events that wait in
Gradio's queue wait for them before they run (`CheckedBlocks`), so that no import starts twice.
"""

import asyncio
import gc
import threading
from importlib import import_module

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from seviz.zoo.catalogue import EMBEDDED

MODULES = (  # those that handlers import when they are called; captum comes with its first map
    "scipy.special",
    "seviz.nets.dissection",
    "seviz.analysis.alpha_path",
    "seviz.analysis.channels",
    "seviz.analysis.necessity",
    "seviz.attribution.maps",
    "seviz.attribution.shares",
    "seviz.faithfulness.trust",
)
TICK = 0.05  # seconds between two looks
TOLD = "The networks are still being loaded; what you ask now is answered as soon as they are."
# Asks the server, not Gradio's queue, in which it would wait for what it tells of.
TELL_JS = """
const line = element.querySelector("p");
const look = async () => {
  try {
    const answer = await fetch(`${window.gradio_config.root}/healthz`);
    line.hidden = (await answer.json()).status !== "starting";
  } catch { line.hidden = true; }
  if (!line.hidden) setTimeout(look, 500);
};
look();
"""
_done = threading.Event()
_done.set()  # where no app is being started, there is nothing to wait for


def expect() -> None:
    """Let events wait from now on, as `start` is about to be called."""
    _done.clear()


def start() -> threading.Thread:
    """Import in the background what answers need, and load the embedded network."""
    expect()
    thread = threading.Thread(target=_load_and_tell, name="warm-up", daemon=True)
    thread.start()
    return thread


def load() -> None:
    """Import what answers need, and load the embedded network."""
    for name in MODULES:
        import_module(name)
    from seviz.passes.dispatch import ZOO

    ZOO.get(EMBEDDED)


def spare_libraries() -> None:
    """Keep what the libraries have made until now out of garbage collections.

    It stays as long as the process does, and a collection goes through its millions of objects:
    a quarter of a second, again and again while the page is built and served.
    """
    gc.freeze()


def _load_and_tell() -> None:
    try:
        load()
        spare_libraries()
    finally:  # who asks is told what is wrong
        _done.set()


async def wait() -> None:
    """Wait until everything is loaded; no thread is held meanwhile."""
    while not _done.is_set():
        await asyncio.sleep(TICK)


def line() -> gr.HTML:
    """Lay out the line that tells of it while it lasts."""
    told = f'<p role="status" hidden>{TOLD}</p>'
    return gr.HTML(told, js_on_load=TELL_JS, elem_id="starting")


def _health(request: Request) -> JSONResponse:
    del request
    return JSONResponse({"status": "ready" if _done.is_set() else "starting"})


HEALTH = Route("/healthz", _health)
