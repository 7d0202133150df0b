import pytest
import timm
import torch
from torch import nn

from seviz.gates.sites import find_sites
from seviz.measuring.costs import costs, costs_of, costs_of_variant, without_se
from seviz.nets.variants import STANDARD, Variant
from seviz.zoo.catalogue import find


def test_seresnet50_costs_what_the_article_says_and_biases():
    found = costs("seresnet50", timed=False)
    assert found.r == 16
    assert (found.formula, found.parameters_added) == (2_514_944, 2_530_992)
    assert (found.biases, found.rounding, found.other) == (16_048, 0, 0)
    assert found.parameters == 28_088_024  # the article's 28.1 million
    assert found.macs_added == 2_514_944  # each weight is used once
    by_stages = 2 / 16 * sum(n * c**2 for n, c in ((3, 256), (4, 512), (6, 1024), (3, 2048)))
    assert by_stages == found.formula
    plain = timm.create_model("resnet50", device="meta")
    assert found.parameters - found.parameters_added == sum(p.numel() for p in plain.parameters())


@pytest.mark.parametrize("key", ["embedded", "efficientnet_b0.ra_in1k", "legacy_seresnet18.in1k"])
def test_the_formula_and_its_differences_add_up_to_the_modules(key: str):
    found = costs(key, timed=False)
    assert found.parameters_added == pytest.approx(
        found.formula + found.rounding + found.biases + found.other
    )
    model = find(key).skeleton()
    bare = without_se(model, find_sites(model))
    gone = sum(p.numel() for p in model.parameters()) - sum(p.numel() for p in bare.parameters())
    assert found.parameters_added == gone


def test_a_rounded_width_is_told_apart_from_biases():
    found = costs("embedded", timed=False)
    first = found.blocks[0]  # 64 channels: timm rounds 4 up to 8
    assert (first.name, first.channels, first.reduced) == ("SE_2_1", 64, 8)
    assert (first.formula, first.projections, first.biases) == (512, 1024, 72)
    third = 4 * 2 * 192 * (16 - 12)  # 192 channels: 12 up to 16
    assert found.rounding == 3 * 512 + third


def test_without_a_squeeze_the_projections_work_at_every_position():
    squeezed, not_squeezed = costs_of_variant(STANDARD), costs_of_variant(Variant(squeeze="none"))
    assert squeezed.parameters == not_squeezed.parameters
    assert squeezed.macs_added == squeezed.formula
    sides = dict(zip((2, 3, 4, 5), (32, 16, 8, 4), strict=True))
    assert not_squeezed.macs_added == sum(
        block.formula * sides[int(block.name[3])] ** 2 for block in not_squeezed.blocks
    )


def test_a_variant_is_held_against_its_own_r_also_where_all_widths_are_rounded():
    found = costs_of_variant(Variant("vgg", r=32, stages=(1,)))  # 16 channels: a width of 1
    (block,) = found.blocks
    assert (found.r, block.reduced, block.formula, block.projections) == (32, 1, 16, 32)
    assert found.rounding == 16


def test_norms_inside_se_blocks_are_counted_by_themselves():
    block = timm.layers.SEModule(32, rd_channels=4, norm_layer=nn.BatchNorm2d)
    model = nn.Sequential(nn.Conv2d(3, 32, 1), block).eval()
    found = costs_of(model, key="made", input_size=(3, 8, 8), timed=False)
    assert (found.other, found.biases, found.rounding) == (8, 36, 0)


def test_the_latency_is_a_ratio_to_the_network_without_se(monkeypatch):
    asked = []

    def ratios_of(ours, theirs, pairs):
        asked.append((ours().shape, theirs().shape))
        return [1.0, 1.5, 9.0]

    monkeypatch.setattr("seviz.measuring.measure.ratios_of", ratios_of)
    found = costs("embedded")
    assert (found.latency, found.latency_quartiles) == (1.5, (1.25, 5.25))
    assert asked == [(torch.Size([1, 200]), torch.Size([1, 200]))]
