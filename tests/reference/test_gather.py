import os
from copy import copy
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from made_gates import CHANNELS, CLASSES, Data, finish, levels
from PIL import Image

from seviz.errors import UserError
from seviz.passes.forward import trace
from seviz.photos.dataset import LabelledImages
from seviz.records.arms import INTACT
from seviz.records.trace import Trace
from seviz.reference.accumulator import Accumulator
from seviz.reference.gather import gather, reference, set_reference, ships
from seviz.reference.profile import Profile
from seviz.zoo.catalogue import find
from seviz.zoo.memory_digest import digest_of
from seviz.zoo.sources import Source

SIZES = {"sevens": [7] * 90, "ragged": [256, 1, 7, 300]}


def same(one: Profile, other: Profile, rtol: float = 0) -> None:
    """Expect the same of both: bit by bit, or means and deviations but for rounding."""
    assert replace(one, blocks={}) == replace(other, blocks={})
    assert list(one.blocks) == list(other.blocks)
    for name, block in one.blocks.items():
        for field, values in vars(block).items():
            rounding = 0 if "quantiles" in field else rtol
            np.testing.assert_allclose(
                values, getattr(other.blocks[name], field), rtol=rounding, err_msg=field
            )


def test_a_profile_is_numpys_statistics_of_z_and_s():
    data = Data(300)
    found = finish(data.feed(data.indices, SIZES["sevens"]))
    assert (found.model, found.data, found.classes) == ("made", "numbers", CLASSES)
    assert found.class_counts == tuple(int((data.labels == k).sum()) for k in range(3))
    assert (found.images, found.sampled) == (300, 300)
    assert list(found.blocks) == list(CHANNELS)
    for name, block in found.blocks.items():
        s, z = data.s[name].astype(np.float64), data.z[name].astype(np.float64)
        by_class = [s[data.labels == k] for k in range(3)]
        expected = {
            "s_mean": s.mean(0),
            "s_std": s.std(0),
            "s_quantiles": levels(s),
            "z_mean": z.mean(0),
            "z_std": z.std(0),
            "z_quantiles": levels(z),
            "class_mean": np.stack([v.mean(0) for v in by_class]),
            "class_std": np.stack([v.std(0) for v in by_class]),
        }
        for field, values in expected.items():
            assert getattr(block, field).dtype == np.float32
            np.testing.assert_allclose(getattr(block, field), values, rtol=1e-7, err_msg=field)
        assert block.cosine_quantiles.shape == block.difference_quantiles.shape == (33,)


def test_a_profile_depends_on_neither_order_nor_parts():
    data = Data(500)
    expected = finish(data.feed(data.indices, [], sampled=50))
    assert expected.sampled == 50
    shuffled = np.random.default_rng(4).permutation(500)
    same(finish(data.feed(shuffled, SIZES["ragged"], sampled=50)), expected, rtol=1e-6)
    for order in permutations(np.split(shuffled, [3, 200])):
        a, b, c = (data.feed(part, [7, 7], sampled=50) for part in order)
        b.merge(c)
        a.merge(b)
        same(finish(a), expected, rtol=1e-6)


def test_the_same_images_in_the_same_batches_give_the_same_profile_bit_by_bit():
    one, other = (Data(100).feed(np.arange(100), [7, 30], sampled=50) for _ in range(2))
    same(finish(one), finish(other))


def test_nothing_to_profile_gets_one_sentence():
    empty = Accumulator(CHANNELS, CLASSES)
    with pytest.raises(UserError, match=r"There is no image to profile “made” on; give at least"):
        finish(empty)
    data = Data(10)
    whole = data.feed(data.indices, [])
    expected = finish(whole)
    whole.merge(Accumulator(CHANNELS, CLASSES))
    same(finish(whole), expected)


def test_one_image_has_no_pair():
    block = finish(Data(1).feed(np.array([0]), [])).blocks["SE_2_1"]
    assert np.isnan(block.cosine_quantiles).all()
    assert np.isnan(block.difference_quantiles).all()
    np.testing.assert_array_equal(block.s_std, 0)
    assert (block.s_quantiles == block.s_mean).all()


def batch(**changes: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    gates = {name: np.full((2, c), 0.5, np.float32) for name, c in CHANNELS.items()}
    return {"z": gates, "s": gates} | changes


def test_a_gate_that_is_no_number_gets_one_sentence():
    gates = batch()["s"] | {"SE_2_2": np.full((2, 5), np.nan, np.float32)}
    with pytest.raises(UserError, match="Block SE_2_2 overflows on some images"):
        Accumulator(CHANNELS, CLASSES).update([0, 1], [0, 1], **batch(z=gates))


SWAPPED = dict(zip(CHANNELS, [*batch()["s"].values()][::-1], strict=True))


@pytest.mark.parametrize(
    ("indices", "labels", "values", "says"),
    [
        ([6, 7], [0, 3], batch(), "3 classes"),
        ([6, 7], [0, -1], batch(), "3 classes"),
        ([6, 7], [0], batch(), r"labels \[0\] of 2 images"),
        ([6, 7, 8], [0, 1, 2], batch(), "expected"),  # of two rows
        ([6, 7], [0, 1], batch(s={}), "expected"),
        ([6, 7], [0, 1], batch(s=SWAPPED), "expected"),
        ([6, 7], [0, 1], batch(z=SWAPPED), "expected"),
        ([5, 6], [0, 1], batch(), "counted twice"),
    ],
)
def test_a_batch_that_does_not_fit_adds_nothing(indices, labels, values, says):
    data = Data(6)
    accumulator = data.feed(data.indices, [])
    with pytest.raises(ValueError, match=says):
        accumulator.update(indices, labels, **values)
    same(finish(accumulator), finish(data.feed(data.indices, [])))


@pytest.mark.parametrize(
    "other",
    [
        Accumulator({"SE_2_1": 3}, CLASSES, sampled=9),
        Accumulator(CHANNELS, ("ant", "bee"), sampled=9),
        Accumulator(CHANNELS, CLASSES, sampled=8),
    ],
)
def test_accumulators_of_another_kind_do_not_merge(other: Accumulator):
    with pytest.raises(ValueError, match="equal blocks, classes and sample size"):
        Accumulator(CHANNELS, CLASSES, sampled=9).merge(other)


def test_a_profile_names_the_weights(monkeypatch, small, pictures):
    found = gather(small, pictures, data="noise", quiet=True).profile
    assert found.weights == digest_of(small.model)
    assert found.pixels == small.source.pixels


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> LabelledImages:
    """Four pictures of noise, in two classes."""
    root, noise = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for name in "bee", "ant":
        folder = root / "val" / name
        folder.mkdir(parents=True)
        for i in range(2):
            pixels = noise.integers(0, 256, (8, 8, 3)).astype(np.uint8)
            Image.fromarray(pixels).resize((70, 80)).save(folder / f"{i}.png")
    return LabelledImages(root, "val")


@pytest.fixture(scope="module")
def traces(small, pictures) -> list[Trace]:
    photos = [Image.open(member.root / member.inside) for member, _ in pictures.samples]
    return [trace(small, photo, [INTACT]) for photo in photos]


@pytest.mark.parametrize("size", [1, 3, 256])
def test_a_profile_is_of_what_traces_of_the_images_show(
    small, pictures, traces, monkeypatch, size: int
):
    monkeypatch.setattr("seviz.photos.dataset.batch_for", lambda config: size)
    found = gather(small, pictures, data="noise", quiet=True).profile
    assert (found.model, found.data, found.classes) == ("small", "noise", ("ant", "bee"))
    assert found.class_counts == (2, 2)
    found.check_fits(small.source, small.probe.sites)
    for name, block in found.blocks.items():
        s, z = (np.concatenate([getattr(t, kind)[name] for t in traces]) for kind in "sz")
        np.testing.assert_allclose(block.s_mean, s.mean(0), rtol=1e-5)
        np.testing.assert_allclose(block.z_mean, z.mean(0), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(block.class_mean, [s[:2].mean(0), s[2:].mean(0)], rtol=1e-5)
        np.testing.assert_allclose(block.s_quantiles[[0, -1]], [s.min(0), s.max(0)], rtol=1e-5)
        assert block.s_std.max() > 1e-4  # the pictures differ


def test_a_network_is_profiled_twice_alike_and_the_images_are_left_as_they_were(small, pictures):
    pictures = copy(pictures)
    pictures.seed = (1, 2)
    one, other = (gather(small, pictures, data="noise", quiet=True).profile for _ in range(2))
    same(one, other)
    assert (pictures.transform, pictures.seed) == (None, (1, 2))


def test_a_profile_is_the_same_however_many_processes_read(small, pictures, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    monkeypatch.setattr("seviz.photos.dataset.batch_for", lambda config: 2)
    one, other = (
        gather(small, pictures, data="noise", loaders=count, quiet=True).profile for count in (1, 3)
    )
    same(one, other)


def test_progress_is_shown_unless_it_is_to_be_quiet(small, pictures, capsys):
    gather(small, pictures, data="noise", quiet=True)
    assert "/4" not in capsys.readouterr().err
    gather(small, pictures, data="noise")
    assert "4/4" in capsys.readouterr().err


def test_an_unreadable_image_ends_it_or_is_left_out_and_named(small, tmp_path: Path):
    folder = tmp_path / "val" / "ant"
    folder.mkdir(parents=True)
    Image.new("RGB", (64, 64)).save(folder / "0.png")
    (folder / "1.png").write_bytes(b"no picture")
    images = LabelledImages(tmp_path, "val")
    with pytest.raises(UserError, match=r"val/ant/1\.png in .* can't be read: This file is not a"):
        gather(small, images, data="noise", quiet=True)
    found = gather(small, images, data="noise", skip_unreadable=True, quiet=True)
    assert (found.profile.images, found.profile.class_counts) == (1, (1,))
    assert (found.profile.unreadable, found.used.images, found.used.unreadable) == (1, 1, 1)
    assert "gates of one image" in found.profile.note
    assert [name for name, _ in found.used.unreadable_first] == ["val/ant/1.png"]
    (folder / "0.png").unlink()
    with pytest.raises(
        UserError, match=r"None of the images can be read, for example val/ant/1\.png: This file is"
    ):
        images = LabelledImages(tmp_path, "val")
        gather(small, images, data="noise", skip_unreadable=True, quiet=True)


def test_blocks_that_squeeze_nothing_may_have_no_z_but_must_have_gates():
    nothing = {name: np.full((2, c), np.nan, np.float32) for name, c in CHANNELS.items()}
    accumulator = Accumulator(CHANNELS, CLASSES, without_z=list(CHANNELS))
    accumulator.update([0, 1], [0, 1], **batch(z=nothing))
    found = finish(accumulator)
    assert found.class_counts == (1, 1, 0)
    assert np.isnan(found.blocks["SE_2_1"].z_mean).all()
    np.testing.assert_array_equal(found.blocks["SE_2_1"].s_mean, [0.5] * 3)
    with pytest.raises(UserError, match="Block SE_2_1 overflows"):
        accumulator.update([2, 3], [0, 1], **batch(s=nothing))


def test_what_ships_with_a_network_of_other_weights_is_refused(monkeypatch):
    monkeypatch.setattr(Source, "digest", "0" * 64)
    with pytest.raises(UserError, match=r"“embedded” with weights ae0b.*, not of “embedded” with"):
        reference("embedded")


def test_what_ships_is_told_from_what_was_brought():
    source, known = find("embedded"), reference("embedded")
    assert ships(known, source)
    assert not ships(replace(known), source)


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_statistics_of_other_weights_are_not_a_networks_own():
    set_reference(replace(reference("embedded"), model="lab_vgg_se"))
    assert reference("lab_vgg_se") is None


def test_the_embedded_network_alone_travels_with_statistics_and_ones_own_come_first():
    shipped = reference("embedded")
    assert (shipped.model, shipped.images) == ("embedded", 100_000)
    assert reference("embedded") is shipped
    assert reference("twin") is None
    mine = replace(shipped, data="mine")
    set_reference(mine)
    assert reference("embedded") is mine
    set_reference(replace(shipped, model="twin", weights=None, data="of the twin"))
    assert reference("twin").data == "of the twin"
    assert reference("embedded") is mine
