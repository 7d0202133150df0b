import json
import zipfile
from pathlib import Path

import pytest

from seviz.__main__ import main
from seviz.photos.examples import EXAMPLES


def test_a_report_is_written_and_told_in_a_line(picture: Path, tmp_path: Path, capsys):
    out = tmp_path / "garden.html"
    assert main(["report", str(picture), "--out", str(out), "--target", "lion"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{out}  with gates: ")
    assert "gates at their mean: " in said
    text = out.read_text("utf-8")
    assert f"seviz report {picture} --out {out} --target lion" in text
    assert "lion" in text


def test_a_zip_is_written_in_the_arms_and_methods_that_are_named(picture: Path, tmp_path: Path):
    out = tmp_path / "garden.zip"
    arms = ["--arms", "intact", "half: SE_4*=0.5", "--method", "saliency"]
    assert main(["report", str(picture), *arms, "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        assert {"report.html", "saliency-half.png"} <= set(archive.namelist())


def test_the_photograph_is_compared_as_compare_does(picture: Path, tmp_path: Path):
    out = tmp_path / "garden.zip"
    more = ["--change", "painted", "--region", "top", "--second", str(EXAMPLES[0].path)]
    assert main(["report", str(picture), *more, "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        assert {"change.json", "second.npz"} <= set(archive.namelist())
        assert json.loads(archive.read("change.json"))["change"] == "painted"


def test_trust_is_measured_where_it_is_asked_for(picture: Path, tmp_path: Path):
    out = tmp_path / "garden.html"
    assert main(["report", str(picture), "--trust", "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    assert '<section id="trust-gradcam">' in text
    assert f"seviz report {picture} --trust --out {out}" in text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--out", "{out}/a.pdf"], "has to end in .html or .zip"),
        (["--out", "{out}/a.html", "--target", "SE_4_6[17]"], "is a gate"),
        (["--out", "{out}/a.html", "--steps", "1"], "--steps is 1; give 2 to 1024."),
        (["--out", "{out}/a.html", "--method", "magic"], "There is no method “magic”"),
        (["--out", "{out}/a.html", "--model", "none"], "none"),
        (["--out", "{out}/a.html", "--strength", "3"], "--strength is about --change CHANGE"),
        (["--out", "{out}/a.html", "--change", "magic"], "magic"),
        (["--out", "{out}/a.html", "--second", "{out}/none.png"], "none.png"),
        (["--out", "{out}/a.html", "--alpha-to", "half"], "choose static, identity or uniform"),
    ],
)
def test_bad_arguments_are_one_sentence_and_write_nothing(
    picture: Path, tmp_path: Path, capsys, more: list[str], sentence: str
):
    assert main(["report", str(picture), *(part.format(out=tmp_path) for part in more)]) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
