from dataclasses import replace
from pathlib import Path

import pytest
from made_folded import made_description, made_weights, write_folded, write_folded_embedded
from networks import awake, random_network
from safetensors.torch import save_file
from weight_shards import write_shards

from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.records.arms import TWIN
from seviz.reference.arm_choice import default_arms, possible_arms
from seviz.words.arms import arm_title
from seviz.zoo import catalogue
from seviz.zoo.folded import open_weights
from seviz.zoo.settings import Settings
from seviz.zoo.shards import read_stored
from seviz.zoo.sources import wrap


def test_every_se_resnet_of_timm_with_weights_is_there_and_the_embedded_network_is_first():
    keys = catalogue.all_keys()
    assert keys[0] == "embedded"
    named = {f"legacy_seresnet{depth}.in1k" for depth in (18, 34, 50, 101, 152)}
    named |= {f"seresnet50.{tag}_in1k" for tag in ("a1", "a2", "a3", "ra2")}
    named |= {"seresnet152d.ra2_in1k", "legacy_senet154.in1k", "seresnext50_32x4d.racm_in1k"}
    assert named <= set(keys)
    assert len(set(keys)) == len(keys)


def test_every_network_has_its_facts():
    for source in catalogue.openable_sources():
        here = source.group in ("embedded", "laboratory")
        assert source.kind == "embedded" if here else source.kind in ("hub", "release")
        assert source.origin
        assert source.title
    titles = [source.title for source in catalogue.openable_sources()]
    assert len(set(titles)) == len(titles)


def test_entries_are_those_of_the_networks_that_can_be_opened():
    assert tuple(entry.key for entry in catalogue.entries()) == catalogue.all_keys()


def test_entries_tell_sizes_classes_and_twins():
    known = {entry.key: entry for entry in catalogue.entries()}
    assert known["embedded"].size == (ASSETS / "seresnet50_slim.safetensors").stat().st_size
    assert (known["embedded"].classes, known["embedded"].twin) == (200, "twin")
    assert (known["lab_vgg_se"].classes, known["lab_vgg_se"].twin) == (20, "lab_vgg")
    assert known["seresnet50.a1_in1k"].size == 112_565_000
    assert known["seresnet50.a1_in1k"].twin == "resnet50.a1_in1k"
    assert known["legacy_senet154.in1k"].twin is None
    for entry in known.values():
        assert entry.size and (entry.source == "embedded" or entry.size >= 4 * entry.parameters)


def test_every_network_has_labels():
    for source in catalogue.openable_sources():
        assert len(source.labels) == source.class_count
        assert len(source.labels) in (20, 200, 1000, 11821, 21841, 21843)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("legacy_seresnet50", "legacy_seresnet50.in1k"),
        ("seresnet50", "seresnet50.a1_in1k"),
        ("seresnet50.ra2_in1k", "seresnet50.ra2_in1k"),
        ("seresnet50_slim", "embedded"),
        ("seresnet50_slim.tiny_in200", "embedded"),
        ("embedded", "embedded"),
        ("twin", "twin"),
        ("resnet50_slim", "twin"),
        ("lab_resnet", "lab_resnet"),
    ],
)
def test_names_are_found_with_and_without_their_tag(typed: str, key: str):
    assert catalogue.find(typed).key == key


def test_a_network_without_gates_is_found_but_not_listed():
    assert not {"twin", "lab_resnet"} & set(catalogue.all_keys())


@pytest.mark.parametrize("typed", ["seresnet5O", "resnet50", "", "../../etc/passwd"])
def test_an_unknown_name_gets_a_sentence_with_near_ones(typed: str):
    with pytest.raises(UserError, match="did you mean"):
        catalogue.find(typed)


def test_weights_are_files_or_folders_that_no_network_is_called(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("embedded", "mine"):
        (tmp_path / folder).mkdir()
    named = ("a.safetensors", "A.SafeTensors", Path("b.safetensors.index.json"), "mine", tmp_path)
    assert all(map(catalogue.names_weights, named))
    others = ("embedded", "seresnet50_slim", "nowhere", "mine@seresnet18", "a.pth", "", None, 5)
    assert not any(map(catalogue.names_weights, others))


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return write_folded_embedded(tmp_path_factory.mktemp("folded") / "f.safetensors")


def test_a_folded_network_stands_beside_its_original_in_place_of_the_twin(file: Path):
    twin, folded = catalogue.find("embedded").twin, open_weights(file, "")
    assert catalogue.put_beside(folded, "seresnet50_slim") == "embedded"
    source = catalogue.find("embedded")
    assert (source.twin, source.twin.column) == (folded, "folded: all 16 blocks static")
    assert [arm.name for arm in default_arms("embedded")] == ["intact", "static", "twin"]
    assert arm_title(default_arms("embedded")[2]) == "Folded: all 16 blocks static"
    assert arm_title(possible_arms("embedded")[-1]) == "Folded: all 16 blocks static"
    assert source.named([TWIN])[0].is_twin
    assert catalogue.find("twin") == twin  # by its own key it is still there


def test_the_original_may_be_in_shards(tmp_path: Path):
    index = write_shards(tmp_path, awake("seresnet18", num_classes=3).state_dict())
    file = tmp_path / "folded" / "f.safetensors"
    file.parent.mkdir()
    said = made_description()
    said = replace(said, origin=replace(said.origin, weights=read_stored(index).digest))
    folded = open_weights(write_folded(file, made_weights(said), said), "")
    for given in (tmp_path, index):
        source = catalogue.find(catalogue.put_beside(folded, str(given)))
        assert (source.file, source.twin) == (index, folded)


def test_only_a_folded_network_of_the_same_classes_and_images_stands_beside_another(
    file: Path, tmp_path: Path
):
    folded = open_weights(file, "")
    other = open_weights(file, "", Settings(mean=(0.1,)))
    with pytest.raises(UserError, match=r"differ: images of 3×64×64, mean 0\.1"):
        catalogue.put_beside(other, "embedded")
    origin = replace(folded.description.origin, weights="00" * 32)
    stranger = replace(folded, description=replace(folded.description, origin=origin))
    with pytest.raises(UserError, match="was folded from other weights than those of SE-ResNet-50"):
        catalogue.put_beside(stranger, "embedded")
    with pytest.raises(UserError, match="differ: classes 200, and 1000; give --beside the network"):
        catalogue.put_beside(folded, "seresnet50.a1_in1k")
    with pytest.raises(UserError, match="has no SE; --beside names the network with SE"):
        catalogue.put_beside(folded, "twin")
    save_file(random_network("seresnet18", num_classes=3).state_dict(), tmp_path / "own")
    with pytest.raises(UserError, match="own is not a file of `seviz fold`"):
        catalogue.put_beside(open_weights(tmp_path / "own", "seresnet18"), "embedded")


def test_a_users_network_gets_a_key_that_nothing_else_has_or_had(monkeypatch):
    monkeypatch.setattr(catalogue, "_own", {})
    monkeypatch.setattr(catalogue, "_removed", set())
    mine = wrap("mine", random_network("seresnet18", num_classes=3))
    first = catalogue.add_own(mine)
    assert (first.key, catalogue.find("mine")) == ("mine", first)
    assert catalogue.all_keys()[:2] == ("embedded", "mine")
    assert catalogue.add_own(mine).key == "mine-2"
    assert catalogue.add_own(replace(mine, key="embedded")).key == "embedded-2"
    catalogue.remove_own("mine-2")
    with pytest.raises(UserError, match="There is no network “mine-2”; did you mean"):
        catalogue.find("mine-2")
    assert catalogue.add_own(mine).key == "mine-3"


def test_all_networks_are_those_that_can_be_opened_and_then_those_without_se():
    every = [source.key for source in catalogue.all_sources()]
    assert every[: len(catalogue.all_keys())] == list(catalogue.all_keys())
    others = every[len(catalogue.all_keys()) :]
    assert {"twin", "lab_vgg", "resnet50.a1_in1k"} <= set(others)
    assert not any(catalogue.find(key).has_gates for key in others)
