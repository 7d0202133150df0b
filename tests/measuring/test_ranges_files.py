import csv
import json
from pathlib import Path

import numpy as np
from made_ranges import made_network, made_ranges

from seviz.measuring.int8 import Extent
from seviz.measuring.ranges import KINDS, RangesFound
from seviz.measuring.ranges_files import COLUMNS, save_ranges
from seviz.photos.used import ImagesUsed

EXTENT = Extent(np.float32([-1, -2]), np.float32([3, 4]))
FOUND = RangesFound(
    made_network(made_ranges("SE_2_1", 0.25, 0.5), made_ranges("SE_2_2", 0.125, 0.25)),
    {kind: {"SE_2_1": EXTENT, "SE_2_2": EXTENT} for kind in KINDS},
    ImagesUsed("val", 100, 2, {}, (), ()),
)


def test_the_table_has_a_row_a_block_and_tensor(tmp_path: Path):
    save_ranges(tmp_path / "r.csv", FOUND, provenance={})
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["block"], row["tensor"]) for row in rows] == [
        (block, tensor) for block in ("SE_2_1", "SE_2_2") for tensor in ("s", "U", "s·U")
    ]
    assert all(None not in row.values() and None not in row for row in rows)
    gates, _, after = rows[:3]
    assert (gates["q0"], gates["q0.5"], gates["q1"], gates["spread"]) == ("0", "0.5", "1", "")
    assert (after["q0.001"], after["spread"], after["by_largest_narrow"]) == ("-4", "12.5", "0.5")
    assert after["by_quantile_most_clipped"] == "0.0625"
    assert after["channel_noise_ratio"] == "30"
    assert rows[1]["by_largest_narrow"] == "0.25"


def test_the_arrays_have_each_channel(tmp_path: Path):
    save_ranges(tmp_path / "r.npz", FOUND, provenance={})
    with np.load(tmp_path / "r.npz") as arrays:
        assert arrays["blocks"].tolist() == ["SE_2_1", "SE_2_2"]
        assert arrays["after/SE_2_2/low"].tolist() == [-1, -2]
        assert arrays["s/SE_2_1/high"].tolist() == [3, 4]
        assert len(arrays) == 1 + 3 * 2 * 2


def test_json_has_all_figures_and_what_they_are_of(tmp_path: Path):
    save_ranges(tmp_path / "r.json", FOUND, provenance={"data": "d"})
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert (found["images"], found["provenance"]) == (100, {"data": "d"})
    assert found["blocks"][1]["after"]["by_largest"]["narrow"] == 0.25
