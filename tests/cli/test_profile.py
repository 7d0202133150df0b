from pathlib import Path

import pytest
from PIL import Image

from seviz.__main__ import main
from seviz.reference.profile import Profile


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
    said = capsys.readouterr().out
    assert "These blocks have the same gates for every image: " in said
    assert "SE_4_6, " in said
    reference = Profile.load(out)
    assert (reference.model, reference.class_counts) == ("embedded", (2, 2))
    assert main(["profile", "--data", str(tmp_path), "--split", "val", "--out", str(out)]) == 2
    assert "No images for “val”" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["{folder}", "{folder}/nowhere/out.safetensors"])
def test_a_file_that_cant_be_written_is_refused_first(capsys, tmp_path: Path, out: str):
    path = out.format(folder=tmp_path)
    assert main(["profile", "--data", "nowhere", "--out", path]) == 2
    error = capsys.readouterr().err
    assert error == f"seviz: {path} can't be written; name a file in an existing folder.\n"
