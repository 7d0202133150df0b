import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from made_losses import made_necessity

from seviz.errors import UserError
from seviz.measuring.necessity_file import load, save


def test_a_file_holds_all_of_it(tmp_path: Path):
    for found in (made_necessity(), replace(made_necessity(), path=None, weights=None, note="x")):
        save(found, tmp_path / "found.json")
        assert load(tmp_path / "found.json") == found


def edited(content: dict, *path, value) -> bytes:
    of = content
    for key in path[:-1]:
        of = of[key]
    of[path[-1]] = value
    return json.dumps(content).encode()


def written(tmp_path: Path) -> tuple[Path, dict]:
    save(made_necessity(), tmp_path / "found.json")
    return tmp_path / "found.json", json.loads((tmp_path / "found.json").read_text())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("blocks",), "many"),
        (("blocks", 0, "alone"), None),
        (("blocks", 0, "alone", "lost", "mean"), "much"),
        (("blocks", 0, "alone", "lost", "mean"), float("nan")),
        (("blocks", 0, "time_share"), float("inf")),
        (("images",), "a lot"),
        (("path", "steps"), {"site": 1}),
        (("arms",), [1, 2]),
        (("title",), ["x"]),
    ],
)
def test_values_of_another_kind_get_one_sentence(tmp_path: Path, path: tuple, value):
    file, content = written(tmp_path)
    file.write_bytes(edited(content, *path, value=value))
    with pytest.raises(UserError, match="is no file of `seviz necessity --out`, or it is damaged"):
        load(file)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"7", b'"text"', b"\xff\xfe", b"[" * 100_000, pickle.dumps({"a": 1})],
)
def test_another_file_gets_one_sentence(tmp_path: Path, content: bytes):
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    with pytest.raises(UserError, match="is no file of `seviz necessity --out`, or it is damaged"):
        load(file)


def test_a_file_that_is_missing_or_of_another_version_is_told_apart(tmp_path: Path):
    with pytest.raises(UserError, match="There is no file"):
        load(tmp_path / "none.json")
    file, content = written(tmp_path)
    file.write_bytes(edited(content, "seviz_necessity", value=2))
    with pytest.raises(UserError, match="is of another version of seviz"):
        load(file)
