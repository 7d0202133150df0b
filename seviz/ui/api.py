"""The same questions for scripts: /models and /explain, typed JSON in and out."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import get_blocks_context
from gradio.utils import get_upload_folder

from seviz import catalogue
from seviz.compare import Comparison, compare
from seviz.dispatch import ask
from seviz.edits import arm_text, parse_arms
from seviz.errors import UserError
from seviz.export import TOPK, trace_arrays
from seviz.images import read_photo
from seviz.records import Answer, Entry, Site, Trace
from seviz.references import recorded_for
from seviz.trace import trace
from seviz.ui.upload import refusal, refuse_addresses

AT_ONCE = 4  # requests of one endpoint that run at a time; the rest wait in the queue


@dataclass(frozen=True)
class Block:
    """A SE block; module is its path, renamed: gradio_client would fetch a “path” as a file."""

    name: str
    module: str
    stage: int | None
    block: int | None
    channels: int
    reduced: int
    reduction: float


@dataclass(frozen=True)
class ArmAnswers:
    """What one arm answered, best first."""

    name: str
    edits: str
    top: list[Answer]
    against_intact: Comparison | None


@dataclass(frozen=True)
class Explained:
    """The answer of /explain; arrays is empty unless it was asked for."""

    model: str
    sites: list[Block]
    arms: list[ArmAnswers]
    arrays: dict[str, list[list[float]]]


def build() -> None:
    """Register the public endpoints inside the current gr.Blocks."""

    def models() -> list[Entry]:
        """List the networks that can be opened, with their parameters, input size and licence."""
        return catalogue.entries()

    def explain(
        photo: gr.FileData,
        model: str = catalogue.EMBEDDED,
        arms: list[str] = ["intact", "identity"],  # noqa: B006  # Gradio publishes the default
        topk: int = TOPK,
        arrays: bool = False,
    ) -> Explained:
        """Trace a photograph: what the network answers in each arm, and its SE blocks.

        arms: names, such as intact (as trained), identity (every gate = 1) or static, or edits,
        such as “SE_4*=0.5; SE_5_1[0:8]*=0”. With arrays, the result also holds z, s and s_computed
        by block (arms×C), and the logits (arms×K).
        """
        try:
            record = _traced(photo, model, arms)
            return _explained(record, topk, bool(arrays))
        except UserError as error:
            raise refusal(error) from error

    gr.api(models, api_name="models", concurrency_limit=AT_ONCE)
    gr.api(explain, api_name="explain", concurrency_limit=AT_ONCE)
    *_, endpoint = get_blocks_context().fns.values()
    refuse_addresses(endpoint.inputs[0])


# Gradio publishes the types of arguments but does not enforce them; these do.


def _traced(photo: Any, model: Any, arms: Any) -> Trace:
    path = _uploaded(photo)
    if not isinstance(arms, list):
        raise UserError("arms is a list of names, such as [“intact”, “identity”].")
    asked = parse_arms(map(str, arms))
    if any("resample@" in arm_text(arm.edits) for arm in asked):
        raise UserError("resample@FILE names a file of the server; it is for the command line.")
    recorded = recorded_for(catalogue.find(str(model)), asked)
    return ask(trace, str(model), read_photo(path), asked, recorded)


def _uploaded(photo: Any) -> Path:
    """Return the path of an uploaded file; UserError for anything else a client may name."""
    path = photo.get("path") if isinstance(photo, dict) else None
    with suppress(OSError, ValueError):  # a path no system takes is none of an upload
        resolved, uploads = Path(str(path)).resolve(), Path(get_upload_folder()).resolve()
        if resolved.is_relative_to(uploads) and resolved.is_file():
            return resolved
    raise UserError("photo is an uploaded file; gradio_client's handle_file(path) makes one.")


def _explained(record: Trace, topk: Any, arrays: bool) -> Explained:
    if not isinstance(topk, int) or topk < 1:
        raise UserError(f"topk is {topk}; it counts classes, so a whole number, 1 or more.")
    kept = trace_arrays(record) if arrays else {}
    return Explained(
        model=record.model,
        sites=[_block(site) for site in record.sites],
        arms=[
            ArmAnswers(arm.name, arm_text(arm.edits), record.top(row, topk), compare(record, row))
            for row, arm in enumerate(record.arms)
        ],
        arrays={key: array.tolist() for key, array in kept.items()},
    )


def _block(site: Site) -> Block:
    facts = {key: value for key, value in vars(site).items() if key != "path"}
    return Block(module=site.path, reduction=site.reduction, **facts)
