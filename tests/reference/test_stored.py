from pathlib import Path

import numpy as np
import pytest

from seviz.errors import UserError
from seviz.reference.stored import Format

FORMAT = Format("seviz_made", (1, 2), "is no made file.")
VALUES = np.arange(6, dtype=np.float16).reshape(2, 3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    FORMAT.write(tmp_path / "made", {"a": VALUES}, {"what": "größe", "classes": ["x"]})
    return tmp_path / "made"


def test_arrays_and_what_is_about_them_come_back(path):
    with FORMAT.opened(path) as (file, about):
        assert np.array_equal(file.get_tensor("a"), VALUES)
        assert file.get_tensor("a").dtype == np.float16
        assert about == {"what": "größe", "classes": ["x"]}


def test_an_older_version_opens_and_an_unknown_one_is_told(path):
    with Format("seviz_made", (2, 3), "").opened(path) as (_, about):
        assert about["what"] == "größe"
    told = rf"^{path} is of format 2, and this seviz reads format 1; measure the profile anew\.$"
    with pytest.raises(UserError, match=told), Format("seviz_made", (1,), "").opened(path):
        pass


@pytest.mark.parametrize("wrong", ["missing", "damaged", "other", "lacking"])
def test_what_is_no_such_file_is_refused_with_its_path(path, tmp_path, wrong):
    said = "is no made file."
    key = "b" if wrong == "lacking" else "a"
    if wrong == "missing":
        path, said = tmp_path / "gone", "is not there, or can't be opened."
    elif wrong == "damaged":
        path.write_bytes(path.read_bytes()[:40])
    elif wrong == "other":
        Format("seviz_other", (1,), "").write(path, {"a": VALUES}, {})
    with pytest.raises(UserError) as error, FORMAT.opened(path) as (file, _):
        file.get_tensor(key)
    assert str(error.value) == f"{path} {said}"
