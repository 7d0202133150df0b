from dataclasses import replace
from pathlib import Path

import pytest
from made_losses import made_necessity

from seviz.errors import UserError
from seviz.folding.auto import auto_path
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
    path = auto_path(find("embedded"), file, 0.65)
    assert [step.site for step in path.within(0.65)] == ["SE_2_1", "SE_2_2"]
    assert path.steps == made_necessity().path.steps


def test_a_choice_that_ended_before_the_budget_is_refused(tmp_path: Path):
    path = made_necessity().path
    file = written(tmp_path, path=replace(path, budget=0.5))
    with pytest.raises(UserError, match=r"ended at a budget of 0\.5 points; give no more, or let"):
        auto_path(find("embedded"), file, 0.6)
    file = written(tmp_path, path=replace(path, budget=0.5, steps=path.steps[:1]))
    assert auto_path(find("embedded"), file, 99).steps == path.steps[:1]  # there are no others


def test_without_a_file_what_is_known_of_the_network_is_taken(monkeypatch):
    monkeypatch.setattr("seviz.folding.auto.known_necessity", lambda key: made_necessity())
    monkeypatch.setattr("seviz.folding.auto.is_of", lambda found, source: True)
    assert auto_path(find("embedded"), None, 0.3) == made_necessity().path
    with pytest.raises(UserError, match="is measured on a data set"):
        monkeypatch.setattr("seviz.folding.auto.known_necessity", lambda key: None)
        auto_path(find("embedded"), None, 0.3)


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
        auto_path(find("embedded"), written(tmp_path, **other), 0.2)
