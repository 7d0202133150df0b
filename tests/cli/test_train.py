from pathlib import Path

from seviz.__main__ import main


def test_train_says_which_folder_has_no_images(capsys, tmp_path: Path):
    assert main(["train", "--data", str(tmp_path), "--run", str(tmp_path / "run")]) == 2
    assert "No images for “train”" in capsys.readouterr().err
