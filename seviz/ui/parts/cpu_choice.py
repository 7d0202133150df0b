"""A visitor's choice, on ZeroGPU, to be answered on the CPU, which takes no GPU time."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from seviz.passes.processes import prefer_cpu
from seviz.ui.parts.progress import session_of
from seviz.zoo.device import ZERO_GPU

MOST = 10_000  # pages whose choice is known; the oldest is forgotten first
_chosen: OrderedDict[str, None] = OrderedDict()  # by the keys of pages


def choose(wanted: Any, request: gr.Request) -> None:
    """Keep a page's choice."""
    _chosen.pop(session_of(request), None)
    if wanted is True:
        _chosen[session_of(request)] = None
    while len(_chosen) > MOST:
        _chosen.popitem(last=False)


@contextmanager
def as_chosen(request: Any) -> Iterator[None]:
    """Answer on the CPU meanwhile where the page that a request comes from has chosen it."""
    with prefer_cpu(getattr(request, "session_hash", None) in _chosen):
        yield


def lay_out() -> None:
    """Offer the choice inside the current gr.Blocks, where there is one: on ZeroGPU."""
    if not ZERO_GPU:
        return
    box = gr.Checkbox(
        label="Answer on the CPU",
        info="Slower, but it takes none of your GPU time. Small networks are always asked there.",
        elem_id="on-cpu",
    )
    box.input(choose, [box], None, queue=False, api_visibility="private", show_progress="hidden")
