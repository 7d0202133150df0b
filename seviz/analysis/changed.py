"""Passes a photograph through a network at several strengths of a change, in several arms.

All photographs and arms are rows of common batches.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from seviz.analysis.attack import attack_signs
from seviz.errors import UserError
from seviz.passes.batch_size import BatchSizes
from seviz.passes.estimate import GRADIENT
from seviz.passes.forward import as_array, check_finite, split_twin
from seviz.passes.gpu_seconds import counts
from seviz.passes.logits import logits_of
from seviz.photos.changed import Box, changed
from seviz.photos.changes import ATTACKED, JIGSAW, PAINTED, find_change
from seviz.photos.crop import crop_box, resized
from seviz.photos.read import Photo, as_rgb
from seviz.records.arms import INTACT, Arm, Recorded, check_arms
from seviz.records.drift import Changing, Drift, Passed
from seviz.zoo.models import LoadedModel, load_twin

IN_SIGHT = (JIGSAW, PAINTED, ATTACKED)  # changes of the part that the network sees


@dataclass(frozen=True)
class _Rows:
    """What a batch of rows gave: s by site (rows×C), before the edits, and logits (rows×K)."""

    s: dict[str, Tensor]
    logits: Tensor


@counts(lambda _, __, changing, *, arms, **___: len(changing.strengths) * len(arms) + GRADIENT)
def drift(
    loaded: LoadedModel,
    photo: Photo,
    changing: Changing,
    *,
    arms: Sequence[Arm],
    recorded: Recorded | None = None,
    whole: Collection[float] = (),
) -> Drift:
    """Pass a photograph at the strengths of a change, and unchanged, through a network in arms.

    recorded: as of `seviz.passes.forward.trace`, which says the same of each changed photograph
    that is saved without loss; whole: strengths whose photographs are returned whole, not only the
    part that the network sees. UserError as of `trace`, and for a change that can't be made.
    """
    check_arms(arms)
    neutral = find_change(changing.change).neutral
    strengths = tuple(dict.fromkeys((neutral, *changing.strengths)))
    pictures = changed_photographs(loaded, photo, changing.at(*strengths))
    x = torch.stack([loaded.transform(picture) for picture in pictures])
    own, rows = split_twin(arms)
    if not own:  # the twin alone has no gates
        own, rows = [INTACT], [1 for _ in arms]
    gates, logits = _pass(loaded, x, own, recorded=recorded)
    if any(arm.is_twin for arm in arms):
        logits = np.concatenate([logits, _pass_twin(loaded, x)], axis=1)
        gates = {
            name: np.concatenate([s, np.full_like(s[:, :1], np.nan)], 1)
            for name, s in gates.items()
        }
    names = [arm.name for arm in arms]
    for of_point in logits[:, rows]:
        check_finite(loaded, names, torch.from_numpy(of_point))
    inputs = as_array(x)
    points = [
        Passed(
            strength,
            {name: s[i, rows] for name, s in gates.items()},
            logits[i, rows, : len(loaded.labels)],
            loaded.visible(inputs[i]),
            np.asarray(pictures[i]) if strength in whole else None,
        )
        for i, strength in enumerate(strengths)
    ]
    return Drift(
        changing=changing.at(neutral),
        model=loaded.key,
        sites=loaded.probe.sites,
        arms=loaded.source.named(arms),
        labels=loaded.labels,
        photo=inputs[0],
        points=tuple(points[:1]),
        head=loaded.head,
    ).with_points(points)


def changed_photographs(loaded: LoadedModel, photo: Photo, changing: Changing) -> list[Image.Image]:
    """Return the photograph at each strength of a change, at the size that the network cuts from.

    So strengths mean the same for files of all sizes; and of an unchanged photograph the network
    sees the same as of its file. UserError for a change that can't be made.
    """
    upright, change = as_rgb(photo), find_change(changing.change)
    base = resized(loaded.transform, upright)
    box, signs = None, None
    if change.name in IN_SIGHT:
        box = _box_in_sight(loaded, base, needed=change.name == ATTACKED)
    if change.name == ATTACKED and any(strength != 0 for strength in changing.strengths):
        signs = attack_signs(loaded, base)

    def at(strength: float) -> Image.Image:
        picture = changed(
            upright if change.of_file else base,
            change.name,
            strength,
            seed=changing.seed,
            box=box,
            region=changing.region,
            mask=changing.mask,
            signs=signs,
        )
        return resized(loaded.transform, picture) if change.of_file else picture

    return [at(strength) for strength in changing.strengths]


def _box_in_sight(loaded: LoadedModel, base: Image.Image, *, needed: bool) -> Box | None:
    """Return the part of a resized photograph that the network sees, in whole pixels.

    None where it is not known; UserError where it is needed.
    """
    box = crop_box(loaded.transform, base.size)
    if box is None:
        if needed:
            raise UserError(
                f"The preprocessing of {loaded.title} is not a crop, so a step of its input is no "
                "photograph; take another change."
            )
        return None
    left, top, right, bottom = (round(edge) for edge in box)
    return max(left, 0), max(top, 0), min(right, base.width), min(bottom, base.height)


@torch.inference_mode()
def _pass(
    loaded: LoadedModel, x: Tensor, arms: Sequence[Arm], *, recorded: Recorded | None
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Pass N images in A arms, as rows of batches; return s by site, N×A×C, and logits, N×A×K."""
    count = len(arms)

    def work(start: int, stop: int) -> _Rows:
        at = range(start, stop)
        some = x[[row // count for row in at]]
        some = some.to(loaded.device, memory_format=torch.channels_last)
        of_rows = [row % count for row in at]
        with loaded.probe.ask(arms, of_rows, recorded=recorded) as captured:
            logits = logits_of(loaded.model, some, loaded.title)
        return _Rows(dict(captured.s_computed), logits)

    sizes = BatchSizes.of(loaded).forward
    parts = [part for _, part in sizes.batches(len(x) * count, work, group=count)]
    gates = {
        site.name: as_array(torch.cat([part.s[site.name] for part in parts]))
        for site in loaded.probe.sites
    }
    logits = as_array(torch.cat([part.logits for part in parts]))
    return (
        {name: s.reshape(len(x), count, -1) for name, s in gates.items()},
        logits.reshape(len(x), count, -1),
    )


@torch.inference_mode()
def _pass_twin(loaded: LoadedModel, x: Tensor) -> np.ndarray:
    """Pass N images through a network's twin; return the logits, N×1×K."""
    twin = load_twin(loaded)

    def work(start: int, stop: int) -> Tensor:
        some: Tensor = twin(x[start:stop].to(loaded.device, memory_format=torch.channels_last))
        return some

    parts = [part for _, part in BatchSizes.of(loaded).forward.batches(len(x), work)]
    return as_array(torch.cat(parts))[:, None]
