import os
import subprocess
import sys
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.ui.parts import own_folder as module

ROOT = Path(module.__file__).parents[3]
START = """
import os, sys
from pathlib import Path
from seviz.ui.parts.own_folder import serve, served_folder
from gradio.route_utils import DEFAULT_TEMP_DIR
from gradio.utils import get_upload_folder, is_static_file
copy = serve(Path(sys.argv[1]))
assert DEFAULT_TEMP_DIR == get_upload_folder()
print(copy.read_text(), is_static_file(copy), copy.parent == served_folder())
print(copy.parents[1], get_upload_folder(), oct(copy.parents[1].stat().st_mode))
"""


def start(file: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in ("TMPDIR", "GRADIO_TEMP_DIR")}
    command = [sys.executable, "-c", START, str(file)]
    return subprocess.run(
        command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True
    )


def test_each_app_has_a_folder_that_is_removed_at_its_end(tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_text("hello")
    folders = set()
    for _ in range(2):
        done = start(file, TMPDIR=str(tmp_path))
        first, second = done.stdout.splitlines()
        folder, uploads, mode = second.split()
        assert first == "hello True True"
        assert (uploads, mode) == (f"{folder}/uploads", "0o40700")
        assert Path(folder).parent == tmp_path
        folders.add(folder)
    assert len(folders) == 2
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_for_uploads_that_is_named_is_kept(tmp_path: Path):
    (tmp_path / "a.txt").write_text("hello")
    done = start(tmp_path / "a.txt", GRADIO_TEMP_DIR=str(tmp_path / "mine"))
    assert done.stdout.splitlines()[1].split()[1] == str(tmp_path / "mine")


def test_no_folder_can_be_made(monkeypatch):
    def refuse(*of: object, **options: object) -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(module, "TemporaryDirectory", refuse)
    with pytest.raises(UserError, match=r"No folder for temporary files .* the variable TMPDIR"):
        module._own_folder.__wrapped__()


def test_a_full_disk_is_said(tmp_path: Path):
    with pytest.raises(UserError, match=r"can't be copied to .* is the disk full"):
        module.serve(tmp_path / "none.txt")
