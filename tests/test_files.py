import hashlib
from pathlib import Path

from seviz.files import CHUNK, hexdigest


def test_digests_are_those_of_the_whole_file(tmp_path: Path):
    (tmp_path / "abc").write_bytes(b"abc")
    published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hexdigest(tmp_path / "abc") == published
    content = bytes(range(256)) * (CHUNK // 256) + b"more"
    (tmp_path / "long").write_bytes(content)
    assert hexdigest(tmp_path / "long") == hashlib.sha256(content).hexdigest()
    blob = hashlib.sha1(b"blob 3\0", usedforsecurity=False)
    assert hexdigest(tmp_path / "abc", blob) == "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"
