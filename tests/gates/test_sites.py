import pytest
import timm
import torchvision
from networks import randn, random_network
from odd_blocks import CHANNELS, Functional, Inline, InSequential, Softmax, network
from timm.layers import EffectiveSEModule
from torch import nn

from seviz.errors import UserError
from seviz.gates.sites import NoBlock, find_sites, modules_of, search
from seviz.nets.block import SEBlock
from seviz.records.sites import ECA, Places

HGNET_LAST = "stages.3.blocks.1.aggregation.1"


def test_the_embedded_network_has_the_papers_sixteen_blocks():
    sites = find_sites(timm.create_model("seresnet50_slim", device="meta"))
    assert [site.name for site in sites] == [
        *["SE_2_1", "SE_2_2", "SE_2_3"],
        *["SE_3_1", "SE_3_2", "SE_3_3", "SE_3_4"],
        *["SE_4_1", "SE_4_2", "SE_4_3", "SE_4_4", "SE_4_5", "SE_4_6"],
        *["SE_5_1", "SE_5_2", "SE_5_3"],
    ]
    assert sites[0].path == "layer1.0.se"
    assert (sites[-1].stage, sites[-1].block) == (5, 3)


@pytest.mark.parametrize(
    ("name", "count", "first", "last", "channels", "reduction"),
    [
        ("seresnet50", 16, "SE_2_1", "SE_5_3", 2048, 16),
        ("legacy_seresnet50", 16, "SE_2_1", "SE_5_3", 2048, 16),
        ("legacy_seresnet18", 8, "SE_2_1", "SE_5_2", 512, 16),
        ("seresnet152d", 50, "SE_2_1", "SE_5_3", 2048, 16),
        ("legacy_senet154", 50, "SE_2_1", "SE_5_3", 2048, 16),
        ("efficientnet_b0", 16, "blocks.0.0.se", "blocks.6.0.se", 1152, 24),
        ("mobilenetv3_small_100", 9, "blocks.0.0.se", "blocks.4.2.se", 576, 4),
        ("regnety_002", 13, "s1.b1.se", "s4.b7.se", 368, 4),
        ("hgnet_base", 8, "stages.0.blocks.0.aggregation.1", HGNET_LAST, 1280, 1),
    ],
)
def test_spellings_of_timm(name, count, first, last, channels, reduction):
    sites = find_sites(timm.create_model(name, device="meta"))
    assert len(sites) == count
    assert (sites[0].name, sites[-1].name) == (first, last)
    assert sites[-1].channels == channels
    assert sites[-1].reduction == pytest.approx(reduction, rel=0.01)


def test_spelling_of_torchvision():
    sites = find_sites(random_network(torchvision.models.mobilenet_v3_small))
    assert sites[0].name == sites[0].path == "features.1.block.1"
    assert (sites[0].channels, sites[0].reduced) == (16, 8)


def test_effective_se_has_one_projection():
    site = find_sites(nn.Sequential(EffectiveSEModule(12)))[0]
    assert (site.channels, site.reduced, site.reduction) == (12, 12, 1)


def test_reduction_is_read_off_the_weights_where_timm_rounds_the_width():
    # 64 / 16 = 4 is rounded up to a multiple of 8
    site = find_sites(timm.create_model("seresnet50_slim", device="meta"))[0]
    assert (site.channels, site.reduced, site.reduction) == (64, 8, 8)


def test_other_attention_under_the_same_attribute_has_a_name_of_its_own():
    sites = find_sites(timm.create_model("ecaresnet26t", device="meta"))
    assert {site.kind for site in sites} == {ECA}
    assert sites[0].name == "ECA_2_1"
    with pytest.raises(UserError, match="ResNet has no Squeeze-and-Excitation block; choose"):
        find_sites(timm.create_model("resnet18", device="meta"))


def test_two_blocks_in_one_residual_block_are_told_apart_by_their_paths():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = timm.layers.SEModule(16), timm.layers.SEModule(16)

    model = nn.Module()
    model.layer1 = nn.Sequential(Twice())
    assert [site.name for site in find_sites(model)] == ["layer1.0.a", "layer1.0.b"]


def test_an_input_that_fails_leaves_the_classes_and_without_them_is_told():
    model = network(lambda: SEBlock(CHANNELS))
    (site,) = find_sites(model, "", randn(1, 5, 9, 9))
    assert site.name == "SE_2_1"
    with pytest.raises(UserError, match=r"mine can't be passed an input of 5×9×9 \(RuntimeError: "):
        search(network(Functional), "mine", randn(1, 5, 9, 9), thorough=True)


def test_known_and_unknown_classes_are_found_in_the_order_of_a_pass():
    model = network(Functional, lambda: SEBlock(CHANNELS), InSequential)
    found = search(model, example=randn(1, 3, 9, 9), thorough=True)
    assert [at.site.path for at in found.blocks] == ["layer1.0", "layer1.1", "layer1.2.w"]
    assert [at.site.name for at in found.blocks] == ["SE_2_1", "SE_2_2", "SE_2_3"]
    assert [at.site.path for at in search(model).blocks] == ["layer1.1"]


def test_what_is_not_clear_is_kept_beside_what_is_found():
    found = search(network(Functional, Softmax), example=randn(1, 3, 9, 9), thorough=True)
    assert [at.site.path for at in found.blocks] == ["layer1.0"]
    assert found.unclear == ("layer1.1 has a softmax between its squeeze and its gates",)


def test_a_block_in_a_residual_block_owns_its_projections_alone():
    model = network(Inline)
    (found,) = search(model, example=randn(1, 3, 9, 9), thorough=True).blocks
    block = model.layer1[0]
    assert modules_of(model, found.site, found.places) == [block.a, block.b]


def test_places_are_the_modules_around_z_and_s():
    model = timm.create_model("legacy_seresnet18", device="meta")
    (first, *_) = search(model).blocks
    block = "layer1.0.se_module"
    inner = [f"{block}.{name}" for name in ("fc1", "relu", "fc2", "sigmoid")]
    assert first.places == Places(block, *inner[:3], pre=inner[3], gate=inner[3])
    assert modules_of(model, first.site, first.places) == [model.get_submodule(block)]


def test_a_block_of_one_projection_has_nothing_hidden():
    (found,) = search(nn.Sequential(EffectiveSEModule(12))).blocks
    assert found.places == Places("0", "0.fc", "", "", pre="0.gate", gate="0.gate")


def test_what_has_no_block_is_told_from_other_faults_with_what_is_not_clear():
    with pytest.raises(NoBlock, match=r"seviz\.register") as refused:
        search(network(Softmax), example=randn(1, 3, 12, 12), thorough=True)
    assert refused.value.unclear == ("layer1.0 has a softmax between its squeeze and its gates",)
    with pytest.raises(NoBlock) as refused:
        find_sites(random_network("resnet18"))
    assert refused.value.unclear == ()
    with pytest.raises(UserError, match="can't be passed an input of 2×12×12") as refused:
        search(network(Softmax), example=randn(1, 2, 12, 12), thorough=True)
    assert not isinstance(refused.value, NoBlock)
