from pathlib import Path

from seviz.cli.output import folders


def test_each_photograph_has_a_folder_of_its_own_inside_out(tmp_path: Path):
    names = ["a.png", "x/A.jpg", "a.webp", "...png", "..png", "a-2.png"]
    found = [folder for _, folder in folders([Path(name) for name in names], tmp_path)]
    assert [f.name for f in found] == ["a", "A-2", "a-3", "photo", "photo-2", "a-2-2"]
    assert all(folder.parent == tmp_path for folder in found)
