"""Two networks on one photograph, for scripts."""

from typing import Any

import gradio as gr

from seviz import limits
from seviz.answers.checks import check_methods, check_time
from seviz.answers.network_pair import NetworkPairReport, network_pair_answer
from seviz.answers.trace import TOPK
from seviz.attribution.methods import pass_rows
from seviz.passes.processes import prefer_cpu
from seviz.ui.api.arguments import counted, flag, key, opened, refusing, text
from seviz.zoo import catalogue


def networks(
    photo: gr.FileData,
    model: str = catalogue.EMBEDDED,
    other: str = catalogue.TWIN,
    topk: int = TOPK,
    method: str = "",
    target: str = "",
    cpu: bool = False,
) -> NetworkPairReport:
    """Compare two networks, A (model) and B (other), with SE or without, on one photograph.

    The answers are matched by class, and the gates by block where both have SE. method: such as
    gradcam, also explains one class in both and says how alike the maps are; target: that class,
    A's answer by default; cpu: as of /trace.
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        a, b = key(model), key(other)
        most = counted("topk", "classes", topk, limit=limits.TOPK)
        name, of = text("method", method), text("target", target)
        if name:
            check_methods([name])
            for each in (a, b):
                check_time(each, pass_rows(name, 1), "steps, or another method")
        return network_pair_answer(a, b, opened(photo), topk=most, method=name, target=of).report


TASKS: tuple[Any, ...] = (networks,)
