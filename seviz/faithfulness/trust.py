"""Measures how far an attribution's maps can be trusted, beside control maps."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from seviz.attribution.cpu_fallback import fall_back_to_cpu
from seviz.attribution.maps import attribute
from seviz.attribution.methods import cost
from seviz.attribution.methods import pass_rows as method_rows
from seviz.attribution.rows import Rows, as_output
from seviz.faithfulness.controls import EDGES, RANDOM, RANDOMISED, edge_map, random_map, randomise
from seviz.faithfulness.curves import BASELINES, STEPS, TASKS, curves
from seviz.faithfulness.likeness import likeness
from seviz.passes.estimate import PassRows
from seviz.passes.forward import as_array, as_batch
from seviz.passes.gpu_seconds import counts
from seviz.records.arms import Recorded
from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats
from seviz.records.target import target_of
from seviz.records.trust import MapTrust, Trust
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel

DROPS, CELLS, SHARE = 32, 8, 0.25  # infidelity: draws; cells a side, and the share dropped
SHAKES, RADIUS = 4, 0.02  # sensitivity: draws, and the change of pixels, of the image's range
SENSITIVITY_ROWS = 64  # a method that needs more rows is too slow to be run several times


@counts(lambda _, __, of, **___: pass_rows(of.method, len(of.arms), of.steps).weight)
@fall_back_to_cpu
def trust(
    loaded: LoadedModel,
    image: Floats,
    attribution: Attribution,
    *,
    recorded: Recorded | None = None,
    seed: int = 0,
    watch: Watch | None = None,
) -> Trust:
    """Measure an attribution of an image (3×H×W), its arms against controls.

    Deletion and insertion as in `seviz.faithfulness.curves`; infidelity and sensitivity are
    captum's (Yeh et al., arXiv 1901.09392), infidelity normalised so that methods of other units
    compare; likeness to the first arm's map. All arms are measured with the same random draws.
    """
    arms = list(attribution.arms)
    slow = _is_slow(attribution.method, attribution.steps)
    expected = pass_rows(attribution.method, len(arms), attribution.steps).count
    progress = Progress(watch, expected)
    target = target_of(attribution.target)
    score, output = as_output(target)
    rows = Rows(loaded, arms, recorded, progress=progress, score=score)
    x = as_batch(loaded, image)

    def maps_of(one: Floats, network: LoadedModel = loaded) -> Floats:
        passes = cost(attribution.method, attribution.steps) * len(arms)
        result = attribute(
            network,
            one,
            arms,
            method=attribution.method,
            target=target,
            layer=attribution.layer,
            steps=attribution.steps or None,
            recorded=recorded,
            watch=progress.part(passes),
        )
        progress.add(passes)
        return result.maps

    controls = {
        RANDOM: random_map(image.shape[1], image.shape[2], seed),
        EDGES: edge_map(loaded.visible(image)),
        RANDOMISED: maps_of(image, randomise(loaded, seed)).sum(1)[0],
    }
    pixels = [*attribution.pixels, *controls.values()]
    names = [*(arm.name for arm in arms), *controls]
    arm_of_map = [*range(len(arms)), *[0] * len(controls)]
    curves_of_maps = curves(rows, x, pixels, arm_of_map=arm_of_map, target=output)
    infidelities = _infidelities(rows, x, attribution, target=output, seed=seed)
    sensitivities = [] if slow else _sensitivities(x, attribution, maps_of, seed=seed)
    errors = [] if attribution.errors is None else attribution.errors.tolist()
    return Trust(
        model=loaded.key,
        method=attribution.method,
        target=attribution.target,
        maps=tuple(
            MapTrust(
                name=name,
                control=name in controls,
                curves=curves_of_maps[i],
                infidelity=_of(infidelities, i),
                sensitivity=_of(sensitivities, i),
                completeness=_of(errors, i),
                likeness=likeness(pixels[0], pixels[i]),
            )
            for i, name in enumerate(names)
        ),
    )


def _of(measured: Sequence[float], arm: int) -> float | None:
    """Return an arm's figure; None where it was not measured, as of controls."""
    return measured[arm] if arm < len(measured) else None


def pass_rows(method: str, arms: int, steps: int = 0) -> PassRows:
    """Count about how many rows the measures of a method's maps of some arms pass."""
    runs = 1 + (0 if _is_slow(method, steps) else SHAKES + 1)
    in_curves = (arms + 3) * len(TASKS) * len(BASELINES) * (STEPS + 1)
    other = PassRows(forward=in_curves + arms * (DROPS + 1))
    return method_rows(method, arms, steps) * runs + other


def _is_slow(method: str, steps: int) -> bool:
    return cost(method, steps) > SENSITIVITY_ROWS


def _infidelities(
    rows: Rows, x: Tensor, attribution: Attribution, *, target: int, seed: int
) -> list[float]:
    """Measure each arm's infidelity where random cells, the same for all, get the mean colour.

    target: the output of `rows` that was explained.
    """
    from captum.metrics import infidelity  # only now: see `seviz.attribution.calls`

    measured = []
    for arm, of_arm in enumerate(attribution.maps):
        draw = torch.Generator().manual_seed(seed)

        def drop_cells(inputs: Tensor, draw: torch.Generator = draw) -> tuple[Tensor, Tensor]:
            cells = torch.rand(len(inputs), 1, CELLS, CELLS, generator=draw) < SHARE
            mask = torch.nn.functional.interpolate(cells.float(), inputs.shape[-2:]).to(inputs)
            return mask * inputs, inputs - mask * inputs

        map_ = torch.from_numpy(of_arm)[None].to(x).expand_as(x) * len(of_arm) / 3
        value = infidelity(
            rows,
            drop_cells,
            x,
            map_,
            additional_forward_args=rows.numbers[arm : arm + 1],
            target=target,
            n_perturb_samples=DROPS,
            max_examples_per_batch=rows.batch_sizes.forward.rows,
            normalize=True,
        )
        measured.append(float(value))
    return measured


def _sensitivities(
    x: Tensor, attribution: Attribution, maps_of: Callable[[Floats], Floats], *, seed: int
) -> list[float]:
    """Measure each arm's sensitivity to small changes of the image, which are the same for all."""
    from captum.metrics import sensitivity_max

    count = len(attribution.arms)
    draw = torch.Generator().manual_seed(seed)
    radius = RADIUS * float(x.max() - x.min())
    shaken = (2 * torch.rand(SHAKES, *x.shape[1:], generator=draw).to(x) - 1) * radius + x

    def explain(inputs: tuple[Tensor, ...]) -> tuple[Tensor]:
        if len(inputs[0]) == count:  # the image itself, an arm a row
            return (torch.from_numpy(attribution.maps).to(x),)
        each = np.stack([maps_of(as_array(image)) for image in shaken], 1)
        return (torch.from_numpy(each).flatten(0, 1).to(x),)

    def shake(inputs: Tensor) -> tuple[Tensor]:  # each arm's image, SHAKES times
        return (shaken.repeat(len(inputs) // SHAKES, 1, 1, 1),)

    images = x.expand(count, -1, -1, -1)
    most: Tensor = sensitivity_max(explain, images, shake, n_perturb_samples=SHAKES)
    return [float(value) for value in most]
