"""The methods of attribution, all captum's, and the networks that each is right for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seviz.errors import UserError
from seviz.passes.estimate import PassRows
from seviz.passes.gpu_seconds import on_cpu
from seviz.phrases import brief, nearest_names

if TYPE_CHECKING:
    from seviz.zoo.models import LoadedModel


SUPERPIXELS = 50
WINDOWS = 8  # occluding windows along a side; they move by half their own side
OTHER_ACTIVATIONS = ("SiLU", "GELU", "Hardswish", "ELU", "LeakyReLU", "PReLU", "Mish")

Cost = Callable[[int], int]  # from steps or samples to about how many rows pass for each arm

OTHER_NAMES = {  # by what others call a method
    "cam": "gradcam",
    "deconvnet": "deconvolution",
    "gbp": "guided_backprop",
    "grad": "saliency",
    "gradient": "saliency",
    "gradients": "saliency",
    "ig": "integrated_gradients",
    "intgrad": "integrated_gradients",
    "ixg": "input_x_gradient",
    "shap": "gradient_shap",
    "vanilla": "saliency",
}


@dataclass(frozen=True)
class Method:
    """A method: its name, its title and summary for people, and what it needs.

    rows: about how many rows pass for each arm, by the steps; steps: the default number of a path's
    steps, or of samples; 0 where it takes none. relus: it changes the backward pass of ReLUs, so it
    is right only where all activations are ReLUs; single_use: and only where no ReLU is used at
    several places. complete: its map should add up to the logit minus the baseline's.
    layered: it explains one layer's output. hooks: it registers hooks of its own. gradients: its
    rows pass with gradients.
    """

    name: str
    title: str
    summary: str
    rows: Cost
    steps: int = 0
    relus: bool = False
    single_use: bool = False
    complete: bool = False
    layered: bool = False
    hooks: bool = False
    gradients: bool = True

    @property
    def quick(self) -> bool:
        """Tell whether rows pass only once or twice, so that many images can pass at once."""
        return self.rows(self.steps) <= 2


GRADCAM, INTEGRATED = "gradcam", "integrated_gradients"
METHODS = {
    method.name: method
    for method in (
        Method(
            GRADCAM,
            "Grad-CAM",
            "Where the features of a stage that raise the answer are active: coarse, but fast.",
            lambda _: 1,
            layered=True,
            hooks=True,
        ),
        Method(
            INTEGRATED,
            "Integrated gradients",
            "What each pixel adds to the answer on the way from the mean colour to the photograph; "
            "the shares add up to the logit’s difference.",
            lambda steps: steps,
            steps=32,
            complete=True,
        ),
        Method(
            "saliency",
            "Saliency",
            "How much the answer would change with each pixel, for small changes.",
            lambda _: 1,
        ),
        Method(
            "input_x_gradient",
            "Input × gradient",
            "The pixel times the answer’s slope by it: its share, if the network were linear.",
            lambda _: 1,
        ),
        Method(
            "smoothgrad",
            "SmoothGrad",
            "Saliency averaged over copies with noise, so that its flicker cancels out.",
            lambda steps: steps,
            steps=24,
        ),
        Method(
            "gradient_shap",
            "Gradient SHAP",
            "Integrated gradients from random points between blurred or grey and noisy images.",
            lambda steps: steps,
            steps=24,
        ),
        Method(
            "deeplift",
            "DeepLift",
            "Differences from the mean colour, handed back through every layer; a gate multiplies, "
            "which its rules don’t cover: mind the completeness error.",
            lambda _: 2,
            relus=True,
            hooks=True,
            single_use=True,
            complete=True,
        ),
        Method(
            "guided_backprop",
            "Guided backprop",
            "The gradient with negative parts dropped at each ReLU: sharp, but mostly edges.",
            lambda _: 1,
            relus=True,
            hooks=True,
        ),
        Method(
            "deconvolution",
            "Deconvolution",
            "What would feed the answer if signals ran backwards, dropping negatives at each ReLU.",
            lambda _: 1,
            relus=True,
            hooks=True,
        ),
        Method(
            "guided_gradcam",
            "Guided Grad-CAM",
            "Guided backprop where Grad-CAM says that it matters.",
            lambda _: 2,
            relus=True,
            layered=True,
            hooks=True,
        ),
        Method(
            "occlusion",
            "Occlusion",
            "How far the logit falls when a window of the photograph is covered by mean colour.",
            lambda _: (2 * WINDOWS - 1) ** 2 + 1,
            gradients=False,
        ),
        Method(
            "feature_ablation",
            "Superpixel ablation",
            "How far the logit falls when a piece of like colour is covered by mean colour.",
            lambda _: SUPERPIXELS + 1,
            gradients=False,
        ),
        Method(
            "layer_activation",
            "Layer activation",
            "How active a stage’s features are at each place, whatever the answer.",
            lambda _: 1,
            layered=True,
            hooks=True,
            gradients=False,
        ),
    )
}


def cost(method: str, steps: int = 0) -> int:
    """Count about how many rows a method passes for each arm."""
    return METHODS[method].rows(steps or METHODS[method].steps)


def pass_rows(method: str, arms: int, steps: int = 0) -> PassRows:
    """Count about how many rows a method passes for some arms, by kind."""
    count = cost(method, steps) * arms
    return PassRows(gradients=count) if METHODS[method].gradients else PassRows(forward=count)


@on_cpu
def reasons_against(loaded: LoadedModel) -> dict[str, str]:
    """Return why each method, by its name, is not right for a network; "" where it is."""
    reasons: dict[str, str] | None = loaded.cache.get(Method)
    if reasons is None:
        reasons = loaded.cache[Method] = _find_reasons(loaded)
    return reasons


def _find_reasons(loaded: LoadedModel) -> dict[str, str]:
    import torch
    from torch import nn

    from seviz.attribution.rows import replica
    from seviz.gates.hooks import uses

    model = replica(loaded.model)
    others = tuple(getattr(nn, name) for name in OTHER_ACTIVATIONS)
    other = {type(m).__name__ for m in model.modules() if isinstance(m, others)}
    x = torch.zeros(1, *loaded.input_size, device=loaded.device)
    with torch.inference_mode():
        reuses = [n for n in uses(model, nn.ReLU, lambda: model(x)).values() if n > 1]
    no_relu = "" if not other else f"its activations are not ReLUs ({', '.join(sorted(other))})"
    reused = "" if not reuses else "one ReLU serves several of its places"
    return {
        m.name: (no_relu if m.relus else "") or (reused if m.single_use else "")
        for m in METHODS.values()
    }


def unknown_method(name: object) -> UserError:
    """Return the error of a name that no method has: with the nearest names, else with all."""
    text = str(name)
    plain = re.sub(r"\W+", "_", text[:80].lower())
    known = OTHER_NAMES.get(plain)
    near = [known] if known else nearest_names(plain, METHODS, count=2, cutoff=0.6)
    advice = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(METHODS)}."
    return UserError(f"There is no method “{brief(text)}”; {advice}")
