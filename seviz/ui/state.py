"""What the tabs of “Explore” share: what a person chose, and the trace that came of it."""

from dataclasses import dataclass
from typing import NamedTuple

import gradio as gr

from seviz.records.arms import IDENTITY, STATIC
from seviz.reference.gather import reference
from seviz.ui.parts.upload import PhotoUpload

OFF = {
    "each gate at its mean (static)": STATIC,
    "each gate at 1 (identity)": IDENTITY,
}
PASSES = ("with gates", "without gates")  # rows of a trace


class Sought(NamedTuple):
    """A gate that another tab or page asks “Gates” to open, now or when its network answers."""

    model: str
    block: str
    channel: int


@dataclass(frozen=True)
class Asked:
    """What all tabs share: what a person chose, and the trace that it led to.

    open: the open tab's id; edits: the tab “Surgery”'s `History`; sought: a `Sought` gate, else
    None; wanted: the key of a network that another page asks “Explore” to open, else None.
    """

    photo: PhotoUpload
    model: gr.Dropdown
    network: gr.HTML
    off: gr.Dropdown
    classes: gr.HTML
    networks: gr.HTML
    answers: gr.HTML
    download: gr.DownloadButton
    record: gr.State
    open: gr.State
    edits: gr.State
    sought: gr.State
    wanted: gr.State


def off_choices(key: str) -> list[str]:
    """List what “without gates” can mean for a network: static only where there are statistics."""
    return [name for name, arm in OFF.items() if arm != STATIC or reference(key)]
