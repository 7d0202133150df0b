"""The tab “Live”: frames of a camera, answered one after the other as fast as the machine can.

The component is our own and not gr.Image's stream, which sends frames at a fixed rate whether they
were answered or not, as encoded files, and goes on while other tabs are open.
"""

import base64
import tempfile
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.figures.gates import gate_scale, mean_words
from seviz.figures.live import colour_table, levels
from seviz.passes.dispatch import ask, fetch_arms
from seviz.passes.gpu_seconds import is_small
from seviz.records.arms import INTACT, Arm
from seviz.records.trace import Trace
from seviz.reference.arm_choice import default_arms, possible_arms
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.live.frames import Frame, number_of, side_for
from seviz.ui.explore.live.layout import Parts, lay_out
from seviz.ui.parts.client import address_of
from seviz.ui.parts.columns import arm_class, side_by_side
from seviz.ui.parts.fields import named_block, named_channel
from seviz.ui.parts.notify import REFUSALS, notify, sentence
from seviz.ui.parts.requests import VISITS
from seviz.ui.state import Asked
from seviz.words.arms import arm_title
from seviz.words.live import too_large_words
from seviz.zoo import device
from seviz.zoo.catalogue import find


def build(asked: Asked, tab: gr.Tab) -> list[Any]:  # noqa: ARG001  # all tabs are built alike
    """Lay the tab out inside the current gr.Tab and connect it; returns where gates are chosen."""
    parts = lay_out()
    _connect(asked, parts, Handlers(asked, parts))
    return [parts.camera]


class Handlers:
    """What the tab does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts) -> None:
        self.asked, self.parts = asked, parts

    def answer(self, event: gr.EventData, model: Any, arm: Any, block: Any, channel: Any) -> Any:
        """Answer a frame, with the network's gates and in the compared arm.

        The browser waits for an answer to each frame, so a refusal is one, too: it stops there.
        """
        try:
            frame = Frame.read(event._data)
            said = _answered(frame, str(model), arm, gate=(block, channel))
        except REFUSALS as error:
            said = {"number": number_of(event._data), "refused": sentence(error)}
        return {self.parts.camera: said}

    def keep(self, event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        """Put a frame into the field of the photograph, without loss; it counts as an upload."""
        try:
            frame, address = Frame.read(event._data), address_of(request.request)
            VISITS.check(address)
        except REFUSALS as error:
            yield notify(error)
            return
        with tempfile.TemporaryDirectory() as folder:  # the field copies it
            path = Path(folder) / "frame.png"
            frame.image().save(path)
            digest = blake2b(frame.pixels, digest_size=16).hexdigest()
            VISITS.add(address, [(digest, path.stat().st_size)])
            yield {self.asked.photo: str(path)}


def _answered(frame: Frame, key: str, arm: Any, *, gate: tuple[Any, Any]) -> dict[str, Any]:
    """Return what the browser draws of a frame; UserError where the network can't be asked."""
    arms, start = asked_arms(key, arm), time.perf_counter()
    record = ask(trace_task(), key, frame.image(), arms, recorded=recorded_for(key, arms))
    seconds, scale = time.perf_counter() - start, gate_scale(record)
    return {
        "number": frame.number,
        "side": side_for(find(key).input_size),
        "milliseconds": round(1000 * seconds, 1),
        "answers": side_by_side(record),
        "blocks": [[site.name, site.channels] for site in record.sites],
        "levels": base64.b64encode(levels(record, scale)).decode(),
        "colours": base64.b64encode(colour_table(scale.colours)).decode(),
        "scale": [scale.low, scale.high],
        "gate": gate_of(record, *gate),
    }


def trace_task() -> Any:
    """Return the task of a frame, whose module imports torch."""
    from seviz.passes.frame import trace_frame

    return trace_frame


def asked_arms(key: str, compared: Any) -> list[Arm]:
    """Return intact and the compared arm, or the network's default where it has no such.

    UserError where there is no such network, or it needs a GPU that is lent by the second.
    """
    source = find(key)
    if device.ZERO_GPU and not is_small(source):
        raise UserError(too_large_words(source.title))
    known = [arm for arm in possible_arms(source.key) if arm != INTACT and arm.name == compared]
    arms, missing = fetch_arms(source.key, [INTACT, *known])
    return arms if known and not missing else list(default_arms(source.key)[:2])


def gate_of(record: Trace, block: Any, channel: Any) -> dict[str, Any] | None:
    """Return a gate's s in both arms; None where the network has no such gate.

    The fields may still name a gate of the network before.
    """
    try:
        site = named_block(record, block)
        at = named_channel(site, channel)
    except UserError:
        return None
    s = record.s[site.name][:, at]
    return {
        "of": [record.model, *(arm.name for arm in record.arms), site.name, at],
        "name": f"{mean_words([site])}s of {site.name}[{at}]",
        "s": [float(value) if value == value else None for value in s],  # NaN: the twin has none
        "arms": [arm_class(arm) for arm in record.arms],
        "titles": [arm_title(arm) for arm in record.arms],
    }


def _connect(q: Asked, p: Parts, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    seen = [q.model, q.arm, q.block, q.channel]
    p.camera.submit(handlers.answer, seen, p.camera, trigger_mode="multiple", **quiet)
    p.camera.apply(handlers.keep, None, q.photo, trigger_mode="multiple", **quiet)
