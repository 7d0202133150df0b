import pytest
import timm

from seviz.nets.embedded import ASSETS
from seviz.nets.results import WEIGHTS
from seviz.zoo.catalogue import find
from seviz.zoo.registered import embedded_pair, laboratory_sources


def test_the_embedded_entry_is_on_this_machine():
    entry = find("embedded").entry()
    assert (entry.source, entry.cached) == ("embedded", True)
    assert entry.origin == "seresnet50_slim.safetensors"
    assert entry.licence == "imagenet-non-commercial"
    assert entry.measured_on == "Tiny-ImageNet-200"


def test_the_pair_differs_in_se_alone():
    gated, twin = embedded_pair()
    assert (gated.twin, twin.twin) == (twin, None)
    assert (gated.has_gates, twin.has_gates) == (True, False)
    assert gated.labels == twin.labels and gated.folders == twin.folders
    assert gated.class_names["n02509815"] == "red panda"
    assert gated.config == twin.config
    assert gated.statistics.is_file() and twin.statistics is None
    assert twin.fetch() == twin.local_file == ASSETS / "resnet50_slim.safetensors"
    assert gated.temperature > 0


@pytest.mark.parametrize("key", ["embedded", "twin", "lab_vgg_se"])
def test_what_ships_is_described_to_timm_as_it_is_here(key: str):
    source = find(key)
    assert source.skeleton().pretrained_cfg["file"] == source.cfg["file"]
    theirs = timm.data.resolve_data_config(
        {}, pretrained_cfg=timm.get_pretrained_cfg(source.timm_name).to_dict()
    )
    assert theirs == source.config


def test_a_file_that_is_missing_is_not_on_this_machine(monkeypatch):
    gated, _ = embedded_pair()
    monkeypatch.setitem(gated.__dict__, "cfg", type(gated.cfg)(file="/nowhere/gone.safetensors"))
    assert gated.local_file is None
    assert gated.origin == "gone.safetensors"


def test_variants_have_their_host_without_se_as_a_twin():
    variants = laboratory_sources()
    plain = [key for key, source in variants.items() if not source.has_gates]
    assert list(variants)[: len(plain)] == plain  # they come first
    assert {source.twin.key for source in variants.values() if source.twin} == set(plain)
    assert variants["lab_vgg_se"].twin == variants["lab_vgg"]


@pytest.mark.parametrize("key", laboratory_sources())
def test_a_variant_travels_with_its_own_weights_and_figures(key: str):
    source = laboratory_sources()[key]
    assert source.fetch() == WEIGHTS / f"{key}.safetensors"
    assert source.skeleton().num_classes == len(source.labels) == len(source.folders) == 20
    assert (source.variant.key, source.variant.plain) == (key, not source.has_gates)
    counted = sum(p.numel() for p in source.skeleton().parameters())
    assert source.figures.parameters == counted
    assert 0 < source.figures.top1 < source.figures.top5 < 100
