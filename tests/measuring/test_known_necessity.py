from dataclasses import replace
from pathlib import Path

import pytest
from made_losses import made_necessity

from seviz.errors import UserError
from seviz.measuring import known_necessity as module
from seviz.measuring.known_necessity import bring, known_necessity
from seviz.measuring.necessity_file import save
from seviz.records.losses import SetNecessity
from seviz.zoo.catalogue import find


@pytest.fixture(autouse=True)
def _nothing_brought(monkeypatch) -> None:
    monkeypatch.setattr(module, "_brought", [])


def of_variant(**other: object) -> SetNecessity:
    source = find("lab_resnet_se")
    found = replace(made_necessity(), network=source.identity, weights=source.digest)
    return replace(found, **other)


def written(tmp_path: Path, found: SetNecessity) -> Path:
    save(found, tmp_path / "found.json")
    return tmp_path / "found.json"


def test_the_embedded_networks_ships():
    found = known_necessity("embedded")
    assert found is not None
    assert found.images == 10_000
    assert [block.site for block in found.blocks][::15] == ["SE_2_1", "SE_5_3"]
    assert [of.arm for of in found.arms][:3] == ["intact", "static", "resampled"]


def test_a_file_at_the_launch_tells_of_its_network_and_the_last_one_holds(tmp_path: Path):
    assert known_necessity("lab_resnet_se") is None
    for images in (7, 8):
        bring(written(tmp_path, of_variant(images=images)))
    found = known_necessity("lab_resnet_se")
    assert found is not None
    assert found.images == 8
    assert known_necessity("lab_resnet_r2") is None


def test_of_weights_that_are_not_known_the_name_counts(tmp_path: Path):
    bring(written(tmp_path, of_variant(weights=None)))
    assert known_necessity("lab_resnet_se") is not None


@pytest.mark.parametrize("other", [{"weights": "00" * 32}, {"network": "unicorn"}])
def test_a_file_of_no_network_here_gets_one_sentence(tmp_path: Path, other: dict):
    file = written(tmp_path, replace(of_variant(), **other))
    with pytest.raises(UserError, match="measure the network anew"):
        bring(file)
    assert known_necessity("lab_resnet_se") is None
