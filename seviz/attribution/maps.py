"""Explains a class of an image by a method's maps, in all arms at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from seviz.attribution.cpu_fallback import fall_back_to_cpu
from seviz.attribution.layers import layer_path, layer_site, plain_layer
from seviz.attribution.methods import (
    GRADCAM,
    INTEGRATED,
    METHODS,
    Method,
    pass_rows,
    reasons_against,
    unknown_method,
)
from seviz.attribution.rows import Rows, as_output, gate_of
from seviz.errors import UserError
from seviz.passes.forward import as_array
from seviz.passes.gpu_seconds import counts
from seviz.records.arms import Arm, Recorded
from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.target import Difference, Followed, Gate, GateAnswer, Target, answer_of
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel

if TYPE_CHECKING:
    from seviz.attribution.calls import Job

Values = npt.NDArray[np.float64]
MOST_STEPS = 128  # of a path: it is refined until it is complete within TOLERANCE
TOLERANCE = 0.05  # of the completeness error, as a share of the score


def _most_rows(arms: Sequence[Arm], method: str = GRADCAM, steps: int | None = None) -> int:
    """Count about how many rows without gradients take as long as `attribute`, at most."""
    twice = method == INTEGRATED and steps is None  # it may refine its path
    known = method in METHODS  # else it refuses
    return (1 + twice) * pass_rows(method, len(arms), steps or 0).weight if known else 0


@counts(lambda _, __, arms, *, method=GRADCAM, steps=None, **___: _most_rows(arms, method, steps))
def attribute(
    loaded: LoadedModel,
    image: Floats,
    arms: Sequence[Arm],
    *,
    method: str = GRADCAM,
    target: Target | None = None,
    layer: str = "",
    steps: int | None = None,
    recorded: Recorded | None = None,
    seed: int = 0,
    bfloat16: bool = False,
    watch: Watch | None = None,
) -> Attribution:
    """Explain a class by one method in all arms at once; image is what the network received, 3×H×W.

    target: a class, the difference of two, or a gate (its pre-activation: see
    `seviz.attribution.rows.Rows`); the first arm's answer unless given. layer: an SE block; layered
    methods explain the output of its residual block, the last unless given; a gate is explained
    by a block before its own, by default the nearest. steps: of a path, or samples of noise;
    by default integrated gradients take as many as completeness needs, up to MOST_STEPS.
    The twin is explained like other arms, at the same block's place in it. recorded: as of `trace`;
    bfloat16: half the bits, for devices that compute faster with it. Raises UserError where the
    method is not right for the network, `seviz.watch.Stopped` where stopped.
    """
    return attribute_each(
        loaded,
        image[None],
        arms,
        method=method,
        targets=None if target is None else [target],
        layer=layer,
        steps=steps,
        recorded=recorded,
        seed=seed,
        bfloat16=bfloat16,
        watch=watch,
    )[0]


@fall_back_to_cpu
def attribute_each(
    loaded: LoadedModel,
    images: Floats,
    arms: Sequence[Arm],
    *,
    method: str = GRADCAM,
    targets: Sequence[Target] | None = None,
    layer: str = "",
    steps: int | None = None,
    recorded: Recorded | None = None,
    seed: int = 0,
    bfloat16: bool = False,
    watch: Watch | None = None,
) -> list[Attribution]:
    """Explain one class of each of N images, N×3×H×W, as `attribute` does for one.

    targets: a class of each image, or the same difference or gate for all; else ValueError.
    Quick methods (`Method.quick`) take all images at once, in parts that suit the device.
    """
    chosen, attributions = find_method(loaded, method), list[Attribution]()
    distinct = list(dict.fromkeys(arm.edits for arm in arms))  # equal arms are one row
    at_once, score = len(images) if chosen.quick else 1, _score(targets)
    progress = Progress(watch, len(images))
    for start in range(0, len(images), at_once):
        part = slice(start, start + at_once)
        count = len(images[part])
        expected = chosen.rows(steps or chosen.steps) * len(distinct) * count
        rows = Rows(
            loaded,
            [Arm(str(i), edits) for i, edits in enumerate(distinct)],
            recorded,
            images=count,
            progress=Progress(progress.part(count), expected),
            bfloat16=bfloat16,
            score=score,
        )
        attributions += _explain(
            rows,
            images[part],
            arms,
            method=chosen,
            targets=None if targets is None else targets[part],
            layer=layer,
            steps=steps,
            seed=seed,
        )
        progress.add(count)
    return attributions


def _score(targets: Sequence[Target] | None) -> Difference | Gate | None:
    """Return the score that is followed in all images; None where classes are."""
    scores = {as_output(target)[0] for target in targets or ()}
    if len(scores) > 1:
        raise ValueError(f"one score, or classes alone, can be followed at once, not {targets}")
    return scores.pop() if scores else None


def find_method(loaded: LoadedModel, name: str) -> Method:
    """Return a method by its name; UserError where there is none, or it is not right here."""
    if name not in METHODS:
        raise unknown_method(name)
    reasons = reasons_against(loaded)
    if why := reasons[name]:
        fitting = [other for other, reason in reasons.items() if not reason]
        raise UserError(
            f"{METHODS[name].title} is not right for {loaded.title}: {why}. "
            f"Choose from {', '.join(fitting)}."
        )
    return METHODS[name]


def _explain(
    rows: Rows,
    images: Floats,
    arms: Sequence[Arm],
    *,
    method: Method,
    targets: Sequence[Target] | None,
    layer: str,
    steps: int | None,
    seed: int,
) -> list[Attribution]:
    """Explain a class of each of N images, N×3×H×W; only quick methods take more than one."""
    from seviz.attribution.calls import Job  # imported late: see there

    loaded, distinct = rows.loaded, [arm.edits for arm in rows.arms]
    x = torch.from_numpy(images).to(loaded.device, memory_format=torch.channels_last)
    if targets is None or not method.layered:  # else the method's own pass finds `first_logits`
        _logits(rows, x)
    firsts = rows.numbers[:: len(distinct)].tolist()  # the rows of the first arm
    followed = targets or [int(rows.first_logits[row].argmax()) for row in firsts]
    gated = bool(loaded.probe.sites)
    site = layer_site(loaded, layer, before=rows.score) if method.layered and gated else None
    path = layer_path(loaded, site) if site else ""
    if method.layered and not gated:
        path = plain_layer(loaded, layer)
    job = Job(
        rows=rows,
        x=x,
        targets=torch.tensor([as_output(of)[1] for of in followed], device=loaded.device),
        baseline=torch.zeros_like(x),
        layer=path,
        seen=loaded.visible(images[0]),
        steps=steps or method.steps,
        seed=seed,
    )
    scores = _measure_scores(job) if method.complete else None
    maps, job = _run_method(job, method, scores, refine=steps is None)
    of_arm = [distinct.index(arm.edits) for arm in arms]
    return [
        _record(
            job,
            intact=as_array(rows.first_logits[row]),
            target=target,
            maps=as_array(maps[row : row + len(distinct)])[of_arm],
            scores=None if scores is None else scores[row : row + len(distinct)][of_arm],
            question=(method, loaded.source.named(arms), site),
        )
        for row, target in zip(firsts, followed, strict=True)
    ]


def _record(
    job: "Job",
    *,
    intact: Floats,
    target: Target,
    maps: Floats,
    scores: Values | None,
    question: tuple[Method, tuple[Arm, ...], Site | None],
) -> Attribution:
    """Make the record of one image; intact: the first arm's logits, K; maps: A×C×H×W."""
    (method, arms, site), loaded = question, job.rows.loaded
    return Attribution(
        model=loaded.key,
        method=method.name,
        arms=arms,
        target=_answer(loaded, intact, target),
        maps=maps,
        layer=site.name if site else job.layer,
        scores=scores,
        totals=None if scores is None else maps.sum((1, 2, 3), dtype=np.float64),
        steps=job.steps if method.steps else 0,
    )


def _answer(loaded: LoadedModel, intact: Floats, target: Target) -> Followed:
    """Say what was followed; intact: the first arm's logits, K, or a gate's pre-activation, 1."""
    if not isinstance(target, Gate):
        return answer_of(intact, loaded.labels, target, head=loaded.head)
    s = gate_of(loaded, target, torch.from_numpy(intact).to(loaded.device))
    return GateAnswer(
        target.site, target.channel, f"gate {target.name}", float(s[0]), float(intact[0])
    )


def _measure_scores(job: "Job") -> Values:
    """Return each row's score of its target at the image, minus that at the baseline: R."""
    at_image = torch.stack([job.rows.first_logits[row] for row in job.rows.numbers.tolist()])
    difference = job.rows.scores(at_image) - _logits(job.rows, job.baseline)
    scores: Values = difference.gather(1, job.target[:, None])[:, 0].double().cpu().numpy()
    return scores


def _run_method(
    job: "Job", method: Method, scores: Values | None, *, refine: bool
) -> tuple[Tensor, "Job"]:
    """Run a method; refine: integrated gradients again with twice the steps, until complete."""
    from seviz.attribution.calls import maps

    while True:
        job.rows.progress.restart(method.rows(job.steps) * len(job.rows.numbers))
        result = maps(job, method)
        if method.name != INTEGRATED or not refine or scores is None:
            return result, job
        totals = result.sum((1, 2, 3), dtype=torch.float64).cpu().numpy()
        off = np.abs(totals - scores) / np.maximum(np.abs(scores), 1e-6)
        if off.max() <= TOLERANCE or job.steps >= MOST_STEPS:
            return result, job
        job = replace(job, steps=2 * job.steps)


def _logits(rows: Rows, x: Tensor) -> Tensor:
    """Return the logits of all rows of images, R×K, or R×1 scores."""
    with torch.no_grad():
        logits: Tensor = rows(rows.repeat(x), rows.numbers)
    return logits
