import hashlib
import os
from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.files import CHUNK, atomic_write, current_digest, hexdigest, write_whole


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
