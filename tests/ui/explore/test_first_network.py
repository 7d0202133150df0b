import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made_folded import write_folded_embedded
from made_losses import made_necessity
from networks import random_network
from safetensors.torch import save_file

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.measuring import known_necessity
from seviz.measuring.necessity_file import save
from seviz.nets.embedded import ARCHITECTURE, ASSETS
from seviz.reference import gather
from seviz.reference.profile import Profile
from seviz.ui import app
from seviz.ui.explore.first_network import first_network, is_chosen, necessity_of, statistics
from seviz.ui.state import offered_columns
from seviz.zoo import catalogue, download

ROOT = Path(__file__).resolve().parents[3]
TAKEN = (
    "--input-size 224 224, --mean 0.485 0.456 0.406 and --std 0.229 0.224 0.225 are taken from "
    "seresnet18; give your own where mine.safetensors was trained with others."
)


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), path)
    return str(path)


def test_the_embedded_network_is_the_first_unless_told_otherwise(monkeypatch, tmp_path: Path):
    assert first_network(None, None) == ("embedded", "")
    monkeypatch.setenv("SEVIZ_MODEL", "seresnet50")
    monkeypatch.setattr(download, "fetch", lambda source: tmp_path)
    assert first_network(None, None) == ("seresnet50.a1_in1k", "")


def test_a_network_is_chosen_by_the_launch_or_by_the_environment(monkeypatch, mine: str):
    assert not is_chosen(None, None)
    assert is_chosen(None, "embedded")
    assert is_chosen(mine, None)
    for name in ("SEVIZ_MODEL", "SEVIZ_CHECKPOINT"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "embedded")
            assert is_chosen(None, None)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("seresnet50.a1_in1k", "not on this machine"),
        ("seresnet5O", "There is no network “seresnet5O”"),
    ],
)
def test_a_network_that_cant_be_had_gives_a_notice(monkeypatch, model: str, says: str):
    monkeypatch.setenv("SEVIZ_MODEL", model)
    key, notice = first_network(None, None)
    assert key == "embedded"
    assert says in notice
    assert notice.endswith("The embedded network is open instead.")


def test_a_checkpoint_is_the_first_network_whichever_way_it_is_given(monkeypatch, mine: str):
    assert first_network(mine, "seresnet18") == ("checkpoint", TAKEN)
    monkeypatch.setattr(catalogue, "_own", {})
    monkeypatch.setenv("SEVIZ_CHECKPOINT", mine)
    monkeypatch.setenv("SEVIZ_ARCH", "seresnet18")
    assert first_network(None, None) == ("checkpoint", TAKEN)
    monkeypatch.setenv("SEVIZ_ARCH", "seresnet34")
    key, notice = first_network(None, None)
    assert key == "embedded"
    assert "does not fit seresnet34" in notice


def test_what_the_launch_names_comes_before_the_environment(monkeypatch, mine: str):
    monkeypatch.setenv("SEVIZ_MODEL", "embedded")
    assert first_network(mine, "seresnet18") == ("checkpoint", TAKEN)
    monkeypatch.setenv("SEVIZ_CHECKPOINT", mine)
    monkeypatch.setenv("SEVIZ_ARCH", "seresnet18")
    assert first_network(None, None) == ("embedded", "")


def test_a_network_without_gates_is_not_opened(monkeypatch):
    monkeypatch.setenv("SEVIZ_MODEL", "twin")
    key, notice = first_network(None, None)
    assert key == "embedded"
    assert "the twin without SE has no Squeeze-and-Excitation block" in notice


def test_names_that_do_not_fit_are_a_notice_and_no_end_of_a_space(monkeypatch, mine: str):
    Path(mine).with_suffix(".txt").write_text("epoch 1: loss 3.2\n")
    monkeypatch.setenv("SEVIZ_CHECKPOINT", mine)
    monkeypatch.setenv("SEVIZ_ARCH", "seresnet18")
    key, notice = first_network(None, None)
    assert key == "embedded"
    assert "names 1 different class on 1 line" in notice


def test_the_page_opens_with_it_and_its_notice(mine: str):
    key, _ = first_network(mine, "seresnet18")
    components = app.build(key, "Look here.").config["components"]
    said = {c["props"].get("elem_id"): c["props"].get("value") for c in components}
    assert said["model"] == "checkpoint"
    assert "Look here." in said["notice"]
    assert "M parameters" in said["network"]
    assert "<span>class 2</span>" in said["classes"]


def test_a_folded_network_opens_beside_its_original(tmp_path: Path, mine: str):
    file = write_folded_embedded(tmp_path / "f.safetensors")
    key, notice = first_network(file, None, beside="seresnet50_slim")
    assert key == "embedded"
    assert notice.startswith("f.safetensors is seresnet50_slim with the static gates of")
    columns = app.build(key, notice).config["components"]
    (columns,) = (c["props"] for c in columns if c["props"].get("elem_id") == "columns")
    assert ("Folded: all 16 blocks static", "twin") in [tuple(each) for each in columns["choices"]]
    with pytest.raises(UserError, match=r"^mine\.safetensors is not a file of `seviz fold`"):
        first_network(mine, "seresnet18", beside="embedded")
    with pytest.raises(UserError, match=r"--beside opens it beside the original, embedded,"):
        first_network(file, None)


@pytest.fixture
def opened(monkeypatch) -> list:
    """Record what is built and launched, instead of doing it."""
    calls: list = []
    monkeypatch.setattr(app, "build", lambda *start: calls.append(start))
    monkeypatch.setattr(app, "launch", lambda demo, **options: calls.append((demo, options)))
    monkeypatch.setattr(app.warm_up, "expect", lambda: None)
    monkeypatch.setattr(app, "_stay", lambda demo, *, opening: calls.append(opening))
    return calls


def test_the_command_and_the_space_open_the_app_with_their_settings(
    monkeypatch, mine: str, opened: list
):
    assert main(["app", "--checkpoint", mine, "--arch", "seresnet18"]) == 0
    assert opened == [
        ("checkpoint", TAKEN),
        (None, {"inbrowser": False, "prevent_thread_lock": True}),
        False,
    ]
    opened.clear()
    monkeypatch.setattr("sys.argv", ["app.py", "--model", "seresnet50_slim", "--open"])
    monkeypatch.setattr("signal.signal", lambda *_: None)  # the tests' own Ctrl-C stays
    monkeypatch.setattr("seviz.__main__._end_now", sys.exit)  # and so do the tests
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
    assert ended.value.code == 0
    assert opened == [
        ("embedded", ""),
        (None, {"inbrowser": True, "prevent_thread_lock": True}),
        False,
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", "nonsense"], "There is no network “nonsense”; did you mean"),
        (["--model", "seresnet50.a1_in1k"], "not on this machine"),
        (["--model", "twin"], "has no Squeeze-and-Excitation block"),
        (["--checkpoint", "none", "--arch", "seresnet18"], "none is not a file; give the path"),
        (["--checkpoint", "{mine}"], "Give the architecture of mine.safetensors too: --arch ARCH."),
        (["--checkpoint", "{mine}", "--arch", "seresnet34"], "does not fit seresnet34"),
        (
            ["--checkpoint", "{mine}", "--arch", "seresnet18", "--mean", "1", "2"],
            "--mean has 2 num",
        ),
        (["--beside", "embedded"], "--beside is about --checkpoint FILE"),
        (
            ["--checkpoint", "{mine}", "--arch", "seresnet18", "--beside", "embedded"],
            "is not a file of `seviz fold`",
        ),
        (["--profile", "none"], "none is not there, or can't be opened"),
        (
            ["--profile", "{other}"],
            "is of the network “embedded” with weights 000000000000…, not of",
        ),
    ],
)
def test_what_is_given_at_the_launch_and_fails_ends_with_a_sentence(
    mine: str, tmp_path: Path, opened: list[tuple], capsys, options: list[str], says: str
):
    profile = Profile.load(ASSETS / f"{ARCHITECTURE}.profile.safetensors")
    replace(profile, weights="0" * 64).save(tmp_path / "other")
    given = [each.format(mine=mine, other=tmp_path / "other") for each in options]
    assert main(["app", *given]) == 2
    assert says in capsys.readouterr().err
    assert opened == []


def test_weights_without_a_head_are_not_for_the_page(mine: str):
    weights = random_network("seresnet18", num_classes=0).state_dict()
    save_file(weights, mine)
    with pytest.raises(UserError, match=r"mine\.safetensors: This network has no head"):
        first_network(mine, "seresnet18")


def test_a_network_named_at_the_launch_comes_before_a_checkpoint(mine: str):
    assert first_network(mine, "seresnet18", "embedded") == ("embedded", "")
    assert "checkpoint" in catalogue.all_keys()


def test_somebodys_own_statistics_become_the_reference_of_their_network(
    monkeypatch, tmp_path: Path
):
    monkeypatch.setattr(gather, "_shipped", lambda key: None)
    shipped = Profile.load(ASSETS / f"{ARCHITECTURE}.profile.safetensors")
    replace(shipped, model="legacy_seresnet18.in1k", weights="0" * 64, pixels=None).save(
        tmp_path / "mine.safetensors"
    )
    assert statistics(None) == ""
    assert gather.reference("legacy_seresnet18.in1k") is None
    assert statistics(str(tmp_path / "mine.safetensors")) == ""
    assert gather.reference("legacy_seresnet18.in1k").images == shipped.images
    assert gather.reference("embedded") is None
    assert offered_columns("legacy_seresnet18.in1k")[0] == "static"
    monkeypatch.setenv("SEVIZ_PROFILE", str(tmp_path / "nothing"))
    assert statistics(None) == (
        f"{tmp_path}/nothing is not there, or can't be opened. "
        "What travels with the networks is used instead."
    )


def test_which_blocks_are_needed_comes_from_a_file_or_the_environment(monkeypatch, tmp_path: Path):
    source = catalogue.find("lab_resnet_se")
    found = replace(made_necessity(), network=source.identity, weights=source.digest)
    monkeypatch.setattr(known_necessity, "_brought", [])
    file = tmp_path / "found.json"
    assert necessity_of(None) == ""
    monkeypatch.setenv("SEVIZ_NECESSITY", str(file))
    assert necessity_of(None).startswith(f"There is no file {file}")
    with pytest.raises(UserError, match="There is no file"):
        necessity_of(file)
    save(found, file)
    assert necessity_of(None) == ""
    assert known_necessity.known_necessity("lab_resnet_se") == found
