"""A photograph, a network and some arms in; what the network did, as a record, out."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from seviz.errors import UserError
from seviz.records.arms import INTACT, TWIN, Arm, Recorded
from seviz.records.numbers import Floats
from seviz.records.trace import FeatureMaps, Trace
from seviz.zoo.models import LoadedModel, load_twin


@torch.inference_mode()
def trace(
    loaded: LoadedModel,
    photo: Image.Image,
    arms: Sequence[Arm],
    *,
    recorded: Recorded | None = None,
) -> Trace:
    """Ask a network about an RGB photograph: all arms are rows of one forward pass.

    recorded holds the gates of static and resampled arms (`seviz.reference.recorded`). Raises
    UserError for an edit that the network has no place for, and where an arm's answer is not a
    number.
    """
    return retrace(loaded, as_array(loaded.prepare(photo))[0], arms, recorded=recorded)


@torch.inference_mode()
def retrace(
    loaded: LoadedModel, image: Floats, arms: Sequence[Arm], *, recorded: Recorded | None = None
) -> Trace:
    """Ask as `trace` does, about what the network received (3×H×W, such as a trace's image)."""
    x = as_batch(loaded, image)
    own, rows = apart(arms)
    with loaded.probe.branch(own, recorded, norms=len(own) > 1) as captured:
        logits = loaded.model(x)[captured.rows]
    if len(own) < len(arms):
        logits = torch.cat([logits, load_twin(loaded.source)(x)])
    logits = logits[rows]
    check(loaded, (arm.name for arm in arms), logits)
    return Trace(
        model=loaded.key,
        sites=loaded.probe.sites,
        arms=tuple(arms),
        labels=loaded.labels,
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
    )


@torch.inference_mode()
def answers(
    loaded: LoadedModel, image: Floats, arms: Sequence[Arm], *, recorded: Recorded | None = None
) -> Floats:
    """Return only the logits, arms×K, for many arms of an image (3×H×W); raises as `trace` does."""
    with loaded.probe.branch(arms, recorded, gates=False) as captured:
        logits = loaded.model(as_batch(loaded, image))[captured.rows]
    check(loaded, (arm.name for arm in arms), logits)
    return as_array(logits)


def apart(arms: Sequence[Arm]) -> tuple[list[Arm], list[int]]:
    """Tell a network's own arms from its twin: them, and each arm's row, the twin's last."""
    own = [arm for arm in arms if arm.edits != TWIN.edits]
    return own, [own.index(arm) if arm in own else len(own) for arm in arms]


def check(loaded: LoadedModel, names: Iterable[str], logits: Tensor) -> None:
    """Refuse logits, arms×K, that are not numbers; names: the arms'."""
    for name, row in zip(names, logits.isfinite().all(1).tolist(), strict=True):
        if not row:
            raise UserError(
                f"In the arm “{name}” the answer of {loaded.title} overflows; choose another "
                "arm or network."
            )


@torch.inference_mode()
def feature_maps(
    loaded: LoadedModel,
    image: Floats,
    site_name: str,
    *,
    arm: Arm = INTACT,
    recorded: Recorded | None = None,
) -> FeatureMaps:
    """Run a trace's image (3×H×W) again to keep one block's features U and its gates."""
    x = as_batch(loaded, image)
    with loaded.probe.ask([arm], features_of=[site_name], recorded=recorded) as captured:
        loaded.model(x)
    site = next(site for site in loaded.probe.sites if site.name == site_name)
    captured_of = [captured.u, captured.s, captured.s_computed, captured.z]
    if not site.squeezed:
        captured_of.append(captured.gates)
    return FeatureMaps(site, *(as_array(group[site_name])[0] for group in captured_of))


def as_batch(loaded: LoadedModel, image: Floats) -> Tensor:
    """Bring an image (3×H×W) to a network's device, as a batch of one."""
    return torch.from_numpy(image)[None].to(loaded.device, memory_format=torch.channels_last)


def _arrays(tensors: dict[str, Tensor], rows: Sequence[int]) -> dict[str, Floats]:
    """Copy what was captured, in the order of rows; a row beyond it, the twin's, is NaN."""
    return {name: _with_nan(as_array(tensor))[rows] for name, tensor in tensors.items()}


def _with_nan(captured: Floats) -> Floats:
    return np.concatenate([captured, np.full_like(captured[:1], np.nan)])


def as_array(tensor: Tensor) -> Floats:
    """Copy a tensor of any dtype and device to a C-ordered float32 array."""
    return np.ascontiguousarray(tensor.float().cpu().numpy())
