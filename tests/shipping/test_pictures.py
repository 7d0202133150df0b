from pathlib import Path

import numpy as np
import pytest

from seviz.nets.embedded import ASSETS
from seviz.pictures import overview
from seviz.records.pictures import Overview
from seviz.reference.gather import reference, reference_images
from seviz.shipping import pictures as module
from seviz.shipping.part import Setting
from seviz.zoo.catalogue import find


@pytest.fixture
def first_block(monkeypatch):
    """Let the network have its first block alone, and pictures take one step."""
    first, *_ = module.blocks()
    monkeypatch.setattr(module, "blocks", lambda: (first,))
    monkeypatch.setattr(module, "STEPS", 1)
    return first


def test_sheets_are_made_once_and_gates_are_counted(first_block, tmp_path: Path, monkeypatch):
    setting = Setting(None, tmp_path)
    assert not module.are_current(setting)
    assert module.opened_lacks(setting).startswith("the pictures are missing")
    assert module.PICTURES.make(setting) == ""
    assert module.are_current(setting)
    assert module.opened_lacks(setting) == ""
    monkeypatch.setattr(module, "draw_overview", None)
    module.PICTURES.make(setting)  # nothing is drawn again
    (block,) = module.measure_opened(setting)["blocks"]
    live = int((reference("embedded").blocks[first_block.name].s_std > 0.01).sum())
    assert (block["site"], block["live"]) == (first_block.name, live)
    assert block["control"] == module.CONTROLS
    assert 0 <= block["beyond"] <= live


def test_the_controls_gates_move_and_are_judged_by_the_same_images(first_block):
    chosen, most = module._sample(first_block)
    assert (chosen, list(most)) == (module._sample(first_block)[0], list(most))
    assert len(set(chosen)) == module.CONTROLS
    block = reference("embedded").blocks[first_block.name]
    assert all(block.s_std[channel] > 0.01 for channel in chosen)
    sample = reference_images("embedded").blocks[first_block.name].sample.astype(float)
    np.testing.assert_allclose(most, [np.quantile(sample[:, c], 0.99) for c in chosen])


def test_the_shipped_sheets_are_of_the_shipped_weights_and_all_gates_have_a_picture():
    setting = Setting(None, ASSETS)
    assert module.are_current(setting)
    sizes = [file.stat().st_size for file in overview.SHIPPED.iterdir()]
    assert sum(sizes) <= 10_000_000
    for site in module.blocks():
        found: Overview = overview.read_overview(
            overview.SHIPPED / f"{site.name}.webp", find("embedded")
        )
        assert len(found.s) == site.channels
