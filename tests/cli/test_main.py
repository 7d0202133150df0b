import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.__main__ import _folders, main
from seviz.nets.results import results
from seviz.nets.variants import STUDIES
from seviz.reference.profile import Profile
from seviz.study.csv import sheet
from seviz.words.findings import headline


@pytest.fixture
def picture(tmp_path: Path, photo: Image.Image) -> Path:
    path = tmp_path / "garden.png"
    photo.save(path)
    return path


def test_models_lists_every_network_as_json(capsys):
    assert main(["models", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert entries[0]["key"] == "embedded"
    facts = {
        "key",
        "title",
        "source",
        "architecture",
        "parameters",
        "input_size",
        "licence",
        "cached",
    }
    for entry in entries:
        assert facts <= set(entry)
        assert entry["source"] in {"embedded", "hub", "release"}
        assert entry["parameters"] > 200_000


def test_models_lists_one_network_a_line(capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 30
    assert "4.6 M" in lines[0]
    assert "64 px" in lines[0]


def test_explain_writes_json_and_arrays_for_each_photograph(capsys, picture: Path, tmp_path: Path):
    other = tmp_path / "elsewhere" / "garden.jpg"
    other.parent.mkdir()
    Image.new("RGB", (90, 60), "teal").save(other)
    out = tmp_path / "out"
    assert main(["explain", str(picture), str(other), "--topk", "3", "--out", str(out)]) == 0
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


def test_explain_takes_edits_recorded_gates_and_statistics(picture: Path, tmp_path: Path):
    other = tmp_path / "other.png"
    Image.new("RGB", (64, 64), "teal").save(other)
    statistics = tmp_path / "mine.safetensors"
    assert main(["explain", str(other), "--out", str(tmp_path / "b")]) == 0
    pictures = tmp_path / "train" / "teal"
    pictures.mkdir(parents=True)
    other.rename(pictures / "0.png")
    profiled = ["profile", "--data", str(tmp_path), "--out", str(statistics)]
    assert main(profiled) == 0
    arms = ["intact", "static", f"borrowed: resample@{pictures / '0.png'}", "SE_4*=0.5"]
    command = ["explain", str(picture), "--out", str(tmp_path / "a"), "--profile", str(statistics)]
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


def test_necessity_and_channels_print_tables_and_json(capsys, picture: Path):
    assert main(["necessity", str(picture), "--replace", "identity", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["blocks"]) == 16
    assert found["replaced_by"] == "identity"
    assert main(["necessity", str(picture), "--replace", "identity"]) == 0
    last = capsys.readouterr().out.splitlines()[-1].split()
    logit = f"{found['blocks'][-1]['alone']['logit']:+.3f}"
    assert [last[0], *(value.rstrip("*") for value in last[1:])] == ["SE_5_3", logit, logit]
    command = ["channels", str(picture), "--gate", "SE_2_1[5]", "--top", "2"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["top"]), found["gate"]["channel"]) == (2, 5)
    assert main(command) == 0
    assert "raised by z[" in capsys.readouterr().out
    assert main(["channels", str(picture), "--target", "red pandda"]) == 2
    assert "did you mean “red panda”?" in capsys.readouterr().err


def test_explain_asks_only_the_arms_it_was_given(picture: Path, tmp_path: Path):
    assert main(["explain", str(picture), "--arms", "identity", "--out", str(tmp_path / "o")]) == 0
    assert np.load(tmp_path / "o" / "garden" / "trace.npz")["logits"].shape == (1, 200)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{photo}", "--model", "seresnet5O"], "There is no network “seresnet5O”; did you mean"),
        (["{photo}", "--model", "seresnet50.a1_in1k"], "not on this machine"),
        (["{photo}", "--arms", "sideways"], "“sideways” is no edit of gates"),
        (["{photo}", "--topk", "0"], "1 or more"),
        (["{folder}/nothing.jpg"], "nothing.jpg is not there"),
        (["{folder}"], "is a folder"),
        (["{text}"], "not a picture"),
        (["{svg}"], "SVG drawing"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_exit_code_2(
    capsys, picture: Path, tmp_path: Path, arguments: list[str], says: str
):
    (tmp_path / "text.jpg").write_text("hello")
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    places = {
        "photo": picture,
        "folder": tmp_path,
        "text": tmp_path / "text.jpg",
        "svg": tmp_path / "drawing.svg",
    }
    given = [argument.format(**places) for argument in arguments]
    assert main(["explain", *given, "--out", str(tmp_path / "out")]) == 2
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
    assert main(["explain", str(bad), str(picture), str(bad), "--out", str(out)]) == 2
    assert [p.name for p in out.iterdir()] == ["garden"]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"seviz: {bad}: This file is not a picture") for line in lines)


def test_a_folder_that_cant_be_made_gets_one_sentence(capsys, picture: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    assert main(["explain", str(picture), "--out", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    assert error == f"seviz: {tmp_path}/file/garden can't be written: Not a directory.\n"


def test_each_photograph_has_a_folder_of_its_own_inside_out(tmp_path: Path):
    names = ["a.png", "x/A.jpg", "a.webp", "...png", "..png", "a-2.png"]
    folders = [folder for _, folder in _folders([Path(name) for name in names], tmp_path)]
    assert [f.name for f in folders] == ["a", "A-2", "a-3", "photo", "photo-2", "a-2-2"]
    assert all(folder.parent == tmp_path for folder in folders)


def test_output_that_cant_be_encoded_is_no_error():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "seviz", "models"]
    run = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert b"\\xb7" in run.stdout


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    command = f"{sys.executable} -m seviz models --json | head -c 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"[", b"")


def test_train_says_which_folder_has_no_images(capsys, tmp_path: Path):
    assert main(["train", "--data", str(tmp_path), "--run", str(tmp_path / "run")]) == 2
    assert "No images for “train”" in capsys.readouterr().err


def test_profile_writes_the_statistics_of_a_split(capsys, tmp_path: Path):
    for name in "ab":
        (tmp_path / "train" / name).mkdir(parents=True)
        for i in range(2):
            Image.new("RGB", (8, 8), (99 * i, 9, 9)).save(tmp_path / "train" / name / f"{i}.png")
    out = tmp_path / "out.safetensors"
    assert main(["profile", "--data", str(tmp_path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "16 blocks over 4 images\n" in said
    assert "SE_4_6" not in said
    for path in tmp_path.rglob("1.png"):  # now all four are alike
        Image.new("RGB", (8, 8), (0, 9, 9)).save(path)
    assert main(["profile", "--data", str(tmp_path), "--out", str(out)]) == 0
    assert "SE_4_6, " in capsys.readouterr().out
    reference = Profile.load(out)
    assert (reference.model, reference.class_counts) == ("embedded", (2, 2))
    assert main(["profile", "--data", str(tmp_path), "--split", "val", "--out", str(out)]) == 2
    assert "No images for “val”" in capsys.readouterr().err


def test_results_prints_the_study_without_training(capsys):
    assert main(["results", "--study", "r"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Reduction r")
    assert "SE-ResNet · r = 32" in said
    assert headline("r", results()) in said
    assert main(["results"]) == 0
    assert "SE-VGG · standard" in capsys.readouterr().out
    assert main(["results", "--json"]) == 0
    studies = json.loads(capsys.readouterr().out)
    assert [study["study"] for study in studies] == list(STUDIES)
    assert studies[0]["variants"][0]["gap"] is None


def test_results_writes_a_sheet(capsys, tmp_path: Path):
    path = tmp_path / "stage.csv"
    assert main(["results", "--study", "stage", "--csv", str(path)]) == 0
    assert path.read_bytes() == sheet(["stage"], results()).encode()
    assert capsys.readouterr().out == f"{path}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--study", "stag"], "There is no study “stag”; did you mean stage?"),
        (["--csv", "{folder}"], "{folder} can't be written: Is a directory."),
    ],
)
def test_results_that_cant_be_had_get_one_sentence(capsys, tmp_path: Path, arguments, says):
    given = [argument.format(folder=tmp_path) for argument in arguments]
    assert main(["results", *given]) == 2
    assert capsys.readouterr().err == f"seviz: {says.format(folder=tmp_path)}\n"


def test_bench_prints_rows_and_names_what_they_were_measured_on(capsys, monkeypatch):
    from seviz.cli import bench
    from seviz.cli.bench_rows import Row, Skipped
    from seviz.measuring import hardware

    row = Row("capture", 1.01, 1.0, 1.02, 1.05, 50.5, 50.0)
    over = Row("arms", 1.25, 1.0, 1.3, 1.05, 125.0, 100.0)
    skipped = Skipped("startup", "gradio is not installed")
    monkeypatch.setattr(bench, "bench", lambda: iter([row, over, skipped]))
    monkeypatch.setattr(hardware, "hardware", lambda: "NVIDIA H100")
    assert main(["bench", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "hardware": "NVIDIA H100",
        "rows": [vars(row), vars(over)],
        "skipped": [vars(skipped)],
    }
    assert main(["bench"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "on NVIDIA H100",
        "capture               1.010 × bare [1.000, 1.020], within 1.05  (50.5 ms, bare 50.0 ms)",
        "arms                  1.250 × bare [1.000, 1.300], OVER 1.05  (125.0 ms, bare 100.0 ms)",
        "startup               not measured: gradio is not installed",
    ]


def test_an_interrupted_bench_tells_the_rows_that_there_are(capsys, monkeypatch):
    from seviz.cli import bench
    from seviz.cli.bench_rows import Row

    def interrupted():
        yield Row("capture", 1.01, 1.0, 1.02, 1.05, 50.5, 50.0)
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "bench", interrupted)
    assert main(["bench", "--json"]) == 130
    assert [row["name"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["capture"]


def test_help_does_not_wait_for_torch():
    code = (
        "import sys; from seviz.__main__ import _folders, main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert 'torch' not in sys.modules and 'gradio' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
