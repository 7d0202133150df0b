"""Calls captum for each method. This module is imported when something is first explained.

captum imports matplotlib, and superpixels import half of SciPy: a second of the app's start.

Random numbers are drawn once for all arms, each method's from a generator of its own, so that arms
differ by their gates alone.
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
from torch import Tensor

from seviz.attribution.blur import blur
from seviz.attribution.methods import SUPERPIXELS, WINDOWS, Method
from seviz.attribution.rows import Leaf, Rows

# captum warns that some methods register hooks; here they register them on a replica.
warnings.filterwarnings("ignore", "Setting (backward|forward, backward) hooks", UserWarning)

NOISE = 0.15  # standard deviation of SmoothGrad's noise, as a share of the image's range


@dataclass(frozen=True)
class Job:
    """The arguments of a method: N images x, N×3×H×W, each with its class (targets, N), and `rows`.

    Methods that are not `Method.quick` take one image. baseline: what the images are compared with,
    N×3×H×W; layer: the path in a network of the module whose output layered methods explain (in
    `rows` while a method runs); seen: the first image, H×W×3 bytes; steps: of a path, or samples.
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
        return self.rows.repeat(self.x).requires_grad_()

    @property
    def target(self) -> Tensor:
        """Return each row's class, R."""
        return self.targets[self.rows.image_index]


def _saliency(job: Job) -> Tensor:
    maps: Tensor = _with_gradients_in_parts(Saliency(job.rows), job).attribute(
        job.images, job.target, abs=False, additional_forward_args=job.rows.numbers
    )
    return maps


def _input_x_gradient(job: Job) -> Tensor:
    maps: Tensor = _with_gradients_in_parts(InputXGradient(job.rows), job).attribute(
        job.images, job.target, additional_forward_args=job.rows.numbers
    )
    return maps


def _integrated_gradients(job: Job) -> Tensor:
    count = len(job.rows.numbers)
    size = job.rows.batch_sizes.gradients
    maps: Tensor = _with_gradients_in_parts(IntegratedGradients(job.rows), job).attribute(
        job.rows.repeat(job.x),
        job.rows.repeat(job.baseline),
        job.target,
        job.rows.numbers,
        n_steps=job.steps,
        internal_batch_size=max(size.rows // count, 1) * count,  # a part's memory, not all steps'
    )
    return maps


def _smoothgrad(job: Job) -> Tensor:
    """Average the gradients at the image with noise (Smilkov et al., arXiv 1706.03825)."""
    return _mean_over(job, noisy_images(job), lambda gradients, _: gradients)


def _gradient_shap(job: Job) -> Tensor:
    """Average over points between baselines and the noisy image (Lundberg and Lee, 1705.07874)."""
    noisy, points, baselines = shap_points(job)

    def weigh(gradients: Tensor, part: slice) -> Tensor:
        return gradients * (noisy[part] - baselines[part])

    return _mean_over(job, points, weigh)


def noisy_images(job: Job) -> Tensor:
    """Draw copies of the image with noise, one a sample: S×3×H×W."""
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
    both = torch.cat([torch.zeros_like(job.x), blur(job.x)])
    baselines = both[torch.arange(job.steps) % 2]
    return noisy, baselines + way * (noisy - baselines), baselines


def _mean_over(job: Job, points: Tensor, weigh: Callable[[Tensor, slice], Tensor]) -> Tensor:
    """Average weighed gradients at points (S×3×H×W), which are the same for each arm.

    weigh takes an arm's gradients at some of the points, and the slice of these points.
    """
    count, total = len(job.rows.numbers), torch.zeros_like(job.rows.repeat(job.x))
    method = _with_gradients_in_parts(Saliency(job.rows), job)
    points_at_once = max(job.rows.batch_sizes.gradients.rows // count, 1)
    for start in range(0, len(points), points_at_once):
        part = slice(start, start + points_at_once)
        x = points[part].repeat_interleave(count, 0).requires_grad_()
        times = len(x) // count
        gradients = method.attribute(
            x,
            job.target.repeat(times),
            abs=False,
            additional_forward_args=job.rows.numbers.repeat(times),
        )
        for arm in range(count):
            total[arm] += weigh(gradients[arm::count], part).sum(0)
    return total / len(points)


def _occlusion(job: Job) -> Tensor:
    window, channels = tuple(max(side // WINDOWS, 2) for side in job.size), job.x.shape[1]
    maps: Tensor = Occlusion(job.rows).attribute(
        job.rows.repeat(job.x),
        (channels, *window),
        (channels, *(max(side // 2, 1) for side in window)),
        job.rows.repeat(job.baseline),
        job.target,
        job.rows.numbers,
        perturbations_per_eval=_images_at_once(job),
    )
    return maps


def _feature_ablation(job: Job) -> Tensor:
    maps: Tensor = FeatureAblation(job.rows).attribute(
        job.rows.repeat(job.x),
        job.rows.repeat(job.baseline),
        job.target,
        job.rows.numbers,
        feature_mask=superpixels(job),
        perturbations_per_eval=_images_at_once(job),
    )
    return maps


def superpixels(job: Job) -> Tensor:
    """Cut the photograph into about SUPERPIXELS pieces of like colour: 1×1×H×W, counted from 0."""
    pieces = slic(job.seen, n_segments=SUPERPIXELS, start_label=0)
    return torch.from_numpy(pieces)[None, None].to(job.x.device)


def _images_at_once(job: Job) -> int:
    return max(job.rows.batch_sizes.forward.rows // len(job.rows.numbers), 1)


def _deeplift(job: Job) -> Tensor:
    maps: Tensor = DeepLift(job.rows).attribute(
        job.images, job.rows.repeat(job.baseline), job.target, (job.rows.numbers,)
    )
    return maps


def _guided_backprop(job: Job) -> Tensor:
    maps: Tensor = GuidedBackprop(job.rows).attribute(job.images, job.target, job.rows.numbers)
    return maps


def _deconvolution(job: Job) -> Tensor:
    maps: Tensor = Deconvolution(job.rows).attribute(job.images, job.target, job.rows.numbers)
    return maps


def _gradcam(job: Job) -> Tensor:
    """Differentiate by the layer's output only, so the layers before it need no graph."""
    layer = Leaf(job.rows.get_submodule(job.layer))
    job.rows.set_submodule(job.layer, layer)  # the network is this method's own replica
    images = job.rows.repeat(job.x)
    coarse = LayerGradCam(job.rows, layer).attribute(images, job.target, job.rows.numbers)
    return _enlarge(coarse, job)


def _guided_gradcam(job: Job) -> Tensor:
    layer = job.rows.get_submodule(job.layer)
    maps: Tensor = GuidedGradCam(job.rows, layer).attribute(
        job.images, job.target, job.rows.numbers, interpolate_mode="bilinear"
    )
    return maps


def _layer_activation(job: Job) -> Tensor:
    layer = job.rows.get_submodule(job.layer)
    with torch.no_grad():
        activation = LayerActivation(job.rows, layer).attribute(
            job.rows.repeat(job.x), job.rows.numbers
        )
    return _enlarge(activation.mean(1, keepdim=True), job)


def _enlarge(maps: Tensor, job: Job) -> Tensor:
    """Interpolate a layer's maps to the image's size."""
    large: Tensor = LayerAttribution.interpolate(maps.detach(), job.size, "bilinear")
    return large


def _with_gradients_in_parts(method: Saliency, job: Job) -> Saliency:
    """Make captum compute its gradients part by part (`Rows.gradients`)."""
    method.gradient_func = job.rows.gradients
    return method


# Each returns maps, R×C×H×W, where C is 3, or 1 for methods whose maps are of a layer.
CALLS: dict[str, Callable[[Job], Tensor]] = {
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
    """Run a method: maps, R×C×H×W, without a graph.

    A method that registers hooks gets a replica of the networks of its own for each part of the
    rows, whose size suits the device. A layer is explained in one network after the other.
    """
    if not method.hooks:
        return CALLS[method.name](job).detach()
    if not method.layered:
        return _in_parts(job, method, job.rows.numbers)
    groups = job.rows.by_network()
    found = [
        _in_parts(replace(job, layer=f"{network}.{job.layer}"), method, numbers)
        for network, numbers in groups.items()
    ]
    return torch.cat(found)[torch.cat([*groups.values()]).argsort()]


def _in_parts(job: Job, method: Method, numbers: Tensor) -> Tensor:
    """Run a method that registers hooks on some rows, part by part."""

    def of_rows(start: int, stop: int) -> Tensor:
        rows = job.rows.replicate(numbers[start:stop])
        return CALLS[method.name](replace(job, rows=rows)).detach()

    arms = len(numbers) // len(job.x)
    parts = job.rows.batch_sizes.gradients.batches(len(numbers), of_rows, arms)
    return torch.cat([part for _, part in parts])
