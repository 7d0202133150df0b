import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.__main__ import main
from seviz.analysis import changed
from seviz.analysis.photo_pair import compare_photographs
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.reference.gather import reference
from seviz.words.photo_pair import pair_words

CHANGED = changed.changed


@pytest.fixture
def pictures(tmp_path: Path, photo: Image.Image) -> list[str]:
    photo.save(tmp_path / "garden.png")
    Image.new("RGB", (90, 60), "teal").save(tmp_path / "sea.png")
    return [str(tmp_path / name) for name in ("garden.png", "sea.png")]


def test_json_holds_what_the_library_finds(capsys, pictures):
    assert main(["compare", *pictures, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    records = [ask(trace, "embedded", read_photo(Path(path)), [INTACT]) for path in pictures]
    pair = compare_photographs(*records, reference("embedded"))
    assert (value["model"], value["reference"]) == ("embedded", pair.data)
    assert value["headline"] == " ".join(pair_words(pair, "cosine")).strip()
    for side, record in zip(("first", "second"), records, strict=True):
        assert [a["label"] for a in value[side]] == [a.label for a in record.top(0, 5)]
    assert [block["site"] for block in value["blocks"]] == [s.name for s in records[0].sites]
    deepest = value["blocks"][-1]
    apart = np.abs(np.subtract(*(r.s["SE_5_3"][0].astype(float) for r in records))).mean()
    assert deepest["difference"] == pytest.approx(apart, rel=1e-4)
    assert 0 <= deepest["difference_place"] <= 100
    assert len(value["channels"]) == 10
    first = value["channels"][0]
    told = [r.s[first["site"]][0][first["channel"]] for r in records]
    assert [first["first"], first["second"]] == pytest.approx(told, abs=1e-5)


def test_people_get_both_answers_a_sentence_and_a_line_a_block(capsys, pictures):
    assert main(["compare", *pictures]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{pictures[0]}: ")
    assert lines[1].startswith(f"{pictures[1]}: ")
    assert "by cosine distance" in lines[2]
    assert "by mean |Δs|" in lines[3]
    assert all("the two photographs" in line for line in lines[2:4])
    assert [line.split()[0] for line in lines if line.startswith("SE_")][:16] == [
        *(f"SE_2_{i}" for i in (1, 2, 3)),
        *(f"SE_3_{i}" for i in (1, 2, 3, 4)),
        *(f"SE_4_{i}" for i in (1, 2, 3, 4, 5, 6)),
        *(f"SE_5_{i}" for i in (1, 2, 3)),
    ]


def test_a_folder_that_holds_two_is_compared_as_two_files(capsys, pictures, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("notes")
    assert main(["compare", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert (
        told.err == f"seviz: Left out: 1 file ({tmp_path}/notes.txt): no picture by its ending.\n"
    )
    assert main(["compare", *pictures]) == 0
    assert told.out == capsys.readouterr().out


def test_the_same_photograph_twice_is_the_same(capsys, pictures):
    assert main(["compare", pictures[0], pictures[0]]) == 0
    assert "gates of the two photographs are the same at every block." in capsys.readouterr().out


def test_other_statistics_can_be_given_but_none_of_another_network(
    capsys, pictures, tmp_path: Path
):
    folder = tmp_path / "train" / "teal"
    folder.mkdir(parents=True)
    (tmp_path / "sea.png").rename(folder / "0.png")
    mine = str(tmp_path / "mine.safetensors")
    assert main(["profile", "--data", str(tmp_path), "--out", mine]) == 0
    capsys.readouterr()
    assert main(["compare", pictures[0], pictures[0], "--profile", mine, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["reference"] == f"{tmp_path.name} (train)"
    assert value["blocks"][0]["cosine_place"] is None  # one image has no pairs


def test_a_changed_photograph_is_compared_with_itself_and_written(
    capsys, monkeypatch, pictures, tmp_path: Path
):
    made: list[float] = []
    monkeypatch.setattr(
        changed, "changed", lambda *a, **k: (made.append(a[2]), CHANGED(*a, **k))[1]
    )
    out = tmp_path / "out"
    asked = ["compare", pictures[0], "--change", "noisy", "--strength", "20", "--seed", "3"]
    assert main([*asked, "--arms", "intact", "identity", "--out", str(out), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["change"], value["strength"], value["seed"]) == ("noisy", 20, 3)
    assert [drift["arm"] for drift in value["drift"]] == ["intact", "identity"]
    record = ask(trace, "embedded", read_photo(out / "garden-noisy-20.png"), [INTACT])
    (at,) = (at for at in value["along"] if at["strength"] == 20)
    assert at["answers"][0]["first"]["index"] == record.top(0, 1)[0].index
    assert at["answers"][0]["first"]["logit"] == pytest.approx(record.top(0, 1)[0].logit, rel=1e-3)
    (photo,) = value["provenance"]["photographs"]
    assert photo["path"] == pictures[0]
    assert made.count(20) == 1  # what is written is what was passed


def test_people_get_a_sentence_a_line_a_block_and_the_answers_along(capsys, pictures):
    assert main(["compare", pictures[0], "--change", "mirrored"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Mirrored, the photograph is ")
    assert lines[1].startswith("z is a mean over places")
    assert len([line for line in lines if line.startswith("SE_2_1 ")]) >= 1
    assert "probability of " in "\n".join(lines)


def test_the_changes_are_listed(capsys):
    from seviz.photos.changes import CHANGES

    assert main(["compare", "--change", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [change.name for change in CHANGES]
    assert "tiles along each side, 1 (as it is) to 16; default: 4" in lines[9]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{a}", "nothing.jpg"], "nothing.jpg is not there"),
        (["{a}", __file__], f"{__file__}: This file is not a picture"),
        (["{a}"], "compare takes two photographs, and one is given; name two files, or a folder"),
        ([], "compare takes two photographs, or one with --change"),
        (["{a}", "{a}", "--change", "jigsaw"], "compare --change takes one photograph, and 2 are"),
        (["--change", "jigsaw"], "compare --change takes one photograph; name its file"),
        (["{a}", "--change", "jigsow"], "There is no change “jigsow”; did you mean jigsaw?"),
        (["{a}", "--change", "jigsaw", "--strength", "77"], "give a whole number from 1 to 16"),
        (["{a}", "--change", "painted", "--region", "moon"], "There is no region “moon”"),
        (["{a}", "--change", "jigsaw", "--arms", "all=much"], "“all=much”"),
        (["{a}", "{a}", "--strength", "3"], "--strength is about --change CHANGE"),
        (["{a}", "{a}", "--arms", "intact"], "--arms is about --change CHANGE"),
        (["{a}", "{a}", "{a}"], "compare takes two photographs, and 3 are given"),
        (["{a}", "{a}", "--model", "seresnet5O"], "There is no network “seresnet5O”"),
        (["{a}", "{a}", "--arch", "seresnet50"], "--arch is about --checkpoint FILE"),
        (["{a}", "{a}", "--profile", "nothing"], "nothing is not there"),
    ],
)
def test_bad_input_ends_with_one_sentence(capsys, pictures, arguments: list[str], says: str):
    assert main(["compare", *(argument.format(a=pictures[0]) for argument in arguments)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("seviz: ")
    assert says in error
    assert error.count("\n") == 1
