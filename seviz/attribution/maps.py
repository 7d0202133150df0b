"""A photograph's image, arms and a class in; a method's maps of all arms out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from seviz.attribution.cpu_fallback import or_on_cpu
from seviz.attribution.methods import (
    GRADCAM,
    INTEGRATED,
    METHODS,
    Method,
    offered,
)
from seviz.attribution.rows import Rows
from seviz.errors import UserError
from seviz.gates import sites
from seviz.passes.forward import as_array
from seviz.records.arms import Arm, Recorded
from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Answer
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel

if TYPE_CHECKING:
    from seviz.attribution.calls import Job

Values = npt.NDArray[np.float64]
MOST_STEPS = 128  # of a path whose completeness asks for more than it began with
TOLERANCE = 0.05  # of the completeness error


def attribute(
    loaded: LoadedModel,
    image: Floats,
    arms: Sequence[Arm],
    *,
    method: str = GRADCAM,
    target: int | None = None,
    layer: str = "",
    steps: int | None = None,
    recorded: Recorded | None = None,
    seed: int = 0,
    bfloat16: bool = False,
    watch: Watch | None = None,
) -> Attribution:
    """Explain a class by one method in all arms at once; image is what the network received, 3×H×W.

    target: the first arm's answer unless given; layer: the SE block at whose residual block's
    output layered methods look, the last unless given; steps: of a path, or samples of noise;
    without, integrated gradients take as many as their completeness needs, up to MOST_STEPS.
    recorded: as of `trace`; bfloat16: half the bits, for devices to which that is quicker. Raises
    UserError where the method is not right for the network, `seviz.watch.Stopped` where stopped.
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


@or_on_cpu
def attribute_each(
    loaded: LoadedModel,
    images: Floats,
    arms: Sequence[Arm],
    *,
    method: str = GRADCAM,
    targets: Sequence[int] | None = None,
    layer: str = "",
    steps: int | None = None,
    recorded: Recorded | None = None,
    seed: int = 0,
    bfloat16: bool = False,
    watch: Watch | None = None,
) -> list[Attribution]:
    """Explain one class of each of N images, N×3×H×W, as `attribute` would one after the other.

    Quick methods take all images at once, in parts that suit the device.
    """
    how, found = find_method(loaded, method), list[Attribution]()
    distinct = list(dict.fromkeys(arm.edits for arm in arms))  # equal arms are one row
    at_once = len(images) if how.quick else 1
    progress = Progress(watch, len(images))
    for start in range(0, len(images), at_once):
        part = slice(start, start + at_once)
        count = len(images[part])
        expected = how.rows(steps or how.steps) * len(distinct) * count
        rows = Rows(
            loaded,
            [Arm(str(i), edits) for i, edits in enumerate(distinct)],
            recorded,
            images=count,
            progress=Progress(progress.part(count), expected),
            bfloat16=bfloat16,
        )
        found += _explained(
            rows,
            images[part],
            arms,
            method=how,
            targets=None if targets is None else targets[part],
            layer=layer,
            steps=steps,
            seed=seed,
        )
        progress.add(count)
    return found


def find_method(loaded: LoadedModel, name: str) -> Method:
    """Return a method that is right for a network; UserError with the reason, or all names."""
    if name not in METHODS:
        raise UserError(f"There is no method “{name}”; choose from {', '.join(METHODS)}.")
    if why := offered(loaded)[name]:
        fit = [other for other, reason in offered(loaded).items() if not reason]
        raise UserError(
            f"{METHODS[name].title} is not right for {loaded.title}: {why}. "
            f"Choose from {', '.join(fit)}."
        )
    return METHODS[name]


def cost(method: str, steps: int = 0) -> int:
    """Count about how many rows a method passes for each arm."""
    return METHODS[method].rows(steps or METHODS[method].steps)


def layer_site(loaded: LoadedModel, name: str) -> Site:
    """Return the SE block that a layer is named by, the last for ""; UserError for no block."""
    known = loaded.probe.sites
    found = [site for site in known if name in (site.name, site.path)] if name else [known[-1]]
    if not found:
        raise UserError(
            f"There is no block “{name}” in {loaded.title}; the last one is {known[-1].name}."
        )
    return found[0]


def _explained(
    rows: Rows,
    images: Floats,
    arms: Sequence[Arm],
    *,
    method: Method,
    targets: Sequence[int] | None,
    layer: str,
    steps: int | None,
    seed: int,
) -> list[Attribution]:
    """Explain a class of each of N images, N×3×H×W; only quick methods take more than one."""
    from seviz.attribution.calls import Job  # which says why only now

    loaded, distinct = rows.loaded, [arm.edits for arm in rows.arms]
    x = torch.from_numpy(images).to(loaded.device, memory_format=torch.channels_last)
    if targets is None or not method.layered:  # else the method's own pass is of the images
        _answers(rows, x)
    firsts = rows.numbers[:: len(distinct)].tolist()  # the rows of the first arm
    followed = (
        [int(rows.first_logits[row].argmax()) for row in firsts] if targets is None else targets
    )
    site = layer_site(loaded, layer) if method.layered else None
    job = Job(
        rows=rows,
        x=x,
        targets=torch.tensor(followed, device=loaded.device),
        baseline=torch.zeros_like(x),
        layer=_holder(loaded, site) if site else "",
        seen=loaded.visible(images[0]),
        steps=steps or method.steps,
        seed=seed,
    )
    scores = _scores(job) if method.complete else None
    found, job = _run(job, method, scores, growing=steps is None)
    of_arm = [distinct.index(arm.edits) for arm in arms]
    return [
        _record(
            job,
            intact=as_array(rows.first_logits[row]),
            target=target,
            maps=as_array(found[row : row + len(distinct)])[of_arm],
            scores=None if scores is None else scores[row : row + len(distinct)][of_arm],
            about=(method, tuple(arms), site),
        )
        for row, target in zip(firsts, followed, strict=True)
    ]


def _record(
    job: "Job",
    *,
    intact: Floats,
    target: int,
    maps: Floats,
    scores: Values | None,
    about: tuple[Method, tuple[Arm, ...], Site | None],
) -> Attribution:
    """Put together what was found of one image: the first arm's logits, K; maps, A×C×H×W."""
    (method, arms, site), loaded = about, job.rows.loaded
    return Attribution(
        model=loaded.key,
        method=method.name,
        arms=arms,
        target=Answer.of(intact, loaded.labels, target),
        maps=maps,
        layer=site.name if site else "",
        scores=scores,
        totals=None if scores is None else maps.sum((1, 2, 3), dtype=np.float64),
        steps=job.steps if method.steps else 0,
    )


def _scores(job: "Job") -> Values:
    """Measure by how much each row's logit of its class exceeds that of the baseline, R."""
    at_image = torch.stack([job.rows.first_logits[row] for row in job.rows.numbers.tolist()])
    more = at_image - _answers(job.rows, job.baseline)
    found: Values = more.gather(1, job.target[:, None])[:, 0].double().cpu().numpy()
    return found


def _run(
    job: "Job", method: Method, scores: Values | None, *, growing: bool
) -> tuple[Tensor, "Job"]:
    """Ask a method; integrated gradients again with twice the steps until they are complete."""
    from seviz.attribution.calls import maps

    while True:
        job.rows.progress.begin_again(method.rows(job.steps) * len(job.rows.numbers))
        found = maps(job, method)
        if method.name != INTEGRATED or not growing or scores is None:
            return found, job
        totals = found.sum((1, 2, 3), dtype=torch.float64).cpu().numpy()
        off = np.abs(totals - scores) / np.maximum(np.abs(scores), 1e-6)
        if off.max() <= TOLERANCE or job.steps >= MOST_STEPS:
            return found, job
        job = replace(job, steps=2 * job.steps)


def _answers(rows: Rows, x: Tensor) -> Tensor:
    """Return all rows' logits for images, R×K."""
    with torch.no_grad():
        said: Tensor = rows(rows.repeated(x), rows.numbers)
    return said


def _holder(loaded: LoadedModel, site: Site) -> str:
    """Return the path of the residual block that holds an SE block."""
    module = sites.holder(loaded.model, site, loaded.probe.sites)
    paths = {other: path for path, other in loaded.model.named_modules()}
    return str(paths[module])
