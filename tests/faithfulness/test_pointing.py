import json
import os
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.stats import bootstrap

from seviz.__main__ import main
from seviz.faithfulness import pointing as module
from seviz.faithfulness.pointing import interval, pointing, score
from seviz.zoo.catalogue import find


def test_a_map_hits_where_its_highest_point_is_in_the_box():
    within = np.zeros((4, 4), bool)
    within[:2, :2] = True
    map_ = np.zeros((4, 4), np.float32)
    map_[1, 1], map_[3, 3], map_[0, 3] = 3, 1, -8
    assert score(map_, within) == (1.0, 0.75)
    map_[3, 3] = 9
    assert score(map_, within) == (0.0, 0.25)
    assert score(-abs(map_), within) == (0.0, 0.0)


def test_of_points_that_are_equally_high_the_share_in_the_box_counts():
    within = np.zeros((4, 4), bool)
    within[:2, :2] = True
    map_ = np.zeros((4, 4), np.float32)
    map_[1] = np.float32(0.3) + np.float32([0, 3e-8, -3e-8, 0])  # level, but for rounding
    assert score(map_, within) == (0.5, pytest.approx(0.5))


def test_intervals_are_those_of_the_mean():
    values = np.random.default_rng(0).standard_normal(400)
    found = interval(values)
    error = values.std(ddof=1) / 20
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.3 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.3 * error)
    by_scipy = bootstrap((values,), np.mean, n_resamples=2000, method="percentile", rng=0)
    assert (found.low, found.high) == tuple(by_scipy.confidence_interval)
    same = interval(np.ones(5))
    assert (same.mean, same.low, same.high) == (1, 1, 1)


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
    assert (
        "over 6 images; a map without information would have 25 % in the box"
        in capsys.readouterr().out
    )


def test_equal_arms_do_not_differ(data: Path):
    found = pointing("embedded", data, images=3, arms=["intact", "same: intact"])
    assert found.hits_difference == found.energy_difference == interval(np.zeros(2))


@pytest.mark.parametrize("method", ["gradcam", "saliency"])
def test_images_together_are_scored_as_one_by_one(data: Path, method: str, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    found = []
    for pixels, loaders in ((4_000_000, 1), (4 * 64 * 64, 3), (1, 1)):  # all, two, one at a time
        monkeypatch.setattr(module, "batch_for", lambda config, n=pixels: max(2, n // 64**2))
        found.append(pointing("embedded", data, images=7, method=method, loaders=loaders))
    ways = [
        np.hstack([[*astuple(arm.hits), *astuple(arm.energy)] for arm in p.arms]) for p in found
    ]
    np.testing.assert_allclose(ways[1:], [ways[0]] * 2, rtol=1e-3)
    assert {p.images for p in found} == {7}


def test_equal_pictures_of_six_classes_are_asked_for_six_targets(tmp_path: Path, monkeypatch):
    rows, names = ["split\twnid\tfile\tx0\ty0\tx1\ty1"], find("embedded").folders
    for wnid in names:
        (tmp_path / "val" / wnid).mkdir(parents=True)
        Image.new("RGB", (8, 8), "teal").save(tmp_path / "val" / wnid / f"{wnid}_0.png")
    chosen = [names[i] for i in (0, 3, 50, 51, 120, 199)]
    rows += [f"val\t{wnid}\t{wnid}_0\t0\t0\t3\t3" for wnid in chosen]
    (tmp_path / "boxes.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    explain, asked = module.attribute_each, []

    def explained(*of, **how):
        found = explain(*of, **how)
        asked.extend(one.target.index for one in found)
        return found

    monkeypatch.setattr(module, "attribute_each", explained)
    pointing("embedded", tmp_path, arms=["intact", "identity"])
    assert asked == [0, 3, 50, 51, 120, 199]


def test_what_is_missing_is_said(data: Path, tmp_path, capsys):
    (tmp_path / "val").symlink_to(data / "val")
    (tmp_path / "boxes.tsv").write_text("split\nval\tn1\tother_0\t0\t0\t1\t1\n", "utf-8")
    assert main(["pointing", "--data", str(tmp_path)]) == 2
    assert "boxes.tsv names none of the “val” images" in capsys.readouterr().err
    assert main(["pointing", "--data", str(data), "--loaders", "0"]) == 2
    assert "--loaders is 0; give a number of processes" in capsys.readouterr().err
