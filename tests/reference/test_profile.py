import hashlib
import json
import os
from copy import copy
from dataclasses import fields, replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file

from seviz.errors import UserError
from seviz.passes.forward import trace
from seviz.photos.dataset import LabelledImages
from seviz.records.arms import INTACT
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.reference import gather as module
from seviz.reference.gather import Accumulator, profile
from seviz.reference.profile import BlockProfile, Profile
from seviz.reference.streams import LEVELS, PAIRS, Moments, Sample, hashes, pairs, sample_size

CHANNELS = {"SE_2_1": 3, "SE_2_2": 5}
CLASSES = ("ant", "bee", "cat")
SIZES = {"one by one": [1] * 20, "sevens": [7] * 90, "ragged": [256, 1, 7, 300]}
EMBEDDED = [64] * 3 + [192] * 4 + [384] * 6 + [896] * 3


class Data:
    """Made gates (0 … 1) and squeezes (around 5) of images of three classes, in class order."""

    def __init__(self, images: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.indices = np.arange(images)
        self.labels = np.sort(rng.integers(0, 3, images))
        level = self.labels[:, None] / 5  # classes differ
        self.s = {
            name: (rng.random((images, c)) * 0.6 + level).astype(np.float32)
            for name, c in CHANNELS.items()
        }
        self.z = {
            name: rng.normal(5, 2, (images, c)).astype(np.float32) for name, c in CHANNELS.items()
        }

    def feed(self, rows: np.ndarray, sizes: list[int], sampled: int = 4096) -> Accumulator:
        """Give these rows to an accumulator, in batches of these sizes; the last takes the rest."""
        accumulator = Accumulator(CHANNELS, CLASSES, sampled=sampled)
        for part in np.split(rows, np.cumsum(sizes)):
            z, s = ({name: v[part] for name, v in group.items()} for group in (self.z, self.s))
            accumulator.update(self.indices[part], self.labels[part], z=z, s=s)
        return accumulator


def finish(accumulator: Accumulator) -> Profile:
    return accumulator.finish(model="made", data="numbers")


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


def levels(values: np.ndarray) -> np.ndarray:
    return np.quantile(values.astype(np.float64), np.arange(33) / 32, axis=0)


def moments(values: np.ndarray, group: np.ndarray, sizes: list[int], groups: int = 3) -> Moments:
    streamed = Moments(groups, values.shape[1])
    for part in np.split(np.arange(len(values)), np.cumsum(sizes)):
        if len(part):
            streamed.add(group[part], values[part])
    return streamed


def close_to_numpy(streamed: Moments, values: np.ndarray, group: np.ndarray, rtol: float) -> None:
    """Compare with NumPy's one-shot mean and population standard deviation in float64."""
    values = values.astype(np.float64)
    mean, std = streamed.overall()
    np.testing.assert_allclose(mean, values.mean(0), rtol=rtol)
    np.testing.assert_allclose(std, values.std(0), rtol=rtol)
    for k, (mean, std) in enumerate(zip(*streamed.by_group(), strict=True)):
        np.testing.assert_allclose(mean, values[group == k].mean(0), rtol=rtol)
        np.testing.assert_allclose(std, values[group == k].std(0), rtol=rtol)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("order", ["by class", "shuffled"])
def test_moments_are_numpys_on_ordered_shuffled_and_ragged_batches(sizes: list[int], order: str):
    data = Data(647)
    rows = data.indices if order == "by class" else np.random.default_rng(1).permutation(647)
    values, group = data.s["SE_2_2"][rows], data.labels[rows]
    close_to_numpy(moments(values, group, sizes), values, group, rtol=1e-12)


def test_moments_of_parts_merge_in_any_order_and_grouping():
    data = Data(200)
    values, group = data.z["SE_2_1"], data.labels
    bounds = [(0, 1), (1, 90), (90, 97), (97, 200)]  # in class order: most parts lack a class
    for order in permutations(bounds):
        a, b, c, d = (moments(values[i:j], group[i:j], [7, 7]) for i, j in order)
        a.merge(b)  # ((a b) (c d)), then one after the other
        c.merge(d)
        a.merge(c)
        close_to_numpy(a, values, group, rtol=1e-12)
        total = Moments(3, 3)
        for i, j in order:
            total.merge(moments(values[i:j], group[i:j], []))
        close_to_numpy(total, values, group, rtol=1e-12)


def test_moments_are_stable_far_from_zero():
    rng = np.random.default_rng(0)
    values, group = rng.normal(1e6, 1, (3000, 4)).astype(np.float32), rng.integers(0, 3, 3000)
    streamed = moments(values, group, [7] * 100)
    close_to_numpy(streamed, values, group, rtol=1e-10)
    squares = (values.astype(np.float64) ** 2).mean(0)
    textbook = squares - values.mean(0, np.float64) ** 2
    assert abs(textbook / streamed.overall()[1] ** 2 - 1).max() > 1e-6  # what it guards against


def test_a_class_of_one_image_has_no_deviation_and_one_of_none_has_no_figures():
    streamed = moments(np.float32([[1, 2], [3, 6], [9, 9]]), np.array([0, 0, 2]), [])
    mean, std = streamed.by_group()
    np.testing.assert_array_equal(mean, [[2, 4], [np.nan, np.nan], [9, 9]])
    np.testing.assert_array_equal(std, [[1, 2], [np.nan, np.nan], [0, 0]])
    np.testing.assert_allclose(streamed.overall()[0], [13 / 3, 17 / 3], rtol=1e-15)


def test_hashes_are_the_published_ones_of_splitmix64():
    assert [hex(h) for h in hashes(np.arange(3))] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


def sample_of(values: np.ndarray, rows: np.ndarray, size: int) -> Sample:
    sample = Sample(size, values.shape[1])
    for part in np.array_split(rows, min(9, len(rows))):
        sample.add(part, values[part])
    return sample


def test_quantiles_of_no_more_rows_than_the_sample_holds_are_exact():
    values = Data(100).z["SE_2_2"]
    for size in (100, 4096):
        sample = sample_of(values, np.arange(100), size)
        assert len(sample) == 100
        np.testing.assert_array_equal(sample.quantiles(), levels(values))


def test_the_sample_holds_the_rows_of_least_hash_however_they_came():
    values = Data(1000).z["SE_2_2"]
    expected = values[np.argsort(hashes(np.arange(1000)))[:64]]
    shuffled = np.random.default_rng(2).permutation(1000)
    one, other = (sample_of(values, half, 64) for half in np.split(shuffled, [130]))
    other.merge(one)
    few, most = (sample_of(values, half, 64) for half in np.split(shuffled, [20]))
    few.merge(most)
    for sample in (sample_of(values, np.arange(1000), 64), other, few):
        np.testing.assert_array_equal(sample.rows(), expected)


def test_quantiles_of_a_sample_keep_their_bound_and_the_extremes_are_exact():
    values = np.random.default_rng(3).normal(size=(5000, 40)).astype(np.float32)
    quantiles = sample_of(values, np.arange(5000), 512).quantiles()
    np.testing.assert_array_equal(quantiles[[0, -1]], [values.min(0), values.max(0)])
    ranks = (values[:, None] <= quantiles).mean(0)  # LEVELS×C, of all rows
    bound = np.sqrt(np.log(2000) / (2 * 512))
    assert abs(ranks - np.arange(33)[:, None] / 32).max() < bound
    assert (np.diff(quantiles, axis=0) > 0).all()


def test_a_row_that_comes_twice_is_noticed():
    sample = sample_of(Data(20).z["SE_2_1"], np.arange(20), 64)
    with pytest.raises(ValueError, match="counted twice"):
        sample.add(np.array([7]), np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match="counted twice"):
        sample.merge(sample)


@pytest.mark.parametrize(
    ("channels", "rows"), [(3, 4096), (sum(EMBEDDED), 2818), (15104, 1110), (10**6, 256)]
)
def test_a_sample_takes_128_mb_but_at_least_256_rows(channels: int, rows: int):
    assert sample_size(2 * channels) == rows


@pytest.mark.parametrize("rows", [2, 3, 8, 9, 91])
def test_few_rows_are_paired_each_with_each(rows: int):
    found = {
        frozenset(pair) for pair in zip(*(a.tolist() for a in pairs(rows, PAIRS)), strict=True)
    }
    assert found == {frozenset((i, j)) for i in range(rows) for j in range(i)}
    assert len(pairs(rows, PAIRS)[0]) == len(found)


def test_many_rows_are_paired_alike_often():
    one, other = pairs(100, 300)
    assert len({frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)}) == 300
    assert (one != other).all()
    assert (np.bincount(np.concatenate([one, other])) == 6).all()


def test_distances_are_those_of_all_pairs_of_gates_by_brute_force():
    data = Data(9)
    rows = data.s["SE_2_2"].astype(np.float64)
    cosine, difference = [], []
    for i in range(9):
        for j in range(i):
            a, b = rows[i], rows[j]
            cosine.append(1 - (a @ b) / np.sqrt((a @ a) * (b @ b)))
            difference.append(sum(abs(x - y) for x, y in zip(a, b, strict=True)) / 5)
    found = sample_of(data.s["SE_2_2"], data.indices, 9).distances()
    np.testing.assert_allclose(found[0], levels(np.array(cosine)), atol=1e-15)
    np.testing.assert_allclose(found[1], levels(np.array(difference)), rtol=1e-14)
    block = finish(data.feed(data.indices, [])).blocks["SE_2_2"]
    np.testing.assert_array_equal(block.cosine_quantiles, found[0].astype(np.float32))
    np.testing.assert_array_equal(block.difference_quantiles, found[1].astype(np.float32))


def test_distances_of_parallel_equal_and_shut_gates_are_defined():
    def median(rows: list[list[float]]) -> list[float]:
        values = np.array(rows, np.float32)
        return [float(q[LEVELS // 2]) for q in sample_of(values, np.arange(2), 2).distances()]

    assert median([[1, 1], [0.5, 0.5]]) == [0.0, 0.5]
    assert median([[1, 0], [0, 1]]) == pytest.approx([1, 1])
    assert median([[0, 0], [0, 0]]) == [0, 0]
    assert median([[0, 0], [1, 0]]) == [0.5, 0.5]


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


@pytest.fixture
def made() -> Profile:
    data = Data(60)
    return finish(data.feed(data.indices, []))


def test_a_saved_profile_comes_back_class_figures_within_half_precision(
    made: Profile, tmp_path: Path
):
    made.save(tmp_path / "made.safetensors")
    back = Profile.load(tmp_path / "made.safetensors")
    assert replace(back, blocks={}) == replace(made, blocks={})
    assert list(back.blocks) == list(made.blocks)
    for name, block in back.blocks.items():
        for field, values in vars(block).items():
            original = getattr(made.blocks[name], field)
            assert values.dtype == np.float32
            assert abs(values - original).max() <= (2**-12 if field.startswith("class") else 0)
    stored = load_file(tmp_path / "made.safetensors")
    halves = {name.split("/")[1] for name, array in stored.items() if array.dtype == np.float16}
    assert halves == {"class_mean", "class_std"}
    assert [file.name for file in tmp_path.iterdir()] == ["made.safetensors"]


def test_gates_without_bounds_and_classes_without_images_survive_saving(tmp_path: Path):
    data = Data(8)
    data.labels[:] = 1
    data.s["SE_2_2"] *= 1e6
    made = finish(data.feed(data.indices, []))
    made.save(tmp_path / "made.safetensors")
    back = Profile.load(tmp_path / "made.safetensors")
    assert back.class_counts == (0, 8, 0)
    assert np.isnan(back.blocks["SE_2_1"].class_mean[[0, 2]]).all()
    unbounded = [p.blocks["SE_2_2"].class_mean for p in (made, back)]
    np.testing.assert_array_equal(*unbounded)


def test_the_same_profile_is_saved_as_the_same_bytes(made: Profile, tmp_path: Path):
    made.save(tmp_path / "one")
    made.save(tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_profile_of_the_embedded_network_takes_less_than_8_mb(tmp_path: Path):
    rng = np.random.default_rng(0)

    def block(c: int) -> BlockProfile:
        shapes = [(c,), (c,), (33, c)] * 2 + [(200, c)] * 2 + [(33,)] * 2
        return BlockProfile(*(rng.random(shape, np.float32) for shape in shapes))

    blocks = {f"SE_{i}": block(c) for i, c in enumerate(EMBEDDED)}
    classes = tuple(f"n{i:08}" for i in range(200))
    Profile("embedded", "made", classes, (50,) * 200, 2818, blocks).save(tmp_path / "x")
    assert (tmp_path / "x").stat().st_size < 7e6


def test_a_profile_that_cant_be_written_leaves_its_old_version(
    made: Profile, tmp_path: Path, monkeypatch
):
    path = tmp_path / "made.safetensors"
    made.save(path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UserError, match=r"made\.safetensors can't be written: No space left"):
        replace(made, data="other").save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_gets_one_sentence(made: Profile, tmp_path: Path):
    with pytest.raises(UserError, match=r"nowhere/x can't be written: No such file or directory\."):
        made.save(tmp_path / "nowhere" / "x")


def reworded(made: Profile, path: Path, **changes: object) -> None:
    """Save a profile, then write its file again with other words in the metadata."""
    made.save(path)
    words = vars(made) | {"version": 1, "blocks": list(made.blocks)} | changes
    save_file(load_file(path), path, {"seviz_profile": json.dumps(words)})


def test_a_profile_from_before_weights_were_named_opens(made: Profile, tmp_path: Path):
    made.save(tmp_path / "x")
    words = vars(made) | {"version": 1, "blocks": list(made.blocks)}
    del words["weights"]
    save_file(load_file(tmp_path / "x"), tmp_path / "x", {"seviz_profile": json.dumps(words)})
    assert Profile.load(tmp_path / "x").weights is None
    replace(made, weights="ab" * 32).save(tmp_path / "x")
    assert Profile.load(tmp_path / "x").weights == "ab" * 32


def test_a_profile_names_the_file_of_the_weights(small, pictures, tmp_path: Path):
    assert profile(small, pictures, data="noise", quiet=True).weights is None
    (tmp_path / "weights").write_bytes(b"abc")
    filed = replace(small, file=tmp_path / "weights")
    found = profile(filed, pictures, data="noise", quiet=True)
    assert found.weights == hashlib.sha256(b"abc").hexdigest()


def test_a_profile_of_another_format_gets_one_sentence(made: Profile, tmp_path: Path):
    reworded(made, tmp_path / "x", version=2)
    with pytest.raises(UserError, match=r"/x is a profile of format 2, .* measure it anew\.$"):
        Profile.load(tmp_path / "x")


def test_a_file_that_is_no_profile_gets_one_sentence(made: Profile, tmp_path: Path):
    made.save(tmp_path / "whole")
    (tmp_path / "words").write_text("no profile, but longer than a header's first number")
    (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:-9])
    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "weights")
    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "torch", {"format": "pt"})
    save_file({"weight": np.zeros(3, np.float32)}, tmp_path / "odd", {"seviz_profile": "[]"})
    reworded(made, tmp_path / "more", blocks=["SE_2_1", "SE_2_2", "SE_9_9"])
    reworded(made, tmp_path / "unknown", colour="red")
    for name in ("words", "cut", "weights", "torch", "odd", "more", "unknown"):
        with pytest.raises(UserError, match=rf"/{name} is no profile of a network, or it is dam"):
            Profile.load(tmp_path / name)


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path: Path):
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UserError, match=rf"^{path} is not there, or can't be opened\.$"):
            Profile.load(path)


def sites(**channels: int) -> list[Site]:
    return [Site(f"layer1.{i}.se", n, 2, i, c, 8) for i, (n, c) in enumerate(channels.items())]


@pytest.mark.parametrize(
    ("model", "blocks", "says"),
    [
        ("other", CHANNELS, "of the network “made”, not of “other”"),
        (
            "made",
            {"SE_2_1": 3, "SE_2_2": 4},
            "at SE_2_2 it has 5 channels, and the network 4 channels",
        ),
        ("made", {"SE_2_1": 3}, "at SE_2_2 it has 5 channels, and the network no block"),
        (
            "made",
            {**CHANNELS, "SE_2_3": 7},
            "at SE_2_3 it has no block, and the network 7 channels",
        ),
    ],
)
def test_a_profile_of_another_network_is_refused(made: Profile, model: str, blocks, says: str):
    made.check_fits("made", sites(**CHANNELS))
    with pytest.raises(UserError, match=says):
        made.check_fits(model, sites(**blocks))


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
    photos = [Image.open(root / inside) for (root, inside), _ in pictures.samples]
    return [trace(small, photo, [INTACT]) for photo in photos]


@pytest.mark.parametrize("size", [1, 3, 256])
def test_a_profile_is_of_what_traces_of_the_images_show(
    small, pictures, traces, monkeypatch, size: int
):
    monkeypatch.setattr(module, "batch_for", lambda config: size)
    found = profile(small, pictures, data="noise", quiet=True)
    assert (found.model, found.data, found.classes) == ("small", "noise", ("ant", "bee"))
    assert found.class_counts == (2, 2)
    found.check_fits(small.key, small.probe.sites)
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
    one, other = (profile(small, pictures, data="noise", quiet=True) for _ in range(2))
    same(one, other)
    assert (pictures.transform, pictures.seed) == (None, (1, 2))


def test_a_profile_is_the_same_however_many_processes_read(small, pictures, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    monkeypatch.setattr(module, "batch_for", lambda config: 2)
    one, other = (
        profile(small, pictures, data="noise", loaders=count, quiet=True) for count in (1, 3)
    )
    same(one, other)


def test_progress_is_shown_unless_it_is_to_be_quiet(small, pictures, capsys):
    profile(small, pictures, data="noise", quiet=True)
    assert "/4" not in capsys.readouterr().err
    profile(small, pictures, data="noise")
    assert "4/4" in capsys.readouterr().err


def test_an_unreadable_image_is_named(small, tmp_path: Path):
    folder = tmp_path / "val" / "ant"
    folder.mkdir(parents=True)
    Image.new("RGB", (64, 64)).save(folder / "0.png")
    (folder / "1.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"ant/1\.png is not a readable image\.$"):
        profile(small, LabelledImages(tmp_path, "val"), data="noise", quiet=True)


def test_every_field_of_a_block_is_saved_under_its_name(made: Profile, tmp_path: Path):
    made.save(tmp_path / "x")
    names = {field.name for field in fields(BlockProfile)}
    assert set(load_file(tmp_path / "x")) == {f"{b}/{f}" for b in CHANNELS for f in names}
