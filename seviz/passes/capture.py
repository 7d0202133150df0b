"""The descriptors, gates and answers of many images, without edits: one pass of a batch."""

from dataclasses import dataclass

import torch
from torch import Tensor

from seviz.passes.forward import as_array
from seviz.passes.logits import logits_of
from seviz.records.arms import INTACT
from seviz.records.numbers import Floats
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class Captures:
    """What a batch of N images squeezed and excited: z and s by block (N×C), and logits (N×K).

    All is float32, on the CPU; without a head, the logits have no columns.
    """

    z: dict[str, Floats]
    s: dict[str, Floats]
    logits: Floats


@torch.inference_mode()
def capture(loaded: LoadedModel, x: Tensor) -> Captures:
    """Pass a preprocessed batch (N×3×H×W) through a network as trained."""
    x = x.to(loaded.device, memory_format=torch.channels_last)
    with loaded.probe.ask([INTACT], rows=[0] * len(x)) as captured:
        logits = logits_of(loaded.model, x, loaded.title)
    return Captures(
        {name: as_array(z) for name, z in captured.z.items()},
        {name: as_array(s) for name, s in captured.s_computed.items()},
        as_array(logits[:, : len(loaded.labels)]),
    )
