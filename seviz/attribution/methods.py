"""The methods, all of them captum's, and which of them are right for which network."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from seviz.attribution.rows import replica
from seviz.gates.probe import uses
from seviz.zoo.models import LoadedModel

SUPERPIXELS = 50
WINDOWS = 8  # occluding windows along a side; they move by half their own side
OTHER_ACTIVATIONS = (nn.SiLU, nn.GELU, nn.Hardswish, nn.ELU, nn.LeakyReLU, nn.PReLU, nn.Mish)

Cost = Callable[[int], int]  # of steps or samples: about how many rows pass, an arm


@dataclass(frozen=True)
class Method:
    """A method: its name, what people read of it, and what it needs.

    rows: about how many rows pass an arm, by the steps; steps: how many of a path, or samples, it
    takes unless told; 0 where it takes none. relus: it changes what ReLUs do in the backward pass,
    so it is right only for networks whose activations all are; single_use: and only where no ReLU
    serves at several places. complete: its map should add up to the logit minus the baseline's.
    layered: it looks at one layer's output. hooks: it registers hooks of its own.
    """

    name: str
    title: str
    says: str
    rows: Cost
    steps: int = 0
    relus: bool = False
    single_use: bool = False
    complete: bool = False
    layered: bool = False
    hooks: bool = False

    @property
    def quick(self) -> bool:
        """Tell whether rows pass once or twice: then many images go together."""
        return self.rows(self.steps) <= 2


GRADCAM, INTEGRATED = "gradcam", "integrated_gradients"
METHODS = {
    method.name: method
    for method in (
        Method(
            GRADCAM,
            "Grad-CAM",
            "Where the features of a stage that raise the answer are active: coarse, and at once.",
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
        ),
        Method(
            "feature_ablation",
            "Superpixel ablation",
            "How far the logit falls when a piece of like colour is covered by mean colour.",
            lambda _: SUPERPIXELS + 1,
        ),
        Method(
            "layer_activation",
            "Layer activation",
            "How active a stage’s features are at each place, whatever the answer.",
            lambda _: 1,
            layered=True,
            hooks=True,
        ),
    )
}


def offered(loaded: LoadedModel) -> dict[str, str]:
    """Tell which methods are right for a network: by name, why not, or ""."""
    found: dict[str, str] | None = loaded.cache.get(Method)
    if found is None:
        found = loaded.cache[Method] = _offered(loaded)
    return found


def _offered(loaded: LoadedModel) -> dict[str, str]:
    own = replica(loaded.model)
    other = {type(m).__name__ for m in own.modules() if isinstance(m, OTHER_ACTIVATIONS)}
    x = torch.zeros(1, *loaded.input_size, device=loaded.device)
    with torch.inference_mode():
        often = [n for n in uses(own, nn.ReLU, lambda: own(x)).values() if n > 1]
    no_relu = "" if not other else f"its activations are not ReLUs ({', '.join(sorted(other))})"
    reused = "" if not often else "one ReLU serves several of its places"
    return {
        m.name: (no_relu if m.relus else "") or (reused if m.single_use else "")
        for m in METHODS.values()
    }
