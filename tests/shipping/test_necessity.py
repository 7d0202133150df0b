from dataclasses import replace
from pathlib import Path

from folders import class_folders
from made_losses import made_necessity

import seviz.shipping.necessity as module
from seviz.measuring.necessity_file import load, save
from seviz.nets.embedded import ASSETS
from seviz.records.losses import LARGEST_BUDGET
from seviz.shipping.necessity import NECESSITY, is_current
from seviz.shipping.part import Setting
from seviz.zoo.catalogue import find


def test_the_shipped_file_is_of_the_shipped_weights():
    setting = Setting(None, ASSETS)
    assert is_current(setting)
    found = load(setting.necessity)
    assert (found.images, found.path.budget) == (10_000, LARGEST_BUDGET)
    assert found.path.steps[-1].chosen.lost.mean > LARGEST_BUDGET / 100


def test_another_networks_file_and_none_are_not_current(tmp_path: Path):
    setting = Setting(None, tmp_path)
    assert not is_current(setting)
    save(made_necessity(), setting.necessity)
    assert not is_current(setting)
    setting.necessity.write_text("nothing")
    assert not is_current(setting)
    assert NECESSITY.lacks(setting).startswith("seresnet50_slim.profile.safetensors is not of")


def test_the_network_is_measured_on_the_validation_images(tmp_path: Path, monkeypatch):
    class_folders(tmp_path, find("embedded").folders[:3], train=0, val=1)
    setting = Setting(tmp_path, tmp_path)
    monkeypatch.setattr(Setting, "profile", ASSETS / "seresnet50_slim.profile.safetensors")
    assert NECESSITY.lacks(setting) == ""
    assert NECESSITY.make(setting) == ""
    found = load(setting.necessity)
    assert (found.images, found.data, found.rule) == (3, "Tiny-ImageNet-200 (val)", "static")
    assert found.statistics == "Tiny-ImageNet-200 (train)"
    assert "resampled" in [of.arm for of in found.arms]
    assert is_current(setting)
    assert not list(tmp_path.glob("*.parts"))


def test_a_shorter_choice_goes_on(tmp_path: Path, monkeypatch):
    setting = Setting(tmp_path, tmp_path)
    monkeypatch.setattr(Setting, "profile", ASSETS / "seresnet50_slim.profile.safetensors")
    ours = load(ASSETS / setting.necessity.name)
    save(replace(ours, path=replace(ours.path, budget=1.0)), setting.necessity)
    assert not is_current(setting)
    taken = []

    def go_on(asking, by, found, *, budget):
        taken.append((asking.data, found.path.budget, budget))
        return replace(found, path=replace(found.path, budget=budget)), None

    monkeypatch.setattr(module, "choose_more", go_on)
    class_folders(tmp_path, find("embedded").folders[:3], train=0, val=1)
    assert NECESSITY.make(setting) == ""
    assert taken == [(ours.data, 1.0, LARGEST_BUDGET)]
    assert is_current(setting)
