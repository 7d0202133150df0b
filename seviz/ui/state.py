"""What the parts of “Explore” share: what a person chose, and the trace that came of it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import gradio as gr

from seviz.gates.grammar import arm_text
from seviz.gates.history import Edits, History, misfits
from seviz.records.arms import ARMS, INTACT, Arm
from seviz.records.target import ClassTarget, is_class_target
from seviz.records.trace import Trace
from seviz.reference.arm_choice import default_arms, possible_arms
from seviz.reference.gather import reference
from seviz.ui.parts.photo_field import ExamplePicker
from seviz.ui.parts.upload import PhotoUpload

MOST_COLUMNS = 4  # beside the network as trained


class Sought(NamedTuple):
    """A network that another page asks “Explore” to open, and a gate of it, if any."""

    model: str
    block: str = ""
    channel: int = 0


@dataclass(frozen=True)
class Asked:
    """What all parts share: what a person chose, and the trace that it led to.

    columns: the names of the arms beside the network as trained; arm: the one of them that the tabs
    compare with it; target: the class that is followed, or the difference of two, from target_field
    and minus_field (states, as a field may still hold what the network before had); choice: changes
    when people choose another of either; block, channel: the selected gate; pin: keeps it in sight
    under the atlas, where pinned leads; about_gate: opens the page “Gate” about it. open: the open
    tab's id; edits: the tab “Surgery”'s `History`; wanted: the `Sought` that another page asks for,
    else None; moved: the one that was chosen on another page, which “Explore” shows once it is
    open. sought_class: the one that the address names, until it is followed, else "". returned:
    says by a `select` event that people went back or forward (`address.returns`).
    photo_changed: says by a `select` event that the field holds another photograph. own: the
    visitor's own photographs (`own_photos.Own`); networks: the visitor's own networks
    (`own_networks.OwnNetworks`), which upload takes where that is not None. What tabs show, for the
    report: weighed of “What matters”, explained of “Explanations” and trusted, how far these maps
    can be trusted, alpha_path of “Surgery”, compared of “Compare”. report: writes it, and
    report_file holds it; statistics: which of the visitor's statistics hold for the chosen network
    (`own.fingerprint`), "" where the usual ones do. sheets: tells the browser of the pictures made
    for the network's gates (`parts.sheets`). kept: the fields of views that the address keeps
    (`address.KeptFields`). first: what is shown before anything is asked.
    """

    photo: PhotoUpload
    photo_changed: gr.HTML
    examples: ExamplePicker
    model: gr.Dropdown
    network: gr.HTML
    upload: Any
    columns: gr.Dropdown
    arm_field: gr.Radio
    target_field: gr.Dropdown
    minus_field: gr.Dropdown
    classes: gr.HTML
    answers: gr.HTML
    download: gr.DownloadButton
    report: gr.Button
    report_file: gr.DownloadButton
    block: gr.Dropdown
    channel: gr.Number
    pin: gr.Button
    about_gate: gr.Button
    pinned: gr.HTML
    record: gr.State
    arm: gr.State
    target: gr.State
    choice: gr.State
    open: gr.State
    edits: gr.State
    wanted: gr.State
    moved: gr.State
    sought_class: gr.State
    own: gr.State
    networks: gr.State
    weighed: gr.State
    explained: gr.State
    trusted: gr.State
    alpha_path: gr.State
    compared: gr.State
    sheets: gr.HTML
    statistics: gr.State
    returned: gr.HTML
    kept: Any
    first: Any


def offered_columns(key: str) -> list[str]:
    """List the arms that can stand beside a network as trained, by their names."""
    return [arm.name for arm in possible_arms(key) if arm != INTACT]


def chosen_arms(key: str, columns: object) -> list[Arm]:
    """Return the network as trained, and the chosen arms that it can have, in their usual order.

    Of more than `MOST_COLUMNS`, those that were chosen first; its default arms where none of them
    is chosen. A client may have forged the columns.
    """
    names = columns if isinstance(columns, list) else []
    chosen = [arm for arm in possible_arms(key) if arm != INTACT and arm.name in names]
    kept = sorted(chosen, key=lambda arm: names.index(arm.name))[:MOST_COLUMNS]
    return [INTACT, *(arm for arm in chosen if arm in kept)] if kept else list(default_arms(key))


def row_of(record: Trace, arm: object) -> int:
    """Return the row of the arm that is compared with the network as trained, by its name.

    The first one beside it where the trace has no such; 0 where the trace has no other.
    """
    names = [known.name for known in record.arms]
    return names.index(arm) if arm in names[1:] else min(1, len(names) - 1)


def off_arm(record: Trace, arm: object) -> Arm:
    """Return the chosen arm where it edits gates; else the default one that does."""
    chosen = record.arms[row_of(record, arm)]
    if chosen == INTACT or chosen.is_twin or chosen.name not in ARMS:
        return default_arms(record.model)[1]
    return chosen


def fitting_edits(record: Trace, edits: History | None) -> Edits:
    """Return the edits of the tab “Surgery” that this network has a place for."""
    every = edits.edits if edits else ()
    unfit = misfits(every, record.sites, reference(record.model) is not None)
    return tuple(edit for edit in every if edit not in unfit)


def edited_arm(record: Trace, edits: History | None) -> Arm | None:
    """Return the arm of the fitting edits of the tab “Surgery”; None where there are none."""
    fitting = fitting_edits(record, edits)
    return Arm(arm_text(fitting), fitting) if fitting else None


def followed(record: Trace, target: object) -> ClassTarget:
    """Return the class, or the difference of two, that is followed.

    The first answer where the network has no such.
    """
    known = is_class_target(target, len(record.labels))
    return target if known else record.top(0, 1)[0].index  # type: ignore[return-value]
