"""Photographs that are changed, for scripts."""

from typing import Any

import gradio as gr

from seviz.answers.changes import ChangeReport, asked_change, change_report, check_change_time
from seviz.gates.grammar import parse_arms
from seviz.passes.processes import prefer_cpu
from seviz.photos.changes import JIGSAW, find_change
from seviz.reference.arm_choice import default_arms
from seviz.ui.api.arguments import arm_texts, flag, key, opened, refusing, strength_of, text
from seviz.zoo import catalogue


def change(
    photo: gr.FileData,
    change: str = JIGSAW,
    strength: float | None = None,
    model: str = catalogue.EMBEDDED,
    arms: list[str] = [],  # noqa: B006  # Gradio publishes the default
    target: str = "",
    seed: int = 0,
    region: str = "centre",
    cpu: bool = False,
) -> ChangeReport:
    """Change a photograph, and tell how far a network's gates and answers move, in every arm.

    Args:
        photo: the photograph, a file that was uploaded or, over MCP, a data: address in base64
        change: mirrored, rotated, cropped, darker, blurred, noisy, jigsaw, attacked or another one
        strength: how strongly, in the change's own unit; its usual strength where none is given
        model: key of a network, as `models` lists it
        arms: as of `trace`; intact, static and the twin where none are given, as far as there are
        target: class that is followed; the first answer where none is given
        seed: of what is random in the change
        region: what is painted over, for the change “painted”
        cpu: on ZeroGPU, answer on the CPU, which takes none of the visitor's GPU time
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        known, of = key(model), text("target", target)
        asked = asked_change(
            text("change", change), strength_of(strength), seed=seed, region=text("region", region)
        )
        chosen = parse_arms(arm_texts(arms)) if arms else list(default_arms(known))
        check_change_time(known, find_change(asked.change), len(chosen))
        return change_report(known, opened(photo), asked, arms=chosen, target=of)


TASKS: tuple[Any, ...] = (change,)
