from dataclasses import replace
from pathlib import Path

import pytest
from made_losses import made_necessity

from seviz.errors import UserError
from seviz.folding.auto import auto_blocks
from seviz.measuring.necessity_file import save
from seviz.records.losses import SetNecessity
from seviz.zoo.catalogue import find


def written(tmp_path: Path, **other: object) -> Path:
    source = find("embedded")
    found = replace(made_necessity(), network=source.identity, weights=source.digest)
    changed: SetNecessity = replace(found, **other)
    save(changed, tmp_path / "found.json")
    return tmp_path / "found.json"


def test_the_set_within_the_budget_is_taken(tmp_path: Path):
    file = written(tmp_path)
    assert auto_blocks(find("embedded"), file, 0.65) == ("SE_2_1", "SE_2_2")
    assert auto_blocks(find("embedded"), file, 5) == ("SE_2_1", "SE_2_2", "SE_3_1")


def test_without_a_file_what_is_known_of_the_network_is_taken(monkeypatch):
    monkeypatch.setattr("seviz.folding.auto.known_necessity", lambda key: made_necessity())
    monkeypatch.setattr("seviz.folding.auto.is_of", lambda found, source: True)
    assert auto_blocks(find("embedded"), None, 0.3) == ("SE_2_1",)
    with pytest.raises(UserError, match="is measured on a data set"):
        monkeypatch.setattr("seviz.folding.auto.known_necessity", lambda key: None)
        auto_blocks(find("embedded"), None, 0.3)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"network": "unicorn"}, "is of “unicorn” or of other weights; measure this one"),
        ({"weights": "00" * 32}, "is of “embedded” or of other weights"),
        ({"rule": "identity"}, "is about gates “identity”; measure it with --replace static"),
        ({"path": None}, "No block of .* fits a budget of 0.2 points on made"),
        ({}, "No block of .* fits a budget of 0.2 points on made"),
    ],
)
def test_another_file_gets_one_sentence(tmp_path: Path, other: dict, says: str):
    with pytest.raises(UserError, match=says):
        auto_blocks(find("embedded"), written(tmp_path, **other), 0.2)
