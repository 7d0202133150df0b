import pytest
import timm
import torch

from seviz.errors import UserError
from seviz.zoo import catalogue


def test_every_se_resnet_of_timm_with_weights_is_there_and_the_embedded_network_is_first():
    keys = catalogue.all_keys()
    assert keys[0] == "embedded"
    named = {f"legacy_seresnet{depth}.in1k" for depth in (18, 34, 50, 101, 152)}
    named |= {f"seresnet50.{tag}_in1k" for tag in ("a1", "a2", "a3", "ra2")}
    named |= {"seresnet152d.ra2_in1k", "legacy_senet154.in1k", "seresnext50_32x4d.racm_in1k"}
    assert named <= set(keys)
    assert len(set(keys)) == len(keys)


def test_every_entry_has_its_facts():
    for key in catalogue.all_keys():
        kind, origin = catalogue.source(key)
        here = catalogue.group(key) in ("embedded", "laboratory")
        assert kind == "embedded" if here else kind in ("hub", "release")
        assert origin
        assert catalogue.title(key)
    titles = [catalogue.title(key) for key in catalogue.all_keys()]
    assert len(set(titles)) == len(titles)


def test_an_entry_counts_the_parameters_of_the_network_it_names():
    entry = catalogue.entry("legacy_seresnet18")
    model = timm.create_model("legacy_seresnet18", device="meta")
    assert entry.parameters == sum(p.numel() for p in model.parameters())
    assert entry.key == "legacy_seresnet18.in1k"
    assert entry.title == "SE-ResNet-18 · legacy in1k"
    assert (entry.group, entry.source, entry.tag) == ("SE-ResNet", "release", "in1k")
    assert entry.origin.endswith("seresnet18-4bb0ce65.pth")
    assert entry.input_size == (3, 224, 224)
    assert entry.to_json()["input_size"] == [3, 224, 224]


def test_the_embedded_entry_is_on_this_machine():
    entry = catalogue.entry("embedded")
    assert (entry.source, entry.cached) == ("embedded", True)
    assert entry.origin == "seresnet50_slim.safetensors"
    assert entry.licence == "imagenet-non-commercial"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("legacy_seresnet50", "legacy_seresnet50.in1k"),
        ("seresnet50", "seresnet50.a1_in1k"),
        ("seresnet50.ra2_in1k", "seresnet50.ra2_in1k"),
        ("seresnet50_slim", "embedded"),
        ("embedded", "embedded"),
    ],
)
def test_names_are_found_with_and_without_their_tag(typed: str, key: str):
    assert catalogue.find(typed) == key


@pytest.mark.parametrize("typed", ["seresnet5O", "resnet50", "", "../../etc/passwd"])
def test_an_unknown_name_gets_a_sentence_with_near_ones(typed: str):
    with pytest.raises(UserError, match="did you mean"):
        catalogue.find(typed)


def test_a_release_file_counts_as_cached_once_it_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    assert catalogue.local_file("legacy_seresnet18.in1k") is None
    (tmp_path / "checkpoints").mkdir()
    file = tmp_path / "checkpoints" / "seresnet18-4bb0ce65.pth"
    file.touch()
    assert catalogue.local_file("legacy_seresnet18.in1k") == file
