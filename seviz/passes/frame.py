"""The pass of one frame of a camera: as that of a photograph, but its answer is never kept.

No frame comes twice, so that a kept answer would serve nobody and push out those that do.
"""

from collections.abc import Sequence

from PIL import Image

from seviz.passes.answer_cache import not_kept
from seviz.passes.forward import trace
from seviz.passes.gpu_seconds import counts
from seviz.records.arms import Arm, Recorded
from seviz.records.trace import Trace
from seviz.zoo.models import LoadedModel


@not_kept
@counts(lambda _, __, arms, **___: 2 * len(arms))
def trace_frame(
    loaded: LoadedModel, frame: Image.Image, arms: Sequence[Arm], *, recorded: Recorded
) -> Trace:
    """Trace a frame in some arms; arguments and errors are those of `trace`."""
    return trace(loaded, frame, arms, recorded=recorded)
