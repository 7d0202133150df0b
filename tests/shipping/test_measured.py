import json
from dataclasses import replace
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.nets.embedded import ASSETS
from seviz.photos.examples import EXAMPLES
from seviz.shipping import measured as module
from seviz.shipping.measured import (
    DYNAMIC,
    MEASUREMENTS,
    _part,
    is_current,
    profile_lacks,
    read_figures,
)
from seviz.shipping.part import Setting, weight_digests


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path, tmp_path)


def test_there_are_no_figures_before_any_was_measured(setting: Setting):
    assert read_figures(setting.figures) == {}
    setting.figures.write_text('{"arms": 1}')
    assert read_figures(setting.figures) == {"arms": 1}
    setting.figures.write_text('{"arms": ')
    with pytest.raises(UserError, match=r"figures\.json is damaged; delete it to measure again"):
        read_figures(setting.figures)


def test_an_entry_is_current_if_all_its_weights_are_the_present_ones():
    present = weight_digests("embedded", "twin")
    assert is_current({"weights": present})
    assert is_current({"weights": weight_digests("twin")})
    assert not is_current({"weights": present | {"twin": "0" * 64}})
    assert not is_current(None)


def test_a_part_keeps_what_it_found_beside_what_other_parts_did(setting: Setting):
    setting.figures.write_text('{"other": {"found": 1}}')
    asked: list[Setting] = []
    part = _part("mine", lambda of: asked.append(of) or {"é": 2}, "twin")
    assert not part.current(setting)
    assert part.lacks(setting) == ""
    assert part.make(setting) == ""
    assert asked == [setting]
    figures = read_figures(setting.figures)
    assert figures["other"] == {"found": 1}
    mine = figures["mine"]
    assert (mine["weights"], mine["found"]) == (weight_digests("twin"), {"é": 2})
    assert mine["seconds"] >= 0
    assert list(mine) == ["weights", "date", "hardware", "seconds", "found"]
    assert "é" in setting.figures.read_text("utf-8")
    assert part.current(setting)
    figures["mine"]["weights"]["twin"] = "0" * 64
    setting.figures.write_text(json.dumps(figures))
    assert not part.current(setting)


def test_static_arms_need_statistics_of_the_present_weights(setting: Setting):
    lacking = "seresnet50_slim.profile.safetensors is not of the present weights; make the part pro"
    assert profile_lacks(setting).startswith(lacking)
    shipped = Setting(setting.data, ASSETS)
    assert profile_lacks(shipped) == ""


def test_what_each_measurement_needs(setting: Setting):
    needs = {part.name: bool(part.lacks(setting)) for part in MEASUREMENTS}
    expected = {"evaluate": False, "arms": True, "pointing": True, "opened": True, "answers": False}
    expected |= {"unknown": False, "ranges": False}
    assert needs == expected | dict.fromkeys(DYNAMIC, True)


def test_photographs_are_found_without_importing_their_packages(setting: Setting, monkeypatch):
    (answers,) = (part for part in MEASUREMENTS if part.name == "answers")
    assert answers.lacks(setting) == ""
    missing = [("skimage", "no.png"), ("no_such", "a.png"), ("no_such", "c.png")]
    examples = [replace(EXAMPLES[0], package=package, inside=file) for package, file in missing]
    monkeypatch.setattr(module, "EXAMPLES", examples)
    assert answers.lacks(setting) == "the photographs of no_such and skimage are not here"
