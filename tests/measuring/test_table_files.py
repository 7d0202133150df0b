import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from seviz.errors import UserError
from seviz.measuring import table_files
from seviz.measuring.table_files import check_table, csv_file, csv_line, decimals, save_npz, texts


def test_every_number_reads_back_to_the_same_float32():
    bits = np.random.default_rng(0).integers(0, 2**32, 20_000, np.uint32)
    known = [0.1, 1 / 3, 1e-45, 3.4e38, 16777216, 0.3, np.nextafter(np.float32(0.3), np.float32(1))]
    values = np.concatenate([bits.view(np.float32), np.array(known, np.float32)])
    values = values[np.isfinite(values)]
    read = np.array([float(number) for number in decimals(values)])
    np.testing.assert_array_equal(read.astype(np.float32), values)


def test_numbers_are_short_and_none_is_empty():
    assert decimals(np.array([0.1, np.nan, 2], np.float64)) == ["0.1", "", "2.0"]


def test_cells_that_need_it_are_quoted_and_names_may_be_no_unicode(tmp_path: Path):
    cells = ['a,"b"\nc', "d", "\udcffe"]
    with csv_file(tmp_path / "t.csv", ["x", "y", "z"]) as file:
        file.write(csv_line(cells) + "\n")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["x", "y", "z"], [*cells[:2], "\\udcffe"]]
    save_npz(tmp_path / "t.npz", {"names": texts(cells)})
    assert np.load(tmp_path / "t.npz")["names"].tolist() == [*cells[:2], "\\udcffe"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv", "t.npz"]


def test_what_is_raised_inside_leaves_the_old_file(tmp_path: Path):
    file = tmp_path / "t.csv"
    file.write_text("old")
    with pytest.raises(UserError, match="bad"), csv_file(file, ["x"]):
        raise UserError("bad")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("t.json", r"t\.json has to end in \.csv or \.npz, which say its kind\."),
        ("t", "has to end in"),
        ("none/t.csv", "can't be written; name a file in an existing folder"),
        ("f.csv", "can't be written; name a file"),
    ],
)
def test_a_file_that_cant_be_is_refused(tmp_path: Path, name: str, sentence: str):
    (tmp_path / "f.csv").mkdir()
    with pytest.raises(UserError, match=sentence):
        check_table(tmp_path / name, (".csv", ".npz"))


def test_a_file_for_which_a_package_is_missing_says_how_to_install_it(tmp_path, monkeypatch):
    check_table(tmp_path / "T.CSV", (".csv", ".parquet"))
    monkeypatch.setattr(table_files, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"takes pyarrow: `pip install pyarrow`, or name a \.csv"):
        check_table(tmp_path / "t.parquet", (".csv", ".parquet"))
    monkeypatch.setattr(table_files, "find_spec", lambda name: sys)
    check_table(tmp_path / "t.parquet", (".csv", ".parquet"))
