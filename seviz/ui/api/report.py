"""A report for scripts, as on the command line: the page as text."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz import limits
from seviz.answers.changes import asked_change
from seviz.answers.checks import Explaining, check_explaining
from seviz.attribution.methods import GRADCAM
from seviz.passes.processes import prefer_cpu
from seviz.reference.arm_choice import default_arms
from seviz.ui.api.arguments import (
    arm_texts,
    flag,
    key,
    opened,
    refusing,
    strength_of,
    text,
    texts,
)
from seviz.zoo import catalogue


@dataclass(frozen=True)
class ReportPage:
    """The answer of /report: a name for the file, and the page that it holds."""

    name: str
    html: str


def report(
    photo: gr.FileData,
    model: str = catalogue.EMBEDDED,
    arms: list[str] = [],  # noqa: B006  # Gradio publishes the default
    target: str = "",
    methods: list[str] = [GRADCAM],  # noqa: B006
    layer: str = "",
    shares: bool = False,
    cpu: bool = False,
    trust: bool = False,
    alpha_to: str = "",
    change: str = "",
    strength: float | None = None,
    seed: int = 0,
    region: str = "centre",
    second: gr.FileData | None = None,
) -> ReportPage:
    """Report on a photograph's answer: one HTML page with all figures, which fetches nothing.

    It has the answers of the arms side by side, all gates, attribution maps, the blocks and
    channels that the answer depends on, and how to repeat it. arms: as of /trace, by default those
    of the page; target: a class, or “A vs B”, by default the answer; methods, layer, shares, cpu
    and trust, of the maps: as of /attribute. alpha_to: the gates to which all go from the
    photograph's own, static, identity or uniform, to follow the answer on this path. change,
    strength, seed and region: as of /change, to compare the photograph with itself as changed;
    second: another photograph to compare it with.
    """
    from seviz.reports.files import report_html
    from seviz.reports.result import check_report, more_rows, report_result

    with refusing(), prefer_cpu(flag("cpu", cpu)):
        known = key(model)
        asked: dict[str, Any] = {
            "methods": texts("methods", methods, most=limits.MAPS),
            "arms": arm_texts(arms) or [arm.name for arm in default_arms(known)],
            "target": text("target", target),
            "layer": text("layer", layer),
            "shares": flag("shares", shares),
        }
        more: dict[str, Any] = {"alpha_to": text("alpha_to", alpha_to)}
        check_report(known, **asked, **more)
        changing = None
        if name := text("change", change):
            changing = asked_change(
                name, strength_of(strength), seed=seed, region=text("region", region)
            )
        more |= {"trust": flag("trust", trust), "change": changing}
        rows = more_rows(
            len(asked["arms"]), path=bool(alpha_to), change=changing, second=second is not None
        )
        check_explaining(known, Explaining(**asked, trust=more["trust"]), rows)
        other = None if second is None else opened(second)
        result = report_result(known, opened(photo), **asked, **more, second=other)
        return ReportPage(f"seviz-report-{known}.html", report_html(result))


TASKS: tuple[Any, ...] = (report,)
