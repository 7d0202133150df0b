"""The answer on the path α from a photograph's own gates to reference gates."""

from collections.abc import Mapping

import numpy as np
import torch

from seviz.passes.batch_size import BatchSizes
from seviz.passes.branching import pass_gates
from seviz.passes.forward import as_array, as_batch, check_finite
from seviz.passes.gpu_seconds import counts
from seviz.records.analysis import AlphaPath
from seviz.records.numbers import Floats
from seviz.zoo.models import LoadedModel


@counts(lambda *_, steps=21, **__: steps)
@torch.inference_mode()
def alpha_path(
    loaded: LoadedModel,
    image: Floats,
    *,
    s: Mapping[str, Floats],
    reference: Mapping[str, Floats],
    name: str,
    steps: int = 21,
) -> AlphaPath:
    """Compute logits of an image (3×H×W) with all gates at (1 − α)·s + α·reference, α from 0 to 1.

    s and reference hold C gates by site; name is the reference's. All gates are set from outside,
    so that no block's gates react to the edited gates of the blocks before it.
    """
    alphas = np.linspace(0, 1, steps, dtype=np.float32)
    x = as_batch(loaded, image)

    def logits_of(start: int, stop: int) -> torch.Tensor:
        some = alphas[start:stop, None]
        between = {site: (1 - some) * s[site] + some * reference[site] for site in s}
        gates = {site: torch.from_numpy(g) for site, g in between.items()}
        return pass_gates(loaded, x, gates)

    batches = BatchSizes.of(loaded).forward.batches(steps, logits_of)
    logits = torch.cat([batch for _, batch in batches])
    check_finite(loaded, [f"α = {alpha:.2f}" for alpha in alphas], logits)
    return AlphaPath(name, alphas, as_array(logits), loaded.head)
