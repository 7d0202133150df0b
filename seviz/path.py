"""How much of a photograph's gates is enough: from its own gates to reference gates."""

from collections.abc import Mapping

import numpy as np

from seviz.records import AlphaPath, Arm, Edit, Floats, Rule
from seviz.trace import answers
from seviz.zoo import LoadedModel


def alpha_path(
    loaded: LoadedModel,
    image: Floats,
    s: Mapping[str, Floats],
    reference: Mapping[str, Floats],
    name: str,
    steps: int = 21,
) -> AlphaPath:
    """Answer an image (3×H×W) with all gates at (1 − α)·s + α·reference, for α from 0 to 1.

    s and reference hold C gates by site; name is what the reference is called. All gates are put in
    place as recorded, so that a point of the path means the same whatever a block would compute.
    """
    alphas = np.linspace(0, 1, steps, dtype=np.float32)
    rules = [Rule("resample", source=f"{name} at {alpha:.4f}") for alpha in alphas]
    recorded = {
        rule: {site: (1 - alpha) * s[site] + alpha * reference[site] for site in s}
        for rule, alpha in zip(rules, alphas, strict=True)
    }
    arms = [Arm(rule.source, (Edit(rule),)) for rule in rules]
    return AlphaPath(name, alphas, answers(loaded, image, arms, recorded))
