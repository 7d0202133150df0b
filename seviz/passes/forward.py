"""Runs a photograph through a network in some arms, and records the answers and gates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from seviz.errors import UserError
from seviz.passes.branching import pass_arms, whole_note
from seviz.passes.gpu_seconds import counts, on_cpu
from seviz.passes.logits import logits_of
from seviz.photos.file import file_of
from seviz.photos.read import Photo
from seviz.records.arms import INTACT, Arm, Edit, Recorded, check_arms
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps, Trace
from seviz.zoo.models import LoadedModel, load_twin


@counts(lambda _, __, arms, **___: 2 * len(arms))
@torch.inference_mode()
def trace(
    loaded: LoadedModel,
    photo: Photo,
    arms: Sequence[Arm],
    *,
    recorded: Recorded | None = None,
) -> Trace:
    """Trace a photograph, or its file, through a network; all arms are rows of one forward pass.

    recorded holds the gates of static and resampled arms (`seviz.reference.recorded`). Raises
    UserError for what is no photograph or no arm, for an edit of a place that the network does not
    have, and where an arm's logits are not finite.
    """
    check_arms(arms)
    if not isinstance(recorded, Mapping | None):
        raise UserError("recorded is what seviz.recorded_for(key, arms) returns; give that.")
    record = retrace(loaded, as_array(loaded.prepare(photo))[0], arms, recorded=recorded)
    return replace(record, photo=file_of(photo))


@counts(lambda _, __, arms, **___: 2 * len(arms))
@torch.inference_mode()
def retrace(
    loaded: LoadedModel, image: Floats, arms: Sequence[Arm], *, recorded: Recorded | None = None
) -> Trace:
    """Trace a preprocessed image (3×H×W, such as a trace's image), as `trace` does a photograph."""
    x = as_batch(loaded, image)
    own, rows = split_twin(arms)
    if not own:  # the twin alone has no gates, and the record holds the blocks that it lacks
        own, rows = [INTACT], [1 for _ in arms]
    logits, captured = pass_arms(loaded, x, own, recorded=recorded, norms=len(own) > 1)
    if any(arm.is_twin for arm in arms):
        logits = torch.cat([logits, load_twin(loaded)(x)])
    logits = logits[rows]
    check_finite(loaded, (arm.name for arm in arms), logits.flatten(1))
    logits = logits[:, : len(loaded.labels)]  # without a head, the outputs are no answers
    return Trace(
        model=loaded.key,
        sites=loaded.probe.sites,
        arms=loaded.source.named(arms),
        labels=loaded.labels,
        head=loaded.head,
        z=_arrays(captured.z, rows),
        s=_arrays(captured.s, rows),
        s_computed=_arrays(captured.s_computed, rows),
        logits=as_array(logits),
        temperature=loaded.temperature,
        image=image,
        seen=loaded.visible(image),
        shift=_arrays(
            {k: torch.stack(of_norms).mean(0) for k, of_norms in captured.shifts.items()}, rows
        ),
        note=whole_note(loaded),
    )


@torch.inference_mode()
def arm_logits(
    loaded: LoadedModel, image: Floats, arms: Sequence[Arm], *, recorded: Recorded | None = None
) -> Floats:
    """Return the logits of an image (3×H×W) in many arms, arms×K; raises as `trace` does."""
    logits, _ = pass_arms(loaded, as_batch(loaded, image), arms, recorded=recorded, gates=False)
    check_finite(loaded, (arm.name for arm in arms), logits)
    return as_array(logits)


@on_cpu
def edited_logits(
    loaded: LoadedModel, image: Floats, edit: Edit, *, recorded: Recorded | None = None
) -> Floats:
    """Return the logits (K) of an image (3×H×W) with one edit; raises as `trace` does."""
    logits: Floats = arm_logits(loaded, image, [Arm("edited", (edit,))], recorded=recorded)[0]
    return logits


def split_twin(arms: Sequence[Arm]) -> tuple[list[Arm], list[int]]:
    """Separate the arms of a network from its twin.

    Return the network's arms, and the row of each of `arms` in a batch of these and the twin last.
    """
    own = [arm for arm in arms if not arm.is_twin]
    return own, [own.index(arm) if arm in own else len(own) for arm in arms]


def check_finite(loaded: LoadedModel, names: Iterable[str], logits: Tensor) -> None:
    """Raise UserError where an arm's logits are not finite; logits: arms×K; names: the arms'."""
    for name, finite in zip(names, logits.isfinite().all(1).tolist(), strict=True):
        if not finite:
            raise UserError(
                f"In the arm “{name}” the answer of {loaded.title} overflows; choose another "
                "arm or network."
            )


@on_cpu
@torch.inference_mode()
def feature_maps(
    loaded: LoadedModel,
    image: Floats,
    site_name: str,
    *,
    arm: Arm = INTACT,
    recorded: Recorded | None = None,
) -> FeatureMaps:
    """Run a trace's image (3×H×W) again, and record one block's features U and gates."""
    x = as_batch(loaded, image)
    with loaded.probe.ask([arm], features_of=[site_name], recorded=recorded) as captured:
        logits_of(loaded.model, x, loaded.title)
    site = next(site for site in loaded.probe.sites if site.name == site_name)
    groups = [captured.u, captured.s, captured.s_computed, captured.z]
    if not site.squeezed:
        groups.append(captured.gates)
    return FeatureMaps(site, *(as_array(group[site_name])[0] for group in groups))


def as_batch(loaded: LoadedModel, image: Floats) -> Tensor:
    """Copy an image (3×H×W) to a network's device, as a batch of one."""
    return torch.from_numpy(image)[None].to(loaded.device, memory_format=torch.channels_last)


def _arrays(tensors: dict[str, Tensor], rows: Sequence[int]) -> dict[str, Floats]:
    """Copy captured tensors in the order of rows; the twin's row, behind all others, is NaN."""
    return {name: _append_nan(as_array(tensor))[rows] for name, tensor in tensors.items()}


def _append_nan(captured: Floats) -> Floats:
    return np.concatenate([captured, np.full_like(captured[:1], np.nan)])


def as_array(tensor: Tensor) -> Floats:
    """Copy a tensor of any dtype and device to a C-ordered float32 array."""
    return np.ascontiguousarray(tensor.float().cpu().numpy())
