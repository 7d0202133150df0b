"""Measures the shapes of a variant's blocks: it is built, and run part by part."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d
from torchvision.models.googlenet import Inception

from seviz.nets.anatomy import Anatomy, Gating, Layer, Shape, Step
from seviz.nets.block import SEBlock
from seviz.nets.hosts import Host
from seviz.nets.residual import Standard
from seviz.nets.variants import SIDE, Variant


@torch.inference_mode()
def dissect(variant: Variant) -> tuple[Anatomy, ...]:
    """Describe a variant's blocks in depth order, for a 64×64 image."""
    host, image = variant.build(1).eval(), torch.zeros(1, 3, SIDE, SIDE)
    return tuple(
        _residual_block(variant, stage, block, unit=unit, x=x)
        if isinstance(unit, Standard)
        else _block_without_shortcut(variant, stage, block, unit=unit, x=x)
        for stage, block, unit, x in _units(host, image)
    )


def _units(host: Host, x: Tensor) -> Iterator[tuple[int, int, nn.Module, Tensor]]:
    """Run a host unit by unit, as its forward pass does; yields stage, block, unit and input."""
    x = host.stem(x)
    for stage in host.stages:
        x = max_pool2d(x, 2) if stage in host.pooled else x
        for block, unit in enumerate(host.stage(stage).children(), 1):
            yield stage, block, unit, x
            x = unit(x)


def _block_without_shortcut(
    variant: Variant, stage: int, block: int, *, unit: nn.Module, x: Tensor
) -> Anatomy:
    """Describe a unit of F_tr and the SE block after it."""
    transform = unit.get_submodule("transform")
    u = transform(x)
    trunk: tuple[Step, ...] = (_transform(transform, u), *_gating(variant, unit, u))
    return Anatomy(stage, block, variant.integration, _shape(x), trunk, None, (), _shape(unit(x)))


def _residual_block(
    variant: Variant, stage: int, block: int, *, unit: Standard, x: Tensor
) -> Anatomy:
    """Describe a residual block, with SE where its integration puts it."""
    first = unit.conv1(x)
    second = unit.conv2(first)
    third, shortcut = unit.conv3(second), unit.shortcut(x)
    projection = () if unit.downsample is None else (_conv(unit.downsample[0], shortcut, "norm"),)
    place = variant.integration
    u = {"pre": x, "identity": shortcut, "3x3": second}.get(place, third)
    se = _gating(variant, unit, u)
    inner: tuple[Step, ...] = (_conv(unit.conv2, second, "norm", "ReLU"),)
    if se and place == "3x3":
        inner = (_conv(unit.conv2, second, "norm"), *se, Layer("ReLU", _shape(second)))
    trunk: tuple[Step, ...] = (
        *(se if place == "pre" else ()),
        _conv(unit.conv1, first, "norm", "ReLU"),
        *inner,
        _conv(unit.conv3, third, "norm"),
        *(se if place == "standard" else ()),
    )
    side: tuple[Step, ...] = projection
    if se and place == "identity":
        trunk, side = (*projection, *se), trunk
    tail: tuple[Step, ...] = (Layer("ReLU", _shape(third)), *(se if place == "post" else ()))
    return Anatomy(stage, block, place, _shape(x), trunk, side, tail, _shape(unit(x)))


def _gating(variant: Variant, unit: nn.Module, u: Tensor) -> tuple[Gating, ...]:
    """Describe the unit's SE block with the input u; empty where the unit has none."""
    se = unit.se
    if not isinstance(se, SEBlock):
        return ()
    z = se.squeeze(u)
    hidden = se.w1(z)
    shapes = (_shape(tensor) for tensor in (u, z, hidden, se.w2(hidden)))
    return (Gating(variant.squeeze, variant.excitation, variant.r, *shapes),)


def _transform(module: nn.Module, out: Tensor) -> Layer:
    """Describe an Inception module, or a convolution with its norm and ReLU."""
    if isinstance(module, Inception):
        widths = tuple(_convs(branch)[-1].out_channels for branch in module.children())
        return Layer("Inception", _shape(out), widths=widths)
    return _conv(_convs(module)[0], out, "norm", "ReLU")


def _convs(module: nn.Module) -> list[nn.Conv2d]:
    return [part for part in module.modules() if isinstance(part, nn.Conv2d)]


def _conv(conv: nn.Conv2d, out: Tensor, *then: str) -> Layer:
    height, width = conv.kernel_size
    return Layer(f"{height}×{width} conv", _shape(out), then, conv.stride[0])


def _shape(tensor: Tensor) -> Shape:
    """Return H×W×C of N×C×H×W."""
    _, channels, height, width = tensor.shape
    return height, width, channels
