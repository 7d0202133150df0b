import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.faithfulness.pointing import interval, pointing, read_boxes, score
from seviz.labels import folders


def test_a_map_hits_where_its_highest_point_is_in_the_box():
    within = np.zeros((4, 4), bool)
    within[:2, :2] = True
    map_ = np.zeros((4, 4), np.float32)
    map_[1, 1], map_[3, 3], map_[0, 3] = 3, 1, -8
    assert score(map_, within) == (1.0, 0.75)
    map_[3, 3] = 9
    assert score(map_, within) == (0.0, 0.25)
    assert score(-abs(map_), within) == (0.0, 0.0)


def test_intervals_are_those_of_the_mean():
    values = np.random.default_rng(0).standard_normal(400)
    found = interval(values)
    error = values.std(ddof=1) / 20
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.3 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.3 * error)
    same = interval(np.ones(5))
    assert (same.mean, same.low, same.high) == (1, 1, 1)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Two images a class of the embedded network's, each with a box in one quarter."""
    root, draw = tmp_path_factory.mktemp("boxed"), np.random.default_rng(0)
    rows = ["split\twnid\tfile\tx0\ty0\tx1\ty1"]
    for wnid in folders("embedded"):
        (root / "val" / wnid).mkdir(parents=True)
        pixels = draw.integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(pixels).save(root / "val" / wnid / f"{wnid}_0.png")
        rows.append(f"val\t{wnid}\t{wnid}_0\t0\t0\t31\t31")
    (root / "boxes.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return root


def test_the_command_compares_the_arms_on_the_same_images(data: Path, capsys):
    command = ["pointing", "--data", str(data), "--images", "6", "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["images"], found["method"]) == (6, "gradcam")
    assert found["chance"] == pytest.approx(0.25)
    assert [arm["arm"] for arm in found["arms"]] == ["intact", "static"]
    means = [arm["energy"]["mean"] for arm in found["arms"]]
    assert found["energy_difference"]["mean"] == pytest.approx(means[0] - means[1])
    assert main(command[:-1]) == 0
    assert "over 6 images; a blind map would have 25 % in the box" in capsys.readouterr().out


def test_equal_arms_do_not_differ(data: Path):
    found = pointing("embedded", data, images=3, arms=["intact", "same: intact"])
    assert found.hits_difference == found.energy_difference == interval(np.zeros(2))


def test_what_is_missing_is_said(data: Path, tmp_path, capsys):
    with pytest.raises(UserError, match=r"boxes\.tsv is missing"):
        read_boxes(tmp_path / "boxes.tsv")
    (tmp_path / "boxes.tsv").write_text("split\twnid\nval\tn1\n", "utf-8")
    with pytest.raises(UserError, match="has a line that is not"):
        read_boxes(tmp_path / "boxes.tsv")
    assert main(["pointing", "--data", str(data), "--images", "1"]) == 2
    assert "2 images or more" in capsys.readouterr().err
