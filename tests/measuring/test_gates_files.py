import csv
from pathlib import Path

import numpy as np
import pytest

from seviz.errors import UserError
from seviz.measuring import gates_files
from seviz.measuring.gates_files import COLUMNS, PhotoGates, gates_file
from seviz.records.sites import Site

SITES = [Site("layer1.0.se", "SE_2_1", 2, 1, 3, 1), Site("layer1.1.se", "SE_2_2", 2, 2, 2, 1)]


def photo(name: str, seed: int, **answered) -> PhotoGates:
    draw = np.random.default_rng(seed)
    z, s = ({site.name: np.float32(draw.random(site.channels)) for site in SITES} for _ in "zs")
    given = {"label": "cat", "answer": "a, b", "probability": 0.1, "logit": -1.5, **answered}
    return PhotoGates(name, z=z, s=s, **given)


PHOTOS = [
    photo("set/cat/1.jpg", 0),
    photo("set/2.jpg", 1, label="", answer="", probability=np.nan, logit=np.nan),
    photo('odd, "name"\n.jpg', 2),
]
PHOTOS[1].z["SE_2_2"][:] = np.nan  # nothing is squeezed there


def write(path: Path, photos: list[PhotoGates]) -> Path:
    with gates_file(path, SITES) as add:
        for each in photos:
            add(each)
    return path


def rows() -> list[tuple]:
    """Return what a tidy table of the photographs holds, row by row."""
    gates = [(site.name, c) for site in SITES for c in range(site.channels)]
    return [
        (p.name, p.label, p.answer, p.probability, p.logit, name, c, p.z[name][c], p.s[name][c])
        for p in PHOTOS
        for name, c in gates
    ]


def check(found: list[tuple]) -> None:
    assert [row[:3] + row[5:7] for row in found] == [row[:3] + row[5:7] for row in rows()]
    numbers = [np.float32([row[3:5] + row[7:] for row in of]) for of in (found, rows())]
    np.testing.assert_array_equal(*numbers)


def test_csv_has_a_row_a_gate(tmp_path: Path):
    with write(tmp_path / "gates.csv", PHOTOS).open(encoding="utf-8", newline="") as file:
        head, *found = csv.reader(file)
    assert tuple(head) == COLUMNS
    number = lambda text: float(text or "nan")  # noqa: E731
    check([(*r[:3], *map(number, r[3:5]), r[5], int(r[6]), *map(number, r[7:])) for r in found])


def test_npz_has_an_array_a_block_joined_by_the_names(tmp_path: Path):
    arrays = np.load(write(tmp_path / "gates.npz", PHOTOS))
    assert arrays["names"].tolist() == [p.name for p in PHOTOS]
    assert arrays["labels"].tolist() == ["cat", "", "cat"]
    assert arrays["answers"].tolist() == ["a, b", "", "a, b"]
    np.testing.assert_array_equal(arrays["probabilities"], np.float32([0.1, np.nan, 0.1]))
    np.testing.assert_array_equal(arrays["logits"], np.float32([-1.5, np.nan, -1.5]))
    for site in SITES:
        for kind in "zs":
            expected = np.stack([getattr(p, kind)[site.name] for p in PHOTOS])
            found = arrays[f"{kind}/{site.name}"]
            assert found.dtype == np.float32
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("together", [2, 64])
def test_parquet_has_the_same_rows(tmp_path: Path, monkeypatch, together: int):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(gates_files, "TOGETHER", together)
    table = parquet.read_table(write(tmp_path / "gates.parquet", PHOTOS))
    assert tuple(table.column_names) == COLUMNS
    check([tuple(row.values()) for row in table.to_pylist()])
    assert [str(table.schema.field(name).type) for name in ("z", "channel")] == ["float", "int32"]


@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_what_is_raised_inside_leaves_no_file(tmp_path: Path, kind: str):
    with pytest.raises(UserError), gates_file(tmp_path / f"gates.{kind}", SITES) as add:
        add(PHOTOS[0])
        raise UserError("bad")
    assert list(tmp_path.iterdir()) == []
