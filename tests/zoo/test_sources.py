"""Every kind of network keeps the same promises."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from networks import awake, random_network
from safetensors.torch import save_file

from seviz.errors import UserError
from seviz.zoo import download, models
from seviz.zoo.catalogue import add_checkpoint, find
from seviz.zoo.checkpoint import open_checkpoint
from seviz.zoo.published import Published
from seviz.zoo.sources import Source, wrap

KINDS = ("embedded", "twin", "lab_resnet_se", "legacy_seresnet18", "checkpoint", "wrapped")


@pytest.fixture(params=KINDS)
def source(request, tmp_path: Path, monkeypatch) -> Source:
    """Return a network of each kind, whose weights are on this machine."""
    if request.param == "checkpoint":
        file = tmp_path / "mine.safetensors"
        save_file(random_network("seresnet18", num_classes=3).state_dict(), file)
        add_checkpoint(open_checkpoint(file, "seresnet18"))
    if request.param == "wrapped":
        return wrap("mine", random_network("seresnet18", num_classes=3))
    if request.param == "legacy_seresnet18":
        file = tmp_path / "seresnet18-4bb0ce65.pth"
        torch.save(random_network("legacy_seresnet18").state_dict(), file)
        monkeypatch.setattr(download, "fetch", lambda source: file)
        monkeypatch.setattr(Published, "local_file", file)
    return find(request.param)


def test_its_facts_are_those_of_the_network_that_it_builds(source: Source):
    model, skeleton = source.build(), source.skeleton()
    assert source.figures.parameters == sum(p.numel() for p in model.parameters())
    shapes = {name: value.shape for name, value in model.state_dict().items()}
    assert {name: value.shape for name, value in skeleton.state_dict().items()} == shapes
    assert len(source.labels) == len(set(source.labels)) == model.num_classes
    assert source.folders is None or len(source.folders) == len(source.labels)
    assert source.class_names == dict(zip(source.folders or (), source.labels, strict=False))
    size = source.input_size
    assert size == tuple(source.config["input_size"])
    with torch.inference_mode():
        assert model.eval()(torch.zeros(1, *size)).shape == (1, len(source.labels))


def test_its_weights_are_on_this_machine_once_they_are_fetched(source: Source):
    file = source.fetch()
    assert file == source.local_file
    assert (file is None) == (source.kind == "memory")
    assert file is None or file.is_file()


def test_its_entry_says_what_it_says(source: Source):
    entry = source.entry()
    for name in ("key", "title", "group", "origin", "architecture", "tag", "licence"):
        assert getattr(entry, name) == getattr(source, name)
    assert (entry.source, entry.measured_on) == (source.kind, source.measured_on)
    assert (entry.parameters, entry.top1, entry.top5) == source.figures[:3]
    file = source.local_file
    assert entry.cached == (file is not None or source.kind == "memory")
    assert entry.size == (file.stat().st_size if file else source.figures.bytes)
    assert entry.classes == len(source.labels)
    assert entry.twin == (source.twin.key if source.twin else None)
    assert entry.input_size == source.input_size


def test_networks_of_one_key_are_told_apart_where_that_outlives_the_process(source: Source):
    own = {"checkpoint": "mine.safetensors · seresnet18"}
    assert source.identity == own.get(source.key, source.key)


def test_what_can_be_opened_is_opened_with_its_facts(source: Source):
    if not source.has_gates:
        with pytest.raises(UserError, match="has no Squeeze-and-Excitation block"):
            models.prepare(source)
        return
    loaded = models.prepare(source)
    assert (loaded.key, loaded.title) == (source.key, source.title)
    assert loaded.temperature == source.temperature
    assert loaded.labels == source.labels
    assert loaded.file == source.local_file
    again = models.on_cpu(loaded)
    assert again.source is source
    for name, value in again.model.state_dict().items():
        assert torch.equal(value, loaded.model.state_dict()[name])


def test_a_wrapped_module_stays_its_owners():
    module = awake("seresnet18")
    loaded = models.prepare(wrap("mine", module.train()))
    assert module.training and all(p.requires_grad for p in module.parameters())
    assert not any(m._forward_hooks for m in module.modules())
    assert not loaded.model.training and loaded.model is not module


def test_what_its_images_are_is_told_as_text():
    assert find("embedded").pixels == (
        "3×64×64, mean 0.485 0.456 0.406, deviation 0.229 0.224 0.225"
    )


def test_what_has_no_gates_says_so():
    find("embedded").check_gates()
    with pytest.raises(UserError, match="the twin without SE has no Squeeze-and-Excitation block"):
        find("twin").check_gates()
    plain = wrap("mine", awake("resnet18"), has_gates=False)
    with pytest.raises(UserError, match="SE-ResNet, or compare this one with another network"):
        plain.check_gates()
    with pytest.raises(UserError, match="Its block is odd"):
        replace(plain, why_no_gates="Its block is odd.").check_gates()
