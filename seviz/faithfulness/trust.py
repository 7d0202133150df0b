"""How far an attribution's maps can be trusted, with controls beside them."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from seviz.attribution.cpu_fallback import fall_back_to_cpu
from seviz.attribution.maps import attribute, cost
from seviz.attribution.rows import Rows
from seviz.faithfulness.controls import EDGES, RANDOM, RANDOMISED, edge_map, random_map, randomised
from seviz.faithfulness.curves import BASELINES, STEPS, TASKS, curves
from seviz.faithfulness.likeness import likeness
from seviz.passes.forward import as_array, as_batch
from seviz.records.arms import Recorded
from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats
from seviz.records.trust import MapTrust, Trust
from seviz.watch import Progress, Watch
from seviz.zoo.models import LoadedModel

DROPS, CELLS, SHARE = 32, 8, 0.25  # infidelity: drawings; cells a side, and the share that goes
SHAKES, RADIUS = 4, 0.02  # sensitivity: drawings, and how far pixels move, of the image's range
SENSITIVITY_ROWS = 64  # a method that needs more rows is too slow to be asked again and again


@fall_back_to_cpu
def trust(
    loaded: LoadedModel,
    image: Floats,
    found: Attribution,
    *,
    recorded: Recorded | None = None,
    seed: int = 0,
    watch: Watch | None = None,
) -> Trust:
    """Measure an attribution of an image (3×H×W), its arms against controls.

    Deletion and insertion as in `seviz.faithfulness.curves`; infidelity and sensitivity are
    captum's (Yeh et al., arXiv 1901.09392), infidelity normalised so that methods of other units
    compare; likeness to the first arm's map. Arms are measured with the same drawings.
    """
    arms = list(found.arms)
    slow = cost(found.method, found.steps) > SENSITIVITY_ROWS
    progress = Progress(watch, _rows(len(arms), found, slow))
    rows = Rows(loaded, arms, recorded, progress=progress)
    x, target = as_batch(loaded, image), found.target.index

    def maps_of(one: Floats, network: LoadedModel = loaded) -> Floats:
        asked = cost(found.method, found.steps) * len(arms)
        explained = attribute(
            network,
            one,
            arms,
            method=found.method,
            target=target,
            layer=found.layer,
            steps=found.steps or None,
            recorded=recorded,
            watch=progress.part(asked),
        )
        progress.add(asked)
        return explained.maps

    controls = {
        RANDOM: random_map(image.shape[1], image.shape[2], seed),
        EDGES: edge_map(loaded.visible(image)),
        RANDOMISED: maps_of(image, randomised(loaded, seed)).sum(1)[0],
    }
    maps = [*found.pixels, *controls.values()]
    names = [*(arm.name for arm in arms), *controls]
    owners = [*range(len(arms)), *[0] * len(controls)]
    drawn = curves(rows, x, maps, owners=owners, target=target)
    infidel = _infidelities(rows, x, found, seed=seed)
    sensitive = [] if slow else _sensitivities(x, found, maps_of, seed=seed)
    errors = [] if found.errors is None else found.errors.tolist()
    return Trust(
        model=loaded.key,
        method=found.method,
        target=found.target,
        maps=tuple(
            MapTrust(
                name=name,
                control=name in controls,
                curves=drawn[i],
                infidelity=_of(infidel, i),
                sensitivity=_of(sensitive, i),
                completeness=_of(errors, i),
                likeness=likeness(maps[0], maps[i]),
            )
            for i, name in enumerate(names)
        ),
    )


def _of(measured: Sequence[float], arm: int) -> float | None:
    """Return an arm's figure; None where it was not measured, as of controls."""
    return measured[arm] if arm < len(measured) else None


def _rows(arms: int, found: Attribution, slow: bool) -> int:
    """Count about how many rows pass."""
    asked = 1 + (0 if slow else SHAKES + 1)
    drawn = (arms + 3) * len(TASKS) * len(BASELINES) * (STEPS + 1)
    return asked * cost(found.method, found.steps) * arms + drawn + arms * (DROPS + 1)


def _infidelities(rows: Rows, x: Tensor, found: Attribution, *, seed: int) -> list[float]:
    """Drop random cells of a grid to the mean colour, the same ones for each arm."""
    from captum.metrics import infidelity  # only now: see `seviz.attribution.calls`

    measured = []
    for arm, of_arm in enumerate(found.maps):
        draw = torch.Generator().manual_seed(seed)

        def dropped(inputs: Tensor, draw: torch.Generator = draw) -> tuple[Tensor, Tensor]:
            cells = torch.rand(len(inputs), 1, CELLS, CELLS, generator=draw) < SHARE
            mask = torch.nn.functional.interpolate(cells.float(), inputs.shape[-2:]).to(inputs)
            return mask * inputs, inputs - mask * inputs

        map_ = torch.from_numpy(of_arm)[None].to(x).expand_as(x) * len(of_arm) / 3
        off = infidelity(
            rows,
            dropped,
            x,
            map_,
            additional_forward_args=rows.numbers[arm : arm + 1],
            target=found.target.index,
            n_perturb_samples=DROPS,
            max_examples_per_batch=rows.batch_sizes.forward.rows,
            normalize=True,
        )
        measured.append(float(off))
    return measured


def _sensitivities(
    x: Tensor, found: Attribution, maps_of: Callable[[Floats], Floats], *, seed: int
) -> list[float]:
    """Shake the image a little, each time the same for all arms, which are asked together."""
    from captum.metrics import sensitivity_max

    count = len(found.arms)
    draw = torch.Generator().manual_seed(seed)
    radius = RADIUS * float(x.max() - x.min())
    shaken = (2 * torch.rand(SHAKES, *x.shape[1:], generator=draw).to(x) - 1) * radius + x

    def explained(inputs: tuple[Tensor, ...]) -> tuple[Tensor]:
        if len(inputs[0]) == count:  # the image itself, an arm a row
            return (torch.from_numpy(found.maps).to(x),)
        each = np.stack([maps_of(as_array(image)) for image in shaken], 1)
        return (torch.from_numpy(each).flatten(0, 1).to(x),)

    def shake(inputs: Tensor) -> tuple[Tensor]:  # each arm's image, SHAKES times
        return (shaken.repeat(len(inputs) // SHAKES, 1, 1, 1),)

    images = x.expand(count, -1, -1, -1)
    most: Tensor = sensitivity_max(explained, images, shake, n_perturb_samples=SHAKES)
    return [float(value) for value in most]
