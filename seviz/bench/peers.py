"""Explanations of two arms, compared with direct calls of other libraries, one per arm.

captum is called with the same number of steps; pytorch-grad-cam, where it is installed, is called
only once, which is half the work.
"""

from collections.abc import Callable

import numpy as np
import timm
import torch
from torch import Tensor

from seviz.attribution.maps import attribute
from seviz.attribution.methods import GRADCAM, INTEGRATED
from seviz.bench.rows import PAIRS, Networks, Row, Unmeasured, compare
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.attribution import Attribution

IG_STEPS, IG_PAIRS, IG_LIMIT, IG_HALF_LIMIT = 32, 3, 0.85, 0.55
IG_AGREE = 0.05  # of the map's norm: how far bfloat16's maps may be from float32's
GRADCAM_LIMIT, PEER_LIMIT = 1.0, 1.0
BOTH = [INTACT, IDENTITY]


def integrated_gradients(name: str, networks: Networks) -> Row:
    """Compare integrated gradients with captum's."""
    ours = _ours(networks, INTEGRATED)
    return compare(name, ours, _captum_integrated(networks), limit=IG_LIMIT, pairs=IG_PAIRS)


def integrated_gradients_bfloat16(name: str, networks: Networks) -> Row:
    """Compare integrated gradients in bfloat16 with captum's in float32.

    Unmeasured where the device lacks bfloat16, or the maps differ by more than IG_AGREE.
    """
    if not computes_bfloat16(networks.loaded.device):
        raise Unmeasured("the device has no instructions for bfloat16")
    rounded = _ours(networks, INTEGRATED, bfloat16=True)
    exact = _ours(networks, INTEGRATED)().maps
    off = float(np.linalg.norm(rounded().maps - exact) / np.linalg.norm(exact))
    if off > IG_AGREE:
        raise Unmeasured(f"its maps are {off:.1%} off those in float32, more than {IG_AGREE:.0%}")
    return compare(name, rounded, _captum_integrated(networks), limit=IG_HALF_LIMIT, pairs=IG_PAIRS)


def gradcam(name: str, networks: Networks) -> Row:
    """Compare Grad-CAM with captum's."""
    from captum.attr import LayerGradCam

    def theirs() -> None:
        for _ in BOTH:
            x = networks.batch.clone().requires_grad_()
            LayerGradCam(networks.bare, networks.bare.layer4).attribute(x, target=0)

    return compare(name, _ours(networks, GRADCAM), theirs, limit=GRADCAM_LIMIT, pairs=PAIRS)


def gradcam_peer(name: str, networks: Networks) -> Row:
    """Compare Grad-CAM with one call of pytorch-grad-cam, on a network of timm's."""
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    x = networks.batch
    model = timm.create_model(networks.loaded.key).eval()
    model.to(x.device, memory_format=torch.channels_last)
    peer = GradCAM(model=model, target_layers=[model.layer4])

    def theirs() -> Tensor:
        maps: Tensor = peer(input_tensor=x, targets=[ClassifierOutputTarget(0)])
        return maps

    return compare(name, _ours(networks, GRADCAM), theirs, limit=PEER_LIMIT, pairs=PAIRS)


def _ours(networks: Networks, method: str, bfloat16: bool = False) -> Callable[[], Attribution]:
    """Return a function that explains both arms in one call."""
    image, steps = networks.image, IG_STEPS if method == INTEGRATED else None
    return lambda: attribute(
        networks.loaded, image, BOTH, method=method, target=0, steps=steps, bfloat16=bfloat16
    )


def _captum_integrated(networks: Networks) -> Callable[[], None]:
    from captum.attr import IntegratedGradients

    def theirs() -> None:
        for _ in BOTH:
            IntegratedGradients(networks.bare).attribute(networks.batch, target=0, n_steps=IG_STEPS)

    return theirs


def computes_bfloat16(where: torch.device) -> bool:
    """Tell whether a device has instructions for bfloat16; without, float32 is faster."""
    if where.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
