import gc
import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from made_data_set import made_data_set
from made_gates import CLASSES

from seviz.answers import image_map as answers
from seviz.answers.image_map import compare_selections, image_map, images_of_class, map_report
from seviz.errors import UserError


@pytest.fixture(scope="module")
def made():
    return made_data_set()


def test_the_points_are_the_sampled_images_by_numpys_pca(made):
    data, profile, images = made
    found = map_report("embedded", "SE_2_2", profile=profile, images=images)
    of = [int(point.image) for point in found.points]
    assert len(of) == 60
    assert [point.label for point in found.points] == [CLASSES[data.labels[i]] for i in of]
    rows = data.s["SE_2_2"][of].astype(np.float64)
    rows -= rows.mean(0)
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    expected = np.abs(rows @ right[:2].T)
    np.testing.assert_allclose([[abs(p.x), abs(p.y)] for p in found.points], expected, atol=1e-6)
    np.testing.assert_allclose(found.explained, sizes[:2] ** 2 / (sizes**2).sum(), rtol=1e-6)
    assert json.loads(json.dumps(asdict(found)))["method"] == "pca"
    assert found.classes == CLASSES
    assert found.of_class("bee") == [i for i, p in enumerate(found.points) if p.label == "bee"]


def test_the_accuracy_of_neighbours_is_the_profiles_or_else_of_the_sample(made):
    data, profile, images = made
    found = image_map(profile, images, "SE_2_1", method="pca", names={})
    assert [of.site for of in found.neighbours] == list(profile.blocks)
    for of in found.neighbours:
        assert of.accuracy == profile.blocks[of.site].neighbours[0]
    assert found.accuracy() == found.neighbours[0].accuracy
    assert found.note == ""
    counts = np.bincount(data.labels)
    assert found.chance == pytest.approx(((counts / counts.sum()) ** 2).sum())
    blocks = {name: replace(block, neighbours=None) for name, block in profile.blocks.items()}
    older = image_map(replace(profile, blocks=blocks), images, "SE_2_1", method="pca", names={})
    assert "over 60 sampled images" in older.note
    rows = images.blocks["SE_2_1"].sample.astype(np.float64)
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    labels, right = images.sample_labels, 0
    for i in range(len(rows)):
        near = labels[np.argsort(apart[i], kind="stable")[:10]]
        votes = np.bincount(near, minlength=3)
        best = np.flatnonzero(votes == votes.max())
        right += len(best) == 1 and best[0] == labels[i]
        if len(best) > 1:  # the nearer one wins
            right += next(label for label in near if label in best) == labels[i]
    assert older.accuracy() == pytest.approx(right / len(rows), abs=0.04)


def test_two_sets_of_images_are_compared_gate_by_gate(made):
    _, _, images = made
    found = compare_selections(images, "SE_2_2", a=[5, 0, 1, 5], b=[7, 8, 9, 10])
    rows = images.blocks["SE_2_2"].sample.astype(np.float64)
    a, b = rows[[0, 1, 5]], rows[[7, 8, 9, 10]]
    pooled = np.sqrt((2 * a.var(0, ddof=1) + 3 * b.var(0, ddof=1)) / 5)
    expected = (a.mean(0) - b.mean(0)) / pooled
    assert (found.images_a, found.images_b) == (3, 4)
    assert [of.channel for of in found.gates] == np.argsort(-np.abs(expected)).tolist()
    for of in found.gates:
        assert of.deviations == pytest.approx(expected[of.channel])
        assert (of.a, of.b) == pytest.approx((a.mean(0)[of.channel], b.mean(0)[of.channel]))
    same = compare_selections(images, "SE_2_2", a=[1, 2], b=[1, 2])
    assert all(of.a == of.b for of in same.gates)


def test_a_class_is_found_by_its_name_or_folder(made):
    _, _, images = made
    named = images_of_class(images, "bee", {"bee": "honeybee"})
    assert named == images_of_class(images, "honeybee", {"bee": "honeybee"})
    assert named == np.flatnonzero(images.sample_labels == 1).tolist()
    with pytest.raises(UserError, match="no class “wasp”"):
        images_of_class(images, "wasp", {})


def test_a_map_is_worked_out_once_and_forgotten_with_its_images(made, monkeypatch):
    _, profile, _ = made
    images, count = made_data_set()[2], 0
    real = answers.project

    def project(*given):
        nonlocal count
        count += 1
        return real(*given)

    monkeypatch.setattr(answers, "project", project)
    kept = len(answers._projections)
    for site in ("SE_2_1", "SE_2_1", "SE_2_2"):
        image_map(profile, images, site, method="pca", names={})
    assert count == 2
    assert len(answers._projections) == kept + 1
    del images
    gc.collect()
    assert len(answers._projections) == kept


def test_without_images_or_with_a_block_or_method_that_is_not_there_it_says_so(made):
    _, profile, images = made
    with pytest.raises(UserError, match=r"no images to lay out: .* `python -m seviz profile"):
        map_report("embedded", "SE_2_1", profile=profile)
    with pytest.raises(UserError, match="no block “SE_2_9” in embedded; did you mean SE_2_"):
        map_report("embedded", "SE_2_9", profile=profile, images=images)
    with pytest.raises(UserError, match="no method “tsne”"):
        map_report("embedded", "SE_2_1", profile=profile, images=images, method="tsne")
