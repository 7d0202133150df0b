from pathlib import Path

from seviz.__main__ import main


def test_train_says_which_folder_has_no_images(capsys, tmp_path: Path):
    assert main(["train", "--data", str(tmp_path), "--run", str(tmp_path / "run")]) == 2
    assert "No images for “train”" in capsys.readouterr().err


def test_other_data_sets_need_what_opens_them(capsys, tmp_path: Path):
    command = ["train", "--run", str(tmp_path / "run"), "--data", "torch/cifar10"]
    assert main(command) == 2
    assert "torch/cifar10 lies in a folder, or is downloaded into one" in capsys.readouterr().err
    assert main([*command, "--root", str(tmp_path)]) == 2
    assert f"can't be opened in {tmp_path}; --download fetches it" in capsys.readouterr().err
