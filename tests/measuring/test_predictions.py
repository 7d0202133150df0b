import csv
from pathlib import Path

import numpy as np

from seviz.measuring.predictions import COLUMNS, Predictions

LABELS = ("ant", "bee", "cat")
# Two images in two arms.
LOGITS = np.float32([[[1, 2, 0], [0, 0.5, 3]], [[0.25, 0, 0], [-1, -2, -3]]])
FOUND = Predictions(["a/1.png", "b/2.png"], ["intact", "static"], LABELS, np.array([1, 2]), LOGITS)


def probability(logits: np.ndarray) -> float:
    return np.float32(np.exp(logits.max(), dtype=float) / np.exp(logits.astype(float)).sum())


def test_csv_has_a_row_an_image_and_arm(tmp_path: Path):
    FOUND.save(tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert [[*row[:4], row[6]] for row in rows] == [
        ["a/1.png", "bee", "intact", "bee", "1"],
        ["a/1.png", "bee", "static", "cat", "0"],
        ["b/2.png", "cat", "intact", "ant", "0"],
        ["b/2.png", "cat", "static", "ant", "0"],
    ]
    flat = LOGITS.reshape(4, 3)
    np.testing.assert_array_equal([np.float32(row[5]) for row in rows], flat.max(1))
    expected = [probability(row) for row in flat]
    np.testing.assert_allclose([np.float32(row[4]) for row in rows], expected, rtol=2e-7)


def test_npz_has_all_logits(tmp_path: Path):
    FOUND.save(tmp_path / "P.NPZ")
    arrays = np.load(tmp_path / "P.NPZ")
    assert arrays["names"].tolist() == ["a/1.png", "b/2.png"]
    assert arrays["arms"].tolist() == ["intact", "static"]
    assert arrays["labels"].tolist() == list(LABELS)
    assert arrays["classes"].tolist() == ["bee", "cat"]
    assert arrays["answers"].tolist() == [["bee", "cat"], ["ant", "ant"]]
    assert arrays["right"].tolist() == [[True, False], [False, False]]
    np.testing.assert_array_equal(arrays["logits"], LOGITS)
    expected = [[probability(row) for row in image] for image in LOGITS]
    np.testing.assert_allclose(arrays["probabilities"], expected, rtol=2e-7)
