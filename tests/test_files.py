import hashlib
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.files import (
    CHUNK,
    atomic_write,
    check_folder,
    check_target,
    current_digest,
    hexdigest,
    make_folder,
    write_whole,
)


def test_a_new_version_takes_its_place_whole(tmp_path: Path):
    file = tmp_path / "weights.pt"
    for content in (b"old", b"new"):
        with atomic_write(file) as fresh:
            fresh.write_bytes(content)
            assert not file.exists() or file.read_bytes() == b"old"
            assert fresh.parent == tmp_path and str(os.getpid()) in fresh.name
        assert file.read_bytes() == content
    write_whole(file, b"newer")
    assert file.read_bytes() == b"newer"
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_ends_in_the_middle_leaves_the_old_version_alone(tmp_path: Path, error: type):
    write_whole(tmp_path / "a", b"old")
    with pytest.raises(error), atomic_write(tmp_path / "a") as fresh:
        fresh.write_bytes(b"half")
        raise error
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_file_that_cant_be_written_is_told_in_a_sentence(tmp_path: Path):
    with pytest.raises(UserError, match="none/a can't be written: No such file or directory"):
        write_whole(tmp_path / "none" / "a", b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="folder can't be written: Is a directory"):
        write_whole(tmp_path / "folder", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_safetensors_replace_nothing_but_safetensors(tmp_path: Path):
    check_target(tmp_path / "new")
    check_target(Path("/dev/null"))
    length = (2).to_bytes(8, "little")
    (tmp_path / "old").write_bytes(length + b"{}")
    check_target(tmp_path / "old")
    for content in (
        b"",
        b"\x89PNG\r\n\x1a\n\0\0\0\r",
        b"PK\3\4" * 9,
        length + b"{",
        length + b"[]",
    ):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(UserError, match="other is there and is no safetensors file; name an"):
            check_target(tmp_path / "other")
    for path in (tmp_path, tmp_path / "none" / "out"):
        with pytest.raises(UserError, match="can't be written; name a file in an existing folder"):
            check_target(path)


def test_digests_are_those_of_the_whole_file(tmp_path: Path):
    (tmp_path / "abc").write_bytes(b"abc")
    published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hexdigest(tmp_path / "abc") == published
    content = bytes(range(256)) * (CHUNK // 256) + b"more"
    (tmp_path / "long").write_bytes(content)
    assert hexdigest(tmp_path / "long") == hashlib.sha256(content).hexdigest()
    blob = hashlib.sha1(b"blob 3\0", usedforsecurity=False)
    assert hexdigest(tmp_path / "abc", blob) == "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"


def test_a_digest_is_of_the_file_as_it_is_now_and_read_once(monkeypatch, tmp_path: Path):
    file = tmp_path / "weights"
    file.write_bytes(b"old")
    assert current_digest(file) == hashlib.sha256(b"old").hexdigest()
    write_whole(file, b"new")
    assert current_digest(file) == hashlib.sha256(b"new").hexdigest()
    monkeypatch.setattr("seviz.files.hexdigest", None)
    assert current_digest(file) == hashlib.sha256(b"new").hexdigest()


def test_a_kill_at_any_moment_leaves_the_old_version_or_the_new_one(tmp_path: Path):
    file, versions = tmp_path / "weights", [bytes([i]) * 3_000_000 for i in range(2)]
    write_whole(file, versions[0])
    code = (
        "import sys; from pathlib import Path; from seviz.files import write_whole\n"
        "versions = [bytes([i]) * 3_000_000 for i in range(2)]\n"
        "print(flush=True)\n"
        "while True:\n    for version in versions: write_whole(Path(sys.argv[1]), version)"
    )
    moments = random.Random(0)
    for _ in range(8):
        run = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE)
        with run:
            run.stdout.readline()
            time.sleep(moments.uniform(0, 0.05))
            run.kill()
        assert file.read_bytes() in versions


def test_a_link_leads_to_the_file_that_is_replaced_and_a_device_is_written_to(tmp_path: Path):
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"
    write_whole(Path(os.devnull), b"nothing")
    assert not Path(os.devnull).is_file()


def test_a_folder_is_made_with_those_that_it_lies_in(tmp_path: Path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    check_folder(tmp_path / "new" / "folder")
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file", tmp_path / "file" / "x"):
        with pytest.raises(UserError, match="file is a file; name another folder"):
            make_folder(wrong)
    with pytest.raises(UserError, match="can't be written: File name too long"):
        make_folder(tmp_path / ("x" * 300))


def test_a_folder_that_may_not_be_written_into_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.F_OK)
    with pytest.raises(UserError, match="can't be written into; name another folder"):
        check_folder(tmp_path)


WRITERS = re.compile(r"\.write_(bytes|text)\(|np\.savez|\.open\(\"[wa]|save_file\(|torch\.save\(")
WRITE_THEMSELVES = {  # into buffers, temporary folders and parts, or line by line
    "seviz/answers/export.py",
    "seviz/bench/architectures.py",
    "seviz/files.py",
    "seviz/learn/example.py",
    "seviz/measuring/table_files.py",
    "seviz/training/decoded.py",
    "seviz/training/recipe.py",
    "seviz/ui/dataset/photos/view.py",
    "seviz/ui/laboratory/tables/files.py",
    "seviz/zoo/transfer.py",
    "seviz/zoo/unpickle.py",
}


def test_files_are_written_whole_everywhere():
    root = Path(__file__).parents[1]
    modules = [p for p in (root / "seviz").rglob("*.py") if "gpu" not in p.parts]
    found = {str(p.relative_to(root)) for p in modules if WRITERS.search(p.read_text("utf-8"))}
    assert found <= WRITE_THEMSELVES
