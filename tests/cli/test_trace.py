import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.__main__ import main


def test_trace_writes_json_and_arrays_for_each_photograph(capsys, picture: Path, tmp_path: Path):
    other = tmp_path / "elsewhere" / "garden.jpg"
    other.parent.mkdir()
    Image.new("RGB", (90, 60), "teal").save(other)
    out = tmp_path / "out"
    assert main(["trace", str(picture), str(other), "--top", "3", "--out", str(out)]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["garden", "garden-2"]
    value = json.loads((out / "garden" / "trace.json").read_text("utf-8"))
    assert value["model"] == "embedded"
    assert [arm["name"] for arm in value["arms"]] == ["intact", "identity"]
    assert len(value["arms"][0]["top"]) == 3
    arrays = np.load(out / "garden" / "trace.npz")
    assert arrays["s/SE_2_1"].shape == (2, 64)
    assert (arrays["s/SE_2_1"][1] == 1).all()
    assert value["arms"][1]["top"][0]["index"] == int(arrays["logits"][1].argmax())
    assert "intact: " in capsys.readouterr().out


def test_trace_takes_edits_recorded_gates_and_statistics(picture: Path, tmp_path: Path):
    other = tmp_path / "other.png"
    Image.new("RGB", (64, 64), "teal").save(other)
    statistics = tmp_path / "mine.safetensors"
    assert main(["trace", str(other), "--out", str(tmp_path / "b")]) == 0
    pictures = tmp_path / "train" / "teal"
    pictures.mkdir(parents=True)
    other.rename(pictures / "0.png")
    profiled = ["profile", "--data", str(tmp_path), "--out", str(statistics)]
    assert main(profiled) == 0
    arms = ["intact", "static", f"borrowed: resample@{pictures / '0.png'}", "SE_4*=0.5"]
    command = ["trace", str(picture), "--out", str(tmp_path / "a"), "--profile", str(statistics)]
    assert main([*command, "--arms", *arms]) == 0
    ours, its = (np.load(tmp_path / f / "trace.npz") for f in ("a/garden", "b/other"))
    for block in ("s/SE_2_1", "s/SE_5_3"):  # the mean of one image is its own gates
        np.testing.assert_allclose(ours[block][1], its[block][0], rtol=1e-5)
        np.testing.assert_allclose(ours[block][2], its[block][0], rtol=1e-5)
    assert (ours["s/SE_4_6"][3] == 0.5).all()
    value = json.loads((tmp_path / "a" / "garden" / "trace.json").read_text("utf-8"))
    assert [arm["edits"] for arm in value["arms"]][3] == "SE_4*=0.5"
    assert value["arms"][0]["against_intact"]["divergence"] == 0
    assert value["arms"][3]["against_intact"]["divergence"] > 0


def test_trace_asks_only_the_arms_it_was_given(picture: Path, tmp_path: Path):
    assert main(["trace", str(picture), "--arms", "identity", "--out", str(tmp_path / "o")]) == 0
    assert np.load(tmp_path / "o" / "garden" / "trace.npz")["logits"].shape == (1, 200)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{photo}", "--model", "seresnet5O"], "There is no network “seresnet5O”; did you mean"),
        (["{photo}", "--model", "seresnet50.a1_in1k"], "not on this machine"),
        (["{photo}", "--arms", "sideways"], "“sideways” is no edit of gates"),
        (["{photo}", "--topk", "0"], "--top is 0; give a number of answers, 1 or more."),
        (["{folder}/nothing.jpg"], "nothing.jpg is not there"),
        (["{folder}/empty"], "has no picture; give photographs"),
        (["{text}"], "not a picture"),
        (["{svg}"], "SVG drawing"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_exit_code_2(
    capsys, picture: Path, tmp_path: Path, arguments: list[str], says: str
):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.jpg").write_text("hello")
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    places = {
        "photo": picture,
        "folder": tmp_path,
        "text": tmp_path / "text.jpg",
        "svg": tmp_path / "drawing.svg",
    }
    given = [argument.format(**places) for argument in arguments]
    assert main(["trace", *given, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.startswith("seviz: ")
    assert error.count("\n") == 1


def test_a_bad_photograph_does_not_keep_the_others_from_their_answers(
    capsys, picture: Path, tmp_path: Path
):
    bad = tmp_path / "bad.jpg"
    bad.write_text("hello")
    out = tmp_path / "out"
    assert main(["trace", str(bad), str(picture), str(bad), "--out", str(out)]) == 2
    assert [p.name for p in out.iterdir()] == ["garden"]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1  # a file that is named twice is answered once
    assert lines[0].startswith(f"seviz: {bad}: This file is not a picture")


def test_a_folder_that_cant_be_made_gets_one_sentence(capsys, picture: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    assert main(["trace", str(picture), "--out", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    file = tmp_path / "file"
    assert error == f"seviz: {file} can't be a folder, as {file} is a file; name another folder.\n"


def test_two_photographs_of_one_name_in_two_calls_both_keep_their_answers(
    capsys, picture: Path, tmp_path: Path
):
    other, out = tmp_path / "elsewhere" / "garden.png", tmp_path / "out"
    other.parent.mkdir()
    Image.new("RGB", (90, 60), "teal").save(other)
    for photo in (picture, other, picture):
        assert main(["trace", str(photo), "--out", str(out)]) == 0
    told = [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()]
    assert told == [str(out / name) for name in ("garden", "garden-2", "garden")]
    for name, photo in (("garden", picture), ("garden-2", other)):
        of = json.loads((out / name / "trace.json").read_text("utf-8"))["provenance"]
        assert of["photographs"][0]["path"] == str(photo)
        assert of["command"] == f"seviz trace {photo} --out {out}"


def test_a_value_that_is_null_says_why(picture: Path, tmp_path: Path):
    assert main(["trace", str(picture), "--arms", "identity", "--out", str(tmp_path)]) == 0
    value = json.loads((tmp_path / "garden" / "trace.json").read_text("utf-8"))
    assert value["arms"][0]["against_intact"] is None
    assert value["why_null"]["against_intact"].startswith("no arm is the network as trained")


@pytest.mark.parametrize("command", ["trace", "attribute"])
def test_a_wrong_argument_is_named_alone_and_a_missing_photograph_once(
    capsys, picture: Path, tmp_path: Path, command: str
):
    missing, out = tmp_path / "missing.png", str(tmp_path / "out")
    for photo, arm, sentence in (
        (
            missing,
            "nonsense",
            "“nonsense” is no edit of gates; write PLACE=RULE, or a rule, such as static.",
        ),
        (picture, "SE_9_9=1", "There is no block “SE_9_9” here; did you mean SE_5_3"),
    ):
        assert main([command, str(photo), "--out", out, "--arms", arm]) == 2
        assert capsys.readouterr().err.startswith(f"seviz: {sentence}")
    assert main([command, str(missing), "--out", out]) == 2
    assert capsys.readouterr().err == (
        f"seviz: The file {missing} is not there: give the path of one picture file.\n"
    )
