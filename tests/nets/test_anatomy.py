"""What is told of a block is what the block does, in order, number for number."""

from collections.abc import Iterable, Iterator

import pytest
import torch
from networks import awake, randn
from torch import Tensor, nn
from torch.nn.functional import relu

from seviz.measuring.costs import costs_of_variant
from seviz.nets.anatomy import Anatomy, Gating, Step, anatomies
from seviz.nets.residual import Standard
from seviz.nets.variants import PLAIN, VARIANTS, Variant
from seviz.words.block_costs import added_parameters, multiply_adds

OTHERS = (
    Variant(integration="pre", squeeze="none", excitation="tanh", r=32),
    Variant("inception", squeeze="max", r=8, stages=(3, 5)),
    Variant("vgg", squeeze="none", excitation="relu", r=32),
    Variant(integration="3x3", r=32, stages=(2, 5)),
)
ALL = {variant.key: variant for variant in (*VARIANTS.values(), *OTHERS)}


def shape(tensor: Tensor) -> tuple[int, ...]:
    return (*tensor.shape[2:], tensor.shape[1])


def units(variant: Variant) -> list[tuple[str, nn.Module, Tensor, Tensor]]:
    """The units of a variant, with what a real forward pass brings and what it takes away."""
    host = awake(lambda: variant.build(20))
    found: list[tuple[str, nn.Module, Tensor, Tensor]] = []
    for stage in host.stages:
        for block, unit in enumerate(host.stage(stage).children(), 1):
            unit.register_forward_hook(
                lambda unit, args, out, place=f"{stage}_{block}": found.append(
                    (place, unit, args[0].clone(), out.clone())
                )
            )
    host(randn(1, 3, 64, 64))
    return found


def layers(unit: nn.Module) -> Iterator[list[nn.Module]]:
    """The convolutions of F with their norms."""
    if isinstance(unit, Standard):
        yield from ([getattr(unit, f"{part}{i}") for part in ("conv", "bn")] for i in (1, 2, 3))
    else:
        yield [unit.transform]


def followed(steps: Iterable[Step], x: Tensor, unit: nn.Module, parts: Iterator) -> Tensor:
    """Do what is told, step by step, with the parts of the real unit."""
    for step in steps:
        if isinstance(step, Gating):
            assert shape(x) == step.u
            z = unit.se.squeeze(x)
            hidden = unit.se.w1(z)
            s = unit.se.w2(hidden)
            assert (shape(z), shape(hidden), shape(s)) == (step.z, step.hidden, step.s)
            x = unit.se(x)
            continue
        if step.name == "ReLU":
            x = relu(x)
        else:
            for part in next(parts):
                x = part(x)
            x = relu(x) if "ReLU" in step.then else x
        assert shape(x) == step.out
    return x


def as_told(block: Anatomy, unit: nn.Module, x: Tensor) -> Tensor:
    if block.side is None:
        return followed(block.trunk, x, unit, layers(unit))
    project = iter([unit.downsample] if unit.downsample is not None else [])
    ways = [layers(unit), project]
    if len(block.side) > 1:  # F is on the side
        ways.reverse()
    total = followed(block.trunk, x, unit, ways[0]) + followed(block.side, x, unit, ways[1])
    return followed(block.tail, total, unit, iter([]))


@pytest.mark.parametrize("key", ALL)
@torch.inference_mode()
def test_doing_what_is_told_gives_what_the_block_gives(key: str):
    variant = ALL[key]
    blocks = anatomies(variant)
    real = units(variant)
    assert [block.place for block in blocks] == [place for place, *_ in real]
    for block, (_, unit, x, y) in zip(blocks, real, strict=True):
        assert (block.x, block.y) == (shape(x), shape(y))
        torch.testing.assert_close(as_told(block, unit, x), y)


def test_the_shapes_of_a_block_by_hand():
    block = {block.place: block for block in anatomies(Variant())}["4_1"]
    assert block.x == (16, 16, 64)
    assert [step.out for step in block.trunk[:3]] == [(16, 16, 32), (8, 8, 32), (8, 8, 128)]
    gating = block.gating
    assert (gating.u, gating.z, gating.hidden, gating.s) == (
        (8, 8, 128),
        (1, 1, 128),
        (1, 1, 8),
        (1, 1, 128),
    )
    assert [(step.name, step.stride, step.out) for step in block.side] == [
        ("1×1 conv", 2, (8, 8, 128))
    ]
    assert block.projects
    assert block.y == (8, 8, 128)


def test_se_is_told_only_where_it_is():
    blocks = anatomies(Variant(stages=(3, 5)))
    assert [block.place for block in blocks if block.gating] == ["3_1", "3_2", "5_1", "5_2"]
    assert not any(block.gating for block in anatomies(Variant("vgg", PLAIN)))


def test_without_a_squeeze_the_layers_are_used_at_each_position():
    gating = anatomies(Variant(squeeze="none"))[2].gating
    assert (gating.z, gating.hidden, gating.positions) == ((16, 16, 64), (16, 16, 4), 256)
    assert anatomies(Variant())[2].gating.positions == 1


def test_an_inception_module_names_the_widths_of_its_ways():
    module = anatomies(Variant("inception"))[0].trunk[0]
    assert module.widths == (16, 32, 8, 8)
    assert sum(module.widths) == module.out[2]


def test_what_se_adds_to_blocks_adds_up_to_what_it_adds_to_the_network():
    for variant in OTHERS:
        found = costs_of_variant(variant)
        gatings = {f"SE_{block.place}": block.gating for block in anatomies(variant)}
        assert [cost.name for cost in found.blocks] == [n for n, g in gatings.items() if g]
        each = [multiply_adds(cost, gatings[cost.name]) for cost in found.blocks]
        assert sum(each) == found.macs_added
        assert sum(map(added_parameters, found.blocks)) == found.parameters_added
        for cost in found.blocks:
            gating = gatings[cost.name]
            assert (gating.channels, gating.width) == (cost.channels, cost.reduced)
