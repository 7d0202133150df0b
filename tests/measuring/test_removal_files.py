import csv
import json
from pathlib import Path

import numpy as np
from made_removal import GATE, RANDOM, made_removal

from seviz.measuring.removal import RemovalFound
from seviz.measuring.removal_files import save_curves, save_mask
from seviz.photos.used import ImagesUsed
from seviz.records.sites import Site

SITES = (Site("layer1.0.se", "SE_2_1", 2, 1, 4, 2), Site("layer1.1.se", "SE_2_2", 2, 2, 2, 1))
VALUES = {"SE_2_1": np.array([0.3, 0.1, 0.4, 0.2])}
FOUND = RemovalFound(
    made_removal(GATE), {("gate", None): VALUES}, ImagesUsed("val", 200, 2, {}, (), ())
)


def test_the_curves_are_a_table(tmp_path: Path):
    save_curves(tmp_path / "c.csv", made_removal(GATE, *RANDOM))
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        intact, *rows = csv.DictReader(file)
    assert (intact["order"], intact["accuracy"], intact["removed"]) == ("intact", "0.5", "0")
    assert [(row["order"], row["seed"]) for row in rows[::4]] == [
        ("gate", ""),
        ("random", "0"),
        ("random", "1"),
    ]
    second = rows[1]
    assert (second["share"], second["removed"], second["accuracy"]) == ("0.5", "40", "0.3")
    assert (second["lost"], second["low"], second["high"]) == ("0.2", "0.18", "0.22")


def test_the_mask_names_what_goes_by_block_and_module(tmp_path: Path):
    save_mask(
        tmp_path / "m.json",
        FOUND,
        order="gate",
        share=0.5,
        sites=SITES,
        provenance={"data": "d"},
    )
    mask = json.loads((tmp_path / "m.json").read_text("utf-8"))
    assert mask["blocks"] == {
        "SE_2_1": {"path": "layer1.0.se", "channels": 4, "removed": [1, 3]},
        "SE_2_2": {"path": "layer1.1.se", "channels": 2, "removed": []},
    }
    assert (mask["order"], mask["share"], mask["images"]) == ("gate", 0.5, 200)
    assert mask["accuracy"] == {"intact": 0.5, "removed": 0.3}
    assert (mask["lost"]["mean"], mask["provenance"]) == (0.2, {"data": "d"})
