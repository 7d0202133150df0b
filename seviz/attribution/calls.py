"""What each method asks of captum. It is imported when something is first explained.

captum brings matplotlib with it, and superpixels half of SciPy: a second of the app's start.

Whatever is drawn at random is drawn once for all arms, from a generator of its own, so arms differ
by their gates alone.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from captum.attr import (
    Deconvolution,
    DeepLift,
    FeatureAblation,
    GuidedBackprop,
    GuidedGradCam,
    InputXGradient,
    IntegratedGradients,
    LayerActivation,
    LayerAttribution,
    LayerGradCam,
    Occlusion,
    Saliency,
)
from skimage.segmentation import slic
from torch import Tensor, nn

from seviz.attribution.blur import blurred
from seviz.attribution.methods import SUPERPIXELS, WINDOWS, Method
from seviz.attribution.rows import Leaf, Rows

# Said each time by captum's methods with hooks of their own; theirs go to a replica.
warnings.filterwarnings("ignore", "Setting (backward|forward, backward) hooks", UserWarning)

NOISE = 0.15  # standard deviation of SmoothGrad's noise, as a share of the image's range


@dataclass(frozen=True)
class Job:
    """What a method is asked: about N images, N×3×H×W, each for its class (targets, N), by `rows`.

    Methods that pass rows more than a few times are asked about one image (`Method.quick`).
    baseline: what the images are compared with, N×3×H×W; layer: the path of the module whose output
    layer methods look at; seen: the first image as H×W×3 bytes; steps: of a path, or samples of
    noise.
    """

    rows: Rows
    x: Tensor
    targets: Tensor
    baseline: Tensor
    layer: str
    seen: npt.NDArray[np.uint8]
    steps: int
    seed: int

    @property
    def size(self) -> tuple[int, int]:
        """Return the images' H and W."""
        return self.x.shape[-2], self.x.shape[-1]

    @property
    def images(self) -> Tensor:
        """Return each row's image, R×3×H×W, ready to be differentiated by."""
        return self.rows.repeated(self.x).requires_grad_()

    @property
    def target(self) -> Tensor:
        """Return each row's class, R."""
        return self.targets[self.rows.of_image]


def _saliency(job: Job) -> Tensor:
    maps: Tensor = _by_rows(Saliency(job.rows), job).attribute(
        job.images, job.target, abs=False, additional_forward_args=job.rows.numbers
    )
    return maps


def _input_x_gradient(job: Job) -> Tensor:
    maps: Tensor = _by_rows(InputXGradient(job.rows), job).attribute(
        job.images, job.target, additional_forward_args=job.rows.numbers
    )
    return maps


def _integrated_gradients(job: Job) -> Tensor:
    count = len(job.rows.numbers)
    size = job.rows.batch_sizes.gradients
    maps: Tensor = _by_rows(IntegratedGradients(job.rows), job).attribute(
        job.rows.repeated(job.x),
        job.rows.repeated(job.baseline),
        job.target,
        job.rows.numbers,
        n_steps=job.steps,
        internal_batch_size=max(size.rows // count, 1) * count,  # so memory is that of one part
    )
    return maps


def _smoothgrad(job: Job) -> Tensor:
    """Average the gradients at the image with noise (Smilkov et al., arXiv 1706.03825)."""
    return _mean_over(job, noisy_images(job), lambda gradients, _: gradients)


def _gradient_shap(job: Job) -> Tensor:
    """Average over points between baselines and the noisy image (Lundberg and Lee, 1705.07874)."""
    noisy, points, baselines = shap_points(job)

    def weighed(gradients: Tensor, part: slice) -> Tensor:
        return gradients * (noisy[part] - baselines[part])

    return _mean_over(job, points, weighed)


def noisy_images(job: Job) -> Tensor:
    """Draw the image with noise, as often as there are samples: S×3×H×W."""
    draw = torch.Generator().manual_seed(job.seed)
    noise = torch.randn(job.steps, *job.x.shape[1:], generator=draw).to(job.x)
    return job.x + NOISE * (job.x.max() - job.x.min()) * noise


def shap_points(job: Job) -> tuple[Tensor, Tensor, Tensor]:
    """Draw noisy images, points between a baseline and each, and those baselines; S×3×H×W each.

    The baselines are the mean colour and the blurred photograph, in turn.
    """
    noisy = noisy_images(job)
    draw = torch.Generator().manual_seed(job.seed + 1)
    way = torch.rand(job.steps, 1, 1, 1, generator=draw).to(job.x)
    both = torch.cat([torch.zeros_like(job.x), blurred(job.x)])
    baselines = both[torch.arange(job.steps) % 2]
    return noisy, baselines + way * (noisy - baselines), baselines


def _mean_over(job: Job, points: Tensor, weigh: Callable[[Tensor, slice], Tensor]) -> Tensor:
    """Average what captum's gradients at points (S×3×H×W) say, the same points for each arm."""
    count, total = len(job.rows.numbers), torch.zeros_like(job.rows.repeated(job.x))
    method = _by_rows(Saliency(job.rows), job)
    at_once = max(job.rows.batch_sizes.gradients.rows // count, 1)
    for start in range(0, len(points), at_once):
        part = slice(start, start + at_once)
        x = points[part].repeat_interleave(count, 0).requires_grad_()
        times = len(x) // count
        found = method.attribute(
            x,
            job.target.repeat(times),
            abs=False,
            additional_forward_args=job.rows.numbers.repeat(times),
        )
        for arm in range(count):
            total[arm] += weigh(found[arm::count], part).sum(0)
    return total / len(points)


def _occlusion(job: Job) -> Tensor:
    window = tuple(max(side // WINDOWS, 2) for side in job.size)
    maps: Tensor = Occlusion(job.rows).attribute(
        job.rows.repeated(job.x),
        (3, *window),
        (3, *(max(side // 2, 1) for side in window)),
        job.rows.repeated(job.baseline),
        job.target,
        job.rows.numbers,
        perturbations_per_eval=_at_once(job),
    )
    return maps


def _feature_ablation(job: Job) -> Tensor:
    maps: Tensor = FeatureAblation(job.rows).attribute(
        job.rows.repeated(job.x),
        job.rows.repeated(job.baseline),
        job.target,
        job.rows.numbers,
        feature_mask=superpixels(job),
        perturbations_per_eval=_at_once(job),
    )
    return maps


def superpixels(job: Job) -> Tensor:
    """Cut the photograph into about SUPERPIXELS pieces of like colour: 1×1×H×W, counted from 0."""
    pieces = slic(job.seen, n_segments=SUPERPIXELS, start_label=0)
    return torch.from_numpy(pieces)[None, None].to(job.x.device)


def _at_once(job: Job) -> int:
    return max(job.rows.batch_sizes.forward.rows // len(job.rows.numbers), 1)


def _deeplift(job: Job) -> Tensor:
    maps: Tensor = DeepLift(job.rows).attribute(
        job.images, job.rows.repeated(job.baseline), job.target, (job.rows.numbers,)
    )
    return maps


def _guided_backprop(job: Job) -> Tensor:
    maps: Tensor = GuidedBackprop(job.rows).attribute(job.images, job.target, job.rows.numbers)
    return maps


def _deconvolution(job: Job) -> Tensor:
    maps: Tensor = Deconvolution(job.rows).attribute(job.images, job.target, job.rows.numbers)
    return maps


def _gradcam(job: Job) -> Tensor:
    """Differentiate by the layer's output only: the layers before need no graph."""
    layer = nn.Sequential(job.rows.model.get_submodule(job.layer), Leaf())
    job.rows.model.set_submodule(job.layer, layer)  # a replica, whose hooks are this method's
    images = job.rows.repeated(job.x)
    coarse = LayerGradCam(job.rows, layer).attribute(images, job.target, job.rows.numbers)
    return _enlarged(coarse, job)


def _guided_gradcam(job: Job) -> Tensor:
    layer = job.rows.model.get_submodule(job.layer)
    maps: Tensor = GuidedGradCam(job.rows, layer).attribute(
        job.images, job.target, job.rows.numbers, interpolate_mode="bilinear"
    )
    return maps


def _layer_activation(job: Job) -> Tensor:
    layer = job.rows.model.get_submodule(job.layer)
    with torch.no_grad():
        activation = LayerActivation(job.rows, layer).attribute(
            job.rows.repeated(job.x), job.rows.numbers
        )
    return _enlarged(activation.mean(1, keepdim=True), job)


def _enlarged(maps: Tensor, job: Job) -> Tensor:
    """Interpolate a layer's maps to the image's size."""
    large: Tensor = LayerAttribution.interpolate(maps.detach(), job.size, "bilinear")
    return large


def _by_rows(method: Saliency, job: Job) -> Saliency:
    """Let captum take its gradients part by part."""
    method.gradient_func = job.rows.gradients
    return method


CALLS: dict[str, Callable[[Job], Tensor]] = {  # maps, R×C×H×W: C is 3, or 1 of a layer's
    "gradcam": _gradcam,
    "integrated_gradients": _integrated_gradients,
    "saliency": _saliency,
    "input_x_gradient": _input_x_gradient,
    "smoothgrad": _smoothgrad,
    "gradient_shap": _gradient_shap,
    "deeplift": _deeplift,
    "guided_backprop": _guided_backprop,
    "deconvolution": _deconvolution,
    "guided_gradcam": _guided_gradcam,
    "occlusion": _occlusion,
    "feature_ablation": _feature_ablation,
    "layer_activation": _layer_activation,
}


def maps(job: Job, method: Method) -> Tensor:
    """Ask a method: R×C×H×W, without a graph.

    What registers hooks gets a replica of the network all its own, and as many rows at a time as
    suit the device.
    """
    if not method.hooks:
        return CALLS[method.name](job).detach()

    def of_rows(start: int, stop: int) -> Tensor:
        return CALLS[method.name](replace(job, rows=job.rows.hooked(start, stop))).detach()

    count, arms = len(job.rows.numbers), len(job.rows.arms)
    return torch.cat(
        [part for _, part in job.rows.batch_sizes.gradients.batches(count, of_rows, arms)]
    )
