import pytest
import timm

from seviz.gates.sites import find_sites, holder
from seviz.records.sites import ECA, SPLIT_ATTENTION
from seviz.zoo import catalogue
from seviz.zoo.catalogue import find
from seviz.zoo.published import FAMILY, OTHERS, RELATIVES, TWINS, published_sources, table

PREFIX = {ECA: "ECA-", SPLIT_ATTENTION: "ResNeSt-"}


def test_an_entry_counts_the_parameters_of_the_network_it_names():
    entry = find("legacy_seresnet18").entry()
    model = timm.create_model("legacy_seresnet18", device="meta")
    assert entry.parameters == sum(p.numel() for p in model.parameters())
    assert entry.size == sum(t.numel() * t.element_size() for t in model.state_dict().values())
    assert entry.key == "legacy_seresnet18.in1k"
    assert entry.title == "SE-ResNet-18 · legacy in1k"
    assert (entry.group, entry.source, entry.tag) == ("SE-ResNet", "release", "in1k")
    assert entry.origin.endswith("seresnet18-4bb0ce65.pth")
    assert entry.input_size == (3, 224, 224)
    assert entry.to_json()["input_size"] == [3, 224, 224]
    assert entry.measured_on == "ImageNet-1k"


def test_titles_name_family_variant_and_tag():
    titles = {source.key: source.title for source in published_sources()}
    assert titles["seresnext50_32x4d.racm_in1k"] == "SE-ResNeXt-50 32x4d · racm_in1k"
    assert titles["legacy_senet154.in1k"] == "SENet-154 · legacy in1k"
    assert titles["efficientnet_b0.ra_in1k"] == "EfficientNet-B0 · ra_in1k"


def test_families_come_in_the_articles_order_and_others_last():
    groups = [source.group for source in published_sources()]
    assert list(dict.fromkeys(groups)) == ["SE-ResNet", "SE-ResNeXt", "SENet", "other", "relative"]
    assert groups.count("other") == len(OTHERS)
    assert groups.count("relative") == len(RELATIVES)


def test_the_blocks_of_relatives_are_of_one_kind_and_have_one_gate_a_channel():
    kinds = {}
    for key, name in RELATIVES.items():
        model = timm.create_model(find(key).timm_name, device="meta")
        kinds[key] = {site.kind for site in find_sites(model)}
        assert name.startswith(PREFIX[next(iter(kinds[key]))]) and len(kinds[key]) == 1
    assert set.union(*kinds.values()) == set(PREFIX)


def test_networks_that_are_alike_but_for_their_blocks_have_one_twin():
    keys = [key for key, twin in TWINS.items() if twin == "resnet33ts.ra2_in1k"]
    assert keys == ["seresnet33ts.ra2_in1k", "eca_resnet33ts.ra2_in1k"]
    assert len({id(find(key).twin) for key in keys}) == 1
    assert find(keys[1]).twin.title == "ResNet-33ts · ra2_in1k · the twin without SE"


def test_only_networks_of_the_families_match():
    assert not FAMILY.match("resnet50") and not FAMILY.match("seresnet")


def test_the_table_has_accuracies_in_percent_or_none():
    figures = {key: row.figures for key, row in table().items()}
    assert {source.key for source in published_sources()} <= figures.keys()
    assert 60 < figures["seresnet50.a1_in1k"].top1 < figures["seresnet50.a1_in1k"].top5 < 100
    assert figures["seresnextaa101d_32x8d.sw_in12k"].top1 is None


def test_the_table_says_of_each_network_what_timm_does():
    order = {name: place for place, name in enumerate(timm.list_models(pretrained=True))}
    families = [key for key in table() if FAMILY.match(key.partition(".")[0])]
    for group in ("seresnet", "seresnext"):
        own = [key for key in families if key.startswith(f"{group}5")]
        assert len(own) > 1 and own == sorted(own, key=order.get)
    for source in (*published_sources(), *(s.twin for s in published_sources() if s.twin)):
        theirs, ours = timm.get_pretrained_cfg(source.key), source.cfg
        assert ours["input_size"] == theirs.input_size == source.config["input_size"]
        assert (ours["num_classes"], ours["license"]) == (theirs.num_classes, theirs.license)
        assert source.origin == (theirs.hf_hub_id or theirs.url)
        assert source.kind == ("hub" if theirs.hf_hub_id else "release")


def test_labels_are_those_of_the_imagenet_that_it_was_trained_on():
    lion = find("seresnet50.a1_in1k")
    assert (lion.labels[291], lion.folders[291]) == ("lion", "n02129165")
    assert lion.class_names["n02129165"] == "lion"
    assert len(find("seresnextaa101d_32x8d.sw_in12k").labels) == 11821


def test_a_release_file_counts_as_cached_once_it_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    source = find("legacy_seresnet18.in1k")
    assert source.local_file is None
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    file = tmp_path / "hub" / "checkpoints" / "seresnet18-4bb0ce65.pth"
    file.write_bytes(bytes(12))
    assert source.local_file == file
    assert (source.entry().cached, source.entry().size) == (True, 12)


def test_twins_are_known_but_not_listed():
    twins = {source.key: source.twin for source in published_sources() if source.twin}
    assert {key: twin.key for key, twin in twins.items()} == TWINS
    assert not set(TWINS.values()) & set(catalogue.all_keys())
    for twin in twins.values():
        assert find(twin.key) is twin and not twin.has_gates and twin.twin is None
    twin = find("resnet50.a1_in1k")
    assert twin.title == "ResNet-50 · a1_in1k · the twin without SE"
    assert twin.figures == (25557032, 81.214, 95.102, 102441032)
    assert find("seresnext50_32x4d.gluon_in1k").twin.title.startswith("ResNeXt-50 32x4d · gluon")


@pytest.mark.parametrize("key", TWINS)
def test_a_twin_sees_and_names_what_its_network_does(key: str):
    source, twin = find(key), find(key).twin
    assert twin.config == source.config
    assert (twin.labels, twin.folders) == (source.labels, source.folders)
    assert twin.licence == source.licence


@pytest.mark.parametrize("key", TWINS)
def test_a_twin_is_its_network_without_se(key: str):
    gated, plain = (timm.create_model(name, device="meta") for name in (key, TWINS[key]))
    sites = find_sites(gated)
    inside = tuple(f"{site.path}." for site in sites)
    shapes = {n: p.shape for n, p in gated.named_parameters() if not n.startswith(inside)}
    assert shapes == {n: p.shape for n, p in plain.named_parameters()}
    assert sum(p.numel() for p in plain.parameters()) == table()[TWINS[key]].figures.parameters
    paths = {module: path for path, module in gated.named_modules()}
    blocks = [paths[holder(gated, site, sites)] for site in sites]
    assert [type(plain.get_submodule(b)) for b in blocks] == [
        type(gated.get_submodule(b)) for b in blocks
    ]
