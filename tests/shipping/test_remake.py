import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from folders import class_folders
from made_losses import made_necessity

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.files import hexdigest
from seviz.nets.embedded import ASSETS
from seviz.nets.shipped import openable_keys
from seviz.records.losses import LARGEST_BUDGET
from seviz.reference.profile import Profile
from seviz.shipping import measured, necessity, part, pictures
from seviz.shipping import remake as module
from seviz.shipping.measured import read_figures
from seviz.shipping.part import Part, Setting
from seviz.shipping.remake import remake
from seviz.zoo.catalogue import find

ONE = {"dynamic_embedded": "embedded", "dynamic_lab_resnet_stage4": "lab_resnet_stage4"}
MEASURED = ["evaluate", "arms", "pointing", "opened", *ONE, "answers"]
NAMES = [
    *("profile", "pictures", "necessity", *MEASURED),
    *("unknown", "ranges", "example", "card", "kept"),
]
WEIGHTS = {
    "embedded": hexdigest(ASSETS / "seresnet50_slim.safetensors"),
    "twin": hexdigest(ASSETS / "resnet50_slim.safetensors"),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """One image a class of the embedded network's to train and to measure on, and boxes."""
    root, wnids = tmp_path_factory.mktemp("data"), find("embedded").folders
    class_folders(root, wnids, train=1, val=1)
    for wnid in wnids:  # the boxes are known by the files' names
        (root / "val" / wnid / "0.png").rename(root / "val" / wnid / f"{wnid}_0.png")
    rows = [f"val\t{wnid}\t{wnid}_0\t0\t0\t31\t31\n" for wnid in wnids]
    (root / "boxes.tsv").write_text("".join(["split\twnid\tfile\tx0\ty0\tx1\ty1\n", *rows]))
    return root


@pytest.fixture(scope="module", autouse=True)
def few_pictures():
    """Let pictures be made for the gates of the first block, in one step."""
    first = pictures.blocks()[:1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "blocks", lambda: first)
        patch.setattr(pictures, "STEPS", 1)
        yield


@pytest.fixture(scope="module", autouse=True)
def few_networks():
    """Let the necessity be made up, and one of the laboratory's variants be measured."""
    found = made_necessity()
    path = replace(found.path, budget=LARGEST_BUDGET)
    found = replace(found, weights=WEIGHTS["embedded"], path=path)
    kept = [p for p in module.PARTS if not p.name.startswith("dynamic_") or p.name in ONE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(necessity, "measure_necessity", lambda *_, **__: (found, None))
        patch.setattr(module, "PARTS", tuple(kept))
        patch.setattr(module, "DYNAMIC", ONE)
        yield


@pytest.fixture(scope="module")
def made(data, tmp_path_factory) -> tuple[Setting, list[tuple[str, str]]]:
    """Everything made from a little data, in a folder that was empty."""
    setting = Setting(data, tmp_path_factory.mktemp("out"), loaders=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measured, "POINTING_IMAGES", 6)
        return setting, list(remake(setting))


def test_every_part_is_made_and_names_the_weights(made):
    setting, news = made
    assert [name for name, _ in news] == NAMES
    assert all(says.startswith("made in ") and says.endswith(" s") for _, says in news)
    assert Profile.load(setting.profile).weights == WEIGHTS["embedded"]
    figures = read_figures(setting.figures)
    assert list(figures) == MEASURED
    for name, entry in figures.items():
        keys = ["embedded", "twin"] if name == "evaluate" else [ONE.get(name, "embedded")]
        assert entry["weights"] == {key: find(key).digest for key in keys}
        assert entry["seconds"] > 0
    card = setting.card.read_text("utf-8")
    assert card.count(WEIGHTS["embedded"]) == 8
    assert card.count(WEIGHTS["twin"]) == 1
    assert "On the 200 validation images" in card
    assert "Over 200 training images" in card
    assert sorted(file.name for file in setting.out.iterdir()) == [
        "example.npz",
        "kept.json",
        "lab",
        "pictures",
        "seresnet50_slim.figures.json",
        "seresnet50_slim.md",
        "seresnet50_slim.necessity.json",
        "seresnet50_slim.profile.images.safetensors",
        "seresnet50_slim.profile.safetensors",
        "seresnet50_slim.ranges.json",
        "unknown.json",
    ]


def test_what_is_measured_is_what_the_commands_say(made, capsys):
    setting, _ = made
    figures = read_figures(setting.figures)
    evaluated = figures["evaluate"]["found"]
    assert [(row["model"], row["photographs"]) for row in evaluated] == [
        ("embedded", False),
        ("embedded", True),
        ("twin", False),
        ("twin", True),
    ]
    assert main(["evaluate", "--data", str(setting.data), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["top1"] == evaluated[0]["top1"]
    assert said["temperature"] == evaluated[0]["temperature"]
    assert [arm["arm"] for arm in figures["arms"]["found"]["arms"]] == list(measured.ARMS)
    assert figures["pointing"]["found"]["images"] == 6
    assert list(figures["answers"]["found"]) == ["lion", "cat", "espresso", "cheetah"]
    assert figures["answers"]["found"]["lion"][0]["label"] == "lion"


def test_what_tells_other_classes_is_measured_on_networks_that_know_some(made):
    setting, _ = made
    entry = read_figures(setting.unknown)["unknown"]
    assert set(entry["weights"]) == {"embedded", *openable_keys()}
    found = entry["found"]
    assert set(found["networks"]) == set(entry["weights"])
    for key, of in found["networks"].items():
        counts = (of["known"], of["unknown"])
        assert counts == ((200, 0) if key == "embedded" else (20, 180))
        assert 0 < of["threshold"] < 1
    assert found["networks"]["embedded"]["auroc"] is None
    assert found["measured_networks"] == len(openable_keys())
    assert 0 < found["unknown_below"] < 1


def test_what_is_of_the_present_weights_is_left_unless_forced(made):
    setting, _ = made
    before = {file: file.read_bytes() for file in setting.out.rglob("*.*")}
    assert list(remake(setting)) == [(n, "up to date") for n in NAMES]
    assert {file: file.read_bytes() for file in setting.out.rglob("*.*")} == before
    ((name, says),) = remake(setting, ["answers"], force=True)
    assert (name, says[:5]) == ("answers", "made ")


def test_with_other_weights_nothing_is_left_and_the_card_waits(made, monkeypatch):
    setting, _ = made
    monkeypatch.setattr(part, "hexdigest", lambda file: "0" * 64)
    of_weights = [p for p in module.PARTS if p.name != "kept"]  # which is of the variants alone
    assert not any(p.current(setting) for p in of_weights)
    news = dict(remake(setting, ["arms", "pointing", "card"]))
    lacking = "is not of the present weights; make the part profile first"
    assert news["arms"] == news["pointing"] == f"skipped: {setting.profile.name} {lacking}"
    left = (
        "these parts lack their figures and stay as they were: accuracy, gates, pictures, answers, "
        "ranges, dynamic, necessity, statistics"
    )
    assert news["card"].endswith(left)


def test_the_photographs_of_packages_that_are_not_here_are_not_asked_about(made, monkeypatch):
    setting, _ = made
    gone = replace(measured.EXAMPLES[0], package="no_such_package")
    monkeypatch.setattr(measured, "EXAMPLES", (gone, *measured.EXAMPLES[1:]))
    news = list(remake(setting, ["answers"], force=True))
    assert news == [("answers", "skipped: the photographs of no_such_package are not here")]


def fake(name: str, made: list[str], current: Callable[[Setting], bool]) -> Part:
    return Part(name, current, lambda _: made.append(name) or "", lambda _: "")


def test_a_run_that_was_ended_goes_on_where_it_was(tmp_path: Path, monkeypatch):
    made: list[str] = []

    def broken(_: Setting) -> str:
        raise UserError("No data.")

    def is_made(name: str) -> Callable[[Setting], bool]:
        return lambda _: name in made

    first, last = (fake(name, made, is_made(name)) for name in ("first", "last"))
    middle = Part("middle", is_made("middle"), broken)
    monkeypatch.setattr(module, "PARTS", (first, middle, last))
    with pytest.raises(UserError, match="No data"):
        list(remake(Setting(tmp_path, tmp_path)))
    assert made == ["first"]
    monkeypatch.setattr(module, "PARTS", (first, fake("middle", made, is_made("middle")), last))
    news = [says.split(" in ")[0] for _, says in remake(Setting(tmp_path, tmp_path))]
    assert news == ["up to date", "made", "made"]
    assert made == ["first", "middle", "last"]
    assert [name for name, _ in remake(Setting(tmp_path, tmp_path), ["last"], force=True)] == [
        "last"
    ]
    assert made[-2:] == ["last", "last"]


def test_an_installed_seviz_has_no_card_to_put_blocks_into(made, tmp_path: Path, monkeypatch):
    setting, _ = made
    monkeypatch.setattr(module, "ASSETS", tmp_path)
    lacking = "skipped: seresnet50_slim.md is not there; copy it from a checkout of seviz"
    elsewhere = Setting(setting.data, tmp_path)
    assert list(remake(elsewhere, ["card"])) == [("card", lacking)]
    (tmp_path / "seresnet50_slim.md").write_text(setting.card.read_text("utf-8"), "utf-8")
    assert dict(remake(elsewhere, ["card"]))["card"].startswith("made in ")


def test_the_command_tells_what_became_of_each_part(made, capsys):
    setting, _ = made
    command = ["remake", "--data", str(setting.data), "--out", str(setting.out)]
    assert main([*command, "--only", "card", "profile"]) == 0
    told = [f"{name}: up to date" for name in ("profile", "card")]
    assert capsys.readouterr().out.splitlines() == told
    assert np.isfinite(read_figures(setting.figures)["evaluate"]["seconds"])
