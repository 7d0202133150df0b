"""A photograph, a network and some arms in; what the network did, as a record, out."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from seviz.errors import UserError
from seviz.records import INTACT, Arm, FeatureMaps, Floats, Recorded, Trace
from seviz.zoo import LoadedModel


@torch.inference_mode()
def trace(
    loaded: LoadedModel,
    photo: Image.Image,
    arms: Sequence[Arm],
    recorded: Recorded | None = None,
) -> Trace:
    """Ask a network about an RGB photograph: all arms are rows of one forward pass.

    recorded holds the gates of static and resampled arms (`seviz.references`). Raises UserError for
    an edit that the network has no place for, and where an arm's answer is not a number.
    """
    image = loaded.prepare(photo)
    with loaded.probe.ask(arms, recorded=recorded) as heard:
        logits = loaded.model(_repeat(image, len(arms)))
    for arm, row in zip(arms, logits.isfinite().all(1).tolist(), strict=True):
        if not row:
            raise UserError(
                f"In the arm “{arm.name}” the answer of {loaded.title} overflows; choose another "
                "arm or network."
            )
    received = _array(image)[0]
    return Trace(
        model=loaded.key,
        sites=loaded.probe.sites,
        arms=tuple(arms),
        labels=loaded.labels,
        z=_arrays(heard.z),
        s=_arrays(heard.s),
        s_computed=_arrays(heard.s_computed),
        logits=_array(logits),
        temperature=loaded.temperature,
        image=received,
        seen=loaded.visible(received),
    )


@torch.inference_mode()
def feature_maps(
    loaded: LoadedModel,
    image: Floats,
    site_name: str,
    arm: Arm = INTACT,
    recorded: Recorded | None = None,
) -> FeatureMaps:
    """Run a trace's image (3×H×W) again to keep one block's features U and its gates s."""
    x = torch.from_numpy(image)[None].to(loaded.device, memory_format=torch.channels_last)
    with loaded.probe.ask([arm], features_of=[site_name], recorded=recorded) as heard:
        loaded.model(x)
    site = next(site for site in loaded.probe.sites if site.name == site_name)
    kept = (heard.u, heard.s, heard.s_computed)
    return FeatureMaps(site, *(_array(group[site_name])[0] for group in kept))


def _repeat(image: Tensor, rows: int) -> Tensor:
    return image.expand(rows, -1, -1, -1).contiguous(memory_format=torch.channels_last)


def _arrays(tensors: dict[str, Tensor]) -> dict[str, Floats]:
    return {name: _array(tensor) for name, tensor in tensors.items()}


def _array(tensor: Tensor) -> Floats:
    """Copy a tensor of any dtype and device to a C-ordered float32 array."""
    return np.ascontiguousarray(tensor.float().cpu().numpy())
