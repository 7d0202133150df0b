"""The same questions for scripts, as on the command line: typed JSON in and out."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import get_blocks_context

from seviz import limits
from seviz.answers.attribution import AttributionReport, Explanation, attribution_report
from seviz.answers.channels import TOP, ChannelsReport, channels_report
from seviz.answers.checks import Explaining, check_explaining, check_time
from seviz.answers.export import trace_arrays
from seviz.answers.necessity import NecessityReport, necessity_report
from seviz.answers.photo_pair import PhotoPairReport, photo_pair_report
from seviz.answers.trace import TOPK, TraceReport, trace_report
from seviz.attribution.methods import GRADCAM
from seviz.gates.grammar import parse_arms
from seviz.passes.dispatch import ask
from seviz.passes.estimate import PassRows
from seviz.passes.processes import prefer_cpu
from seviz.records.entry import Entry
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.api import changes as api_changes
from seviz.ui.api import dataset as api_data
from seviz.ui.api import gate as api_gate
from seviz.ui.api import laboratory as api_lab
from seviz.ui.api import networks as api_networks
from seviz.ui.api import report as api_report
from seviz.ui.api.arguments import (
    arm_texts,
    counted,
    flag,
    key,
    no_file,
    opened,
    refusing,
    text,
    texts,
)
from seviz.ui.parts.upload import take_uploads_alone
from seviz.zoo import catalogue


@dataclass(frozen=True)
class AttributionMaps:
    """The answer of /attribute; maps and gates are empty unless arrays were asked for.

    maps: METHOD/ARM, rows of pixels at the network's input size, colours summed; gates: by block,
    the share of each channel in the difference of the first two arms' logits.
    """

    report: AttributionReport
    maps: dict[str, list[list[float]]]
    gates: dict[str, list[float]]


@dataclass(frozen=True)
class TraceAnswer(TraceReport):
    """The answer of /trace; arrays is empty unless it was asked for."""

    arrays: dict[str, list[list[float]]]


def models() -> list[Entry]:
    """List the networks that can be asked, with parameters, input size, accuracy and licence.

    Ask this first for the keys that the argument `model` of the other questions takes.
    """
    return catalogue.entries()


def trace(
    photo: gr.FileData,
    model: str = catalogue.EMBEDDED,
    arms: list[str] = ["intact", "identity"],  # noqa: B006  # Gradio publishes the default
    topk: int = TOPK,
    arrays: bool = False,
    cpu: bool = False,
) -> TraceAnswer:
    """Trace a photograph: what a network answers as trained and with its SE gates edited.

    Each arm is the network with some edit of its gates. The answer holds, for each arm, the first
    answers with their probabilities and how far they are from those as trained.

    Args:
        photo: the photograph, a file that was uploaded or, over MCP, a data: address in base64
        model: key of a network, as `models` lists it
        arms: intact (as trained), identity (all gates = 1), static, or edits, as in SE_4*=0.5
        topk: how many answers of each arm are listed
        arrays: also give z, s and s_computed of each block (arms × channels), and all logits
        cpu: on ZeroGPU, answer on the CPU, which takes none of the visitor's GPU time
    """
    from seviz.passes.forward import trace as run

    with refusing(), prefer_cpu(flag("cpu", cpu)):
        known, asked = key(model), parse_arms(arm_texts(arms))
        most, whole = counted("topk", "classes", topk, limit=limits.TOPK), flag("arrays", arrays)
        recorded = recorded_for(known, asked)
        record = ask(run, known, opened(photo), asked, recorded=recorded)
        return _trace_answer(record, most, whole)


def necessity(
    photo: gr.FileData,
    model: str = catalogue.EMBEDDED,
    replace: str = "",
    target: str = "",
    cpu: bool = False,
) -> NecessityReport:
    """Find which SE blocks an answer needs: replace each block's gates, alone and onward.

    For each block, it tells how far the logit of the followed class changes where the gates of
    this block alone, or of this block and all after it, are replaced.

    Args:
        photo: the photograph, a file that was uploaded or, over MCP, a data: address in base64
        model: key of a network, as `models` lists it
        replace: what replaces gates: static (their mean over images), identity (1), uniform …
        target: class that is followed, or two, “A vs B”: logit of A − logit of B; the first answer
        cpu: on ZeroGPU, answer on the CPU, which takes none of the visitor's GPU time
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        rule, of = no_file(text("replace", replace)), text("target", target)
        return necessity_report(key(model), opened(photo), replace=rule, target=of)


def channels(
    photo: gr.FileData,
    model: str = catalogue.EMBEDDED,
    target: str = "",
    top: int = TOP,
    gate: str = "",
    cpu: bool = False,
) -> ChannelsReport:
    """Find the channels whose gates matter most for an answer, and the state of every SE block.

    Args:
        photo: the photograph, a file that was uploaded or, over MCP, a data: address in base64
        model: key of a network, as `models` lists it
        target: class that is followed, or two, “A vs B”: logit of A − logit of B; the first answer
        top: how many channels are measured exactly, each by a pass without its gate
        gate: a gate such as SE_4_6[17]: also tell which descriptors drive it, and what opens it
        cpu: on ZeroGPU, answer on the CPU, which takes none of the visitor's GPU time
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        known, most = key(model), counted("top", "channels", top, limit=limits.TOP)
        of, named = text("target", target), text("gate", gate)
        check_time(known, PassRows(forward=most, gradients=2 if named else 1), "channels")
        return channels_report(known, opened(photo), target=of, top=most, gate=named)


def compare(
    photo: gr.FileData,
    other: gr.FileData,
    model: str = catalogue.EMBEDDED,
    topk: int = TOPK,
    cpu: bool = False,
) -> PhotoPairReport:
    """Find the SE blocks and channels in which the gates of two photographs differ most.

    Args:
        photo: the first photograph, a file that was uploaded or, over MCP, a data: address
        other: the second photograph, given in the same way
        model: key of a network, as `models` lists it
        topk: how many answers of each photograph are listed
        cpu: on ZeroGPU, answer on the CPU, which takes none of the visitor's GPU time
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        n = counted("topk", "classes", topk, limit=limits.TOPK)
        return photo_pair_report(key(model), opened(photo), opened(other), topk=n)


def attribute(
    photo: gr.FileData,
    model: str = catalogue.EMBEDDED,
    methods: list[str] = [GRADCAM],  # noqa: B006  # Gradio publishes the default
    arms: list[str] = [],  # noqa: B006
    target: str = "",
    layer: str = "",
    trust: bool = False,
    shares: bool = False,
    arrays: bool = False,
    cpu: bool = False,
) -> AttributionMaps:
    """Explain an answer: which pixels it rests on, in several arms at once, and by which gates.

    Args:
        photo: the photograph, a file that was uploaded or, over MCP, a data: address in base64
        model: key of a network, as `models` lists it
        methods: gradcam, integrated_gradients, saliency, smoothgrad, occlusion, deeplift …
        arms: as of `trace`; as trained and without gates where none are given
        target: class, “A vs B”, gate such as SE_4_6[17], or “other”: the second arm's first answer
        layer: SE block that Grad-CAM looks at, such as SE_5_3; the last one where none is given
        trust: also measure how far each map can be trusted
        shares: also give the share of each gate in the difference between the first two arms
        arrays: also give the maps, as rows of pixels, and all of these shares
        cpu: on ZeroGPU, answer on the CPU, which takes none of the visitor's GPU time
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        known, whole = key(model), flag("arrays", arrays)
        question = Explaining(
            methods=texts("methods", methods, most=limits.MAPS),
            arms=arm_texts(arms),
            target=text("target", target),
            layer=text("layer", layer),
            trust=flag("trust", trust),
            shares=flag("shares", shares),
        )
        check_explaining(known, question)
        return _attribution_maps(attribution_report(known, opened(photo), **vars(question)), whole)


OTHERS: tuple[Any, ...] = (
    api_report,
    api_changes,
    api_networks,
    api_data,
    api_gate,
    api_lab,
)
TASKS: tuple[Any, ...] = (models, trace, attribute, necessity, channels, compare)


def build() -> None:
    """Register the public endpoints inside the current gr.Blocks."""
    every = (TASKS, *(module.TASKS for module in OTHERS))
    for task in (task for tasks in every for task in tasks):
        gr.api(task, api_name=task.__name__)
        *_, endpoint = get_blocks_context().fns.values()
        for field in endpoint.inputs:
            take_uploads_alone(field)


def _attribution_maps(found: Explanation, arrays: bool) -> AttributionMaps:
    if not arrays:
        return AttributionMaps(found.report, {}, {})
    maps = {
        f"{a.method}/{arm.name}": a.pixels[i].tolist()
        for a in found.attributions
        for i, arm in enumerate(a.arms)
    }
    shares = found.gates.shares if found.gates else {}
    return AttributionMaps(found.report, maps, {name: s.tolist() for name, s in shares.items()})


def _trace_answer(record: Trace, topk: int, arrays: bool) -> TraceAnswer:
    kept = trace_arrays(record) if arrays else {}
    listed = {name: array.tolist() for name, array in kept.items()}
    return TraceAnswer(**vars(trace_report(record, topk)), arrays=listed)
