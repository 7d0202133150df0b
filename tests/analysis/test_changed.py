"""A change's drift and answers are those of `trace` for the changed photograph, saved and read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import Compose, Pad

from seviz.analysis.changed import changed_photographs, drift
from seviz.errors import UserError
from seviz.passes.forward import trace
from seviz.photos.changes import CHANGES
from seviz.records.arms import IDENTITY, INTACT, TWIN, UNIFORM, Arm, Edit, Rule
from seviz.records.drift import Changing
from seviz.zoo.sources import Source

ARMS = [INTACT, IDENTITY]


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    """A photograph larger than the network's input, and not square."""
    rng = np.random.default_rng(3)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 9, 3), dtype=np.uint8))
    return coarse.resize((150, 100), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_equals_the_trace_of_the_saved_photograph(small, scene, change, tmp_path: Path):
    strengths = (change.default, change.values[-2])
    changing = Changing(change.name, strengths, seed=3, region="upper half")
    found = drift(small, scene, changing, arms=ARMS, whole=strengths)
    assert found.strengths[0] == change.neutral
    assert (found.unchanged.whole is not None) == (change.neutral in strengths)
    for strength in strengths:
        point = found.at(strength)
        Image.fromarray(point.whole).save(tmp_path / "changed.png")
        record = trace(small, tmp_path / "changed.png", ARMS)
        np.testing.assert_array_equal(point.seen, record.seen)
        scale = np.abs(record.logits).max()
        np.testing.assert_allclose(point.logits, record.logits, rtol=1e-5, atol=1e-5 * scale)
        for name, s in record.s_computed.items():
            np.testing.assert_allclose(point.s[name], s, rtol=1e-5, atol=1e-6)
    before = trace(small, scene, ARMS)
    np.testing.assert_array_equal(found.photo, before.image)
    np.testing.assert_allclose(
        found.unchanged.s["SE_4_3"], before.s_computed["SE_4_3"], rtol=1e-5, atol=1e-6
    )
    moved = [np.abs(found.at(change.default).s[s.name][0] - found.unchanged.s[s.name][0]).max()
             for s in small.probe.sites]  # fmt: skip
    assert max(moved) > 1e-4


def test_a_larger_crop_does_not_resize_an_attacked_photograph(small, scene):
    """Many networks cut their crop out of a larger picture: the attacked one must stay as it is."""
    from timm.data import create_transform

    wide = create_transform((3, 64, 64), crop_pct=0.8, mean=small.mean, std=small.std)
    cut = replace(small, transform=wide)
    changing = Changing("attacked", (2,))
    (picture,) = changed_photographs(cut, scene, changing)
    assert min(picture.size) == 80
    steps = cut.visible(wide(picture).numpy()).astype(int)
    steps -= cut.visible(wide(scene).numpy())
    assert set(np.unique(steps)) <= {-2, -1, 0, 1, 2}
    assert (np.abs(steps) == 2).mean() > 0.9


def test_rows_are_of_their_arms_and_photographs_in_batches_of_any_size(small, scene, monkeypatch):
    from seviz.passes.batch_size import BatchSizes

    arms = [INTACT, Arm("half", (Edit(Rule("scale", 0.5)),)), UNIFORM]
    changing = Changing("darker", (20, 40, 60))
    whole = drift(small, scene, changing, arms=arms)
    monkeypatch.setattr(BatchSizes.of(small).forward, "rows", 1)
    single = drift(small, scene, changing, arms=arms)
    for one, other in zip(whole.points, single.points, strict=True):
        np.testing.assert_allclose(one.logits, other.logits, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(one.s["SE_5_3"], other.s["SE_5_3"], rtol=1e-4, atol=1e-6)
    assert np.abs(whole.points[1].logits[0] - whole.points[1].logits[1]).max() > 1e-3


def test_the_twin_has_answers_but_no_gates(small, scene):
    from networks import awake

    twin = awake("seresnet50_slim", seed=5)
    known = replace(small, cache={Source: twin})
    found = drift(known, scene, Changing("darker", (50,)), arms=[TWIN, INTACT])
    point = found.at(50)
    assert np.isnan(point.s["SE_2_1"][0]).all()
    assert not np.isnan(point.s["SE_2_1"][1]).any()
    expected = twin(small.transform(changed_photographs(small, scene, Changing("darker", (50,)))[0])[None])  # fmt: skip  # noqa: E501
    np.testing.assert_allclose(point.logits[0], expected.detach().numpy()[0], rtol=1e-4, atol=1e-5)


def test_a_painted_mask_is_of_what_the_network_sees(small, scene):
    mask = np.zeros((8, 8), np.bool_)
    mask[:4] = True
    by_mask = drift(small, scene, Changing("painted", (100,), mask=mask), arms=ARMS).at(100)
    by_name = drift(small, scene, Changing("painted", (100,), region="upper half"), arms=ARMS)
    np.testing.assert_array_equal(by_mask.seen, by_name.at(100).seen)


def test_bad_questions_get_one_sentence(small, scene):
    with pytest.raises(UserError, match="no change “blured”"):
        drift(small, scene, Changing("blured", (1,)), arms=ARMS)
    with pytest.raises(UserError, match="strength is 99"):
        drift(small, scene, Changing("blurred", (99,)), arms=ARMS)
    with pytest.raises(UserError, match="Give a list of arms"):
        drift(small, scene, Changing("blurred", (1,)), arms=[])
    odd = replace(small, transform=Compose([Pad(1), small.transform]))
    with pytest.raises(UserError, match="is not a crop, so a step of its input is no photograph"):
        drift(odd, scene, Changing("attacked", (1,)), arms=ARMS)
    assert drift(odd, scene, Changing("jigsaw", (2,)), arms=ARMS).at(2) is not None
