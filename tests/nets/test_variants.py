import pytest
import torch
from networks import awake, randn, seeded

from seviz.gates.sites import find_sites
from seviz.measuring.costs import without_se
from seviz.measuring.measure import multiply_adds
from seviz.nets.hosts import HOSTS
from seviz.nets.variants import PLAIN, STANDARD, STUDIES, VARIANTS, Variant


def test_the_studies_are_the_articles_and_share_the_standard_network():
    sizes = {name: len(variants) for name, variants in STUDIES.items()}
    assert sizes == {
        **{"host": 6, "squeeze": 3, "excitation": 3},
        **{"r": 5, "stage": 4, "integration": 5},
    }
    assert all(STANDARD in variants for variants in STUDIES.values())
    assert len(VARIANTS) == 21
    assert VARIANTS["lab_resnet_se"] == STANDARD
    assert [variant.r for variant in STUDIES["r"]] == [2, 4, 8, 16, 32]
    assert [variant.stages for variant in STUDIES["stage"]] == [(2,), (3,), (4,), ()]


@pytest.mark.parametrize(
    ("variant", "key", "title"),
    [
        (Variant("vgg", PLAIN), "lab_vgg", "VGG · without SE"),
        (Variant("inception"), "lab_inception_se", "SE-Inception · standard"),
        (Variant(integration="pre"), "lab_resnet_pre", "SE-ResNet · PRE"),
        (Variant(squeeze="none"), "lab_resnet_nosqueeze", "SE-ResNet · no squeeze"),
        (Variant(stages=(4,)), "lab_resnet_stage4", "SE-ResNet · stage 4 only"),
        (
            Variant(excitation="tanh", r=2),
            "lab_resnet_tanh_r2",
            "SE-ResNet · tanh gates · r = 2",
        ),
    ],
)
def test_a_variant_is_called_by_its_differences(variant: Variant, key: str, title: str):
    assert (variant.key, variant.title) == (key, title)


def test_keys_and_titles_are_each_of_one_variant():
    assert len({variant.title for variant in VARIANTS.values()}) == len(VARIANTS)
    assert all(variant.key == key for key, variant in VARIANTS.items())


@pytest.mark.parametrize("key", VARIANTS)
@torch.inference_mode()
def test_a_variant_is_small_and_ends_in_a_map_of_4_by_4(key: str):
    model = VARIANTS[key].build(20).eval()
    features = model.forward_features(torch.zeros(1, 3, 64, 64))
    assert features.shape == (1, model.num_features, 4, 4)
    assert model(torch.zeros(2, 3, 64, 64)).shape == (2, 20)
    assert multiply_adds(model, (3, 64, 64)) < 25e6
    assert sum(p.numel() for p in model.parameters()) < 500_000  # 1 MB in float16


@pytest.mark.parametrize("host", HOSTS)
@torch.inference_mode()
def test_a_host_without_se_is_the_host_with_its_se_blocks_replaced_by_identities(host: str):
    with_se, x = awake(lambda: Variant(host).build(5)), randn(2, 3, 64, 64)
    bare = without_se(with_se, find_sites(with_se))
    plain = Variant(host, PLAIN).build(5).eval()
    plain.load_state_dict(bare.state_dict())  # the same names, and no others
    torch.testing.assert_close(plain(x), bare(x), rtol=0, atol=0)
    assert not torch.allclose(plain(x), with_se(x), rtol=1e-3)


def test_se_is_where_the_article_names_it():
    vgg = [site.name for site in find_sites(Variant("vgg").build(2))]
    assert vgg == ["SE_1_1", "SE_2_1", "SE_3_1", "SE_4_1", "SE_4_2", "SE_5_1", "SE_5_2"]
    inception = [site.name for site in find_sites(Variant("inception").build(2))]
    assert inception == [f"SE_{stage}_{block}" for stage in (3, 4, 5) for block in (1, 2)]
    resnet = find_sites(STANDARD.build(2))
    assert [site.name for site in resnet] == [
        f"SE_{stage}_{block}" for stage in (2, 3, 4, 5) for block in (1, 2)
    ]
    assert resnet[0].path == "layer1.0.se"
    assert [site.channels for site in resnet] == [32, 32, 64, 64, 128, 128, 256, 256]


@pytest.mark.parametrize("stage", [2, 3, 4])
def test_se_in_one_stage_only(stage: int):
    sites = find_sites(Variant(stages=(stage,)).build(2))
    assert [site.name for site in sites] == [f"SE_{stage}_1", f"SE_{stage}_2"]


def test_pre_and_3x3_gate_other_channels():
    channels = {
        way: [site.channels for site in find_sites(Variant(integration=way).build(2))]
        for way in ("pre", "3x3")
    }
    assert channels["pre"] == [32, 32, 32, 64, 64, 128, 128, 256]
    assert channels["3x3"] == [8, 8, 16, 16, 32, 32, 64, 64]


def test_variants_of_one_seed_begin_with_the_same_host():
    with seeded(3):
        plain = Variant("resnet", PLAIN).build(4).state_dict()
    with seeded(3):
        gated = Variant(r=2).build(4).state_dict()
    assert all(torch.equal(gated[name], value) for name, value in plain.items())


def test_gates_are_not_decayed():
    undecayed = STANDARD.build(2).no_weight_decay()
    assert len(undecayed) == 8 * 4
    assert "layer1.0.se.w1.weight" in undecayed
