from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.gates.grammar import arm_text, parse_arms
from seviz.measuring.arm_accuracy import measure_arms
from seviz.measuring.channel_orders import random_values, removing_arm
from seviz.measuring.halves import choosing_half
from seviz.measuring.removal import SEEDS, RemovalFound, Wanted, check_wanted, measure_removal
from seviz.passes.forward import trace
from seviz.photos.image_set import ImageSet
from seviz.photos.sources import Reading
from seviz.records.arms import INTACT
from seviz.records.removal import ORDERS
from seviz.reference.gather import gather
from seviz.reference.profile import Profile
from seviz.zoo.catalogue import find

KEY = "lab_resnet_se"
IMAGES = 24
SHARES = (0.25, 0.5)


def picture(i: int) -> Image.Image:
    noise = np.random.default_rng(i)
    coarse = Image.fromarray(noise.integers(0, 256, (5, 5, 3)).astype(np.uint8))
    return coarse.resize((64, 64), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def loaded(zoo):
    return zoo.get(KEY)


@pytest.fixture(scope="module")
def data(loaded, tmp_path_factory) -> Path:
    """Pictures in the folders of the network's own answers, but for every sixth."""
    root, folders = tmp_path_factory.mktemp("data"), find(KEY).folders
    for i in range(IMAGES):
        label = trace(loaded, picture(i), [INTACT]).top(0, 1)[0].index
        folder = root / "val" / folders[(label + (i % 6 == 0)) % len(folders)]
        folder.mkdir(parents=True, exist_ok=True)
        picture(i).save(folder / f"{i}.png")
    return root


@pytest.fixture(scope="module")
def open_data(data: Path) -> Callable[[], ImageSet]:
    def opened() -> ImageSet:
        images = Reading().open(data)
        images.match_classes(find(KEY).folders, find(KEY).labels)
        return images

    return opened


@pytest.fixture(scope="module")
def profile(loaded, open_data) -> Profile:
    return gather(loaded, open_data(), data="made", loaders=1, quiet=True).profile


@pytest.fixture(scope="module")
def found(loaded, open_data, profile) -> RemovalFound:
    return measure_removal(
        loaded,
        open_data(),
        Wanted(ORDERS, SHARES),
        data="d",
        profile=profile,
        loaders=1,
        quiet=True,
    )


def test_each_point_is_what_evaluate_says_of_the_arm_on_the_other_half(found, data, tmp_path):
    points = [(of, point) for of in found.removal.curves for point in of.points]
    names = [f"{of.order}-{of.seed}-{point.share}" for of, point in points]
    texts = []
    for of, point in points:
        values = found.values[of.order, of.seed]
        count = {name: int(point.share * len(v) + 0.5) for name, v in values.items()}
        channels = {
            name: sorted(sorted(range(len(v)), key=v.tolist().__getitem__)[: count[name]])
            for name, v in values.items()
        }
        assert point.removed == sum(count.values())
        texts.append(arm_text(removing_arm("", channels).edits))
    arms = parse_arms(["intact", *(f"{n}: {t}" for n, t in zip(names, texts, strict=True))])
    measure_arms(KEY, data, arms, predictions=tmp_path / "p.npz", loaders=1)
    with np.load(tmp_path / "p.npz") as saved:
        half = ~choosing_half(np.arange(IMAGES))
        right = saved["right"][half].astype(float)
    assert found.removal.images == half.sum()
    assert found.removal.accuracy == right[:, 0].mean() > 0.5
    for row, (_, point) in enumerate(points, 1):
        assert point.accuracy == pytest.approx(right[:, row].mean(), abs=1e-12)
        lost = right[:, 0] - right[:, row]
        assert point.lost.mean == pytest.approx(lost.mean(), abs=1e-12)
        error = lost.std(ddof=1) / len(lost) ** 0.5
        reach = point.lost.high - point.lost.mean
        assert reach == pytest.approx(point.lost.mean - point.lost.low, abs=1e-12)
        assert reach == pytest.approx(_students_t(len(lost)) * error, abs=1e-3)
    assert len({point.accuracy for _, point in points}) > 2


def _students_t(images: int) -> float:
    """Return the 97.5 % quantile of Student's t, of a table."""
    return {9: 2.306, 10: 2.262, 11: 2.228, 12: 2.201, 13: 2.179, 14: 2.160, 15: 2.145}[images]


def test_an_order_is_ahead_of_the_mean_of_the_random_ones(found):
    removal = found.removal
    assert [of.seed for of in removal.curves if of.order == "random"] == list(SEEDS)
    for place, (mean, least, greatest) in enumerate(removal.random):
        of_seeds = [c.points[place].accuracy for c in removal.curves if c.order == "random"]
        assert (least, greatest) == (min(of_seeds), max(of_seeds))
        assert mean == pytest.approx(np.mean(of_seeds), abs=1e-12)
        for curve in removal.orders:
            ahead = curve.points[place].ahead
            assert ahead.mean == pytest.approx(curve.points[place].accuracy - mean, abs=1e-12)
            assert ahead.low <= ahead.mean <= ahead.high
    assert all(
        point.ahead is None for c in removal.curves if c.seed is not None for point in c.points
    )


def test_what_chooses_is_told(found, loaded):
    removal = found.removal
    assert removal.chosen_on + removal.images == IMAGES
    assert removal.chosen_on == choosing_half(np.arange(IMAGES)).sum()
    assert (removal.statistics, removal.data, removal.block) == ("made", "d", "")
    assert removal.channels == sum(site.channels for site in loaded.probe.sites)
    assert removal.shares == SHARES


def test_one_block_alone_and_one_ranking_over_all(loaded, open_data, profile):
    options = {"data": "d", "profile": profile, "loaders": 1, "quiet": True}
    site = loaded.probe.sites[2]
    of_one = measure_removal(
        loaded, open_data(), Wanted(("gate",), (1.0,), block=site.path), **options
    )
    assert (of_one.removal.block, of_one.removal.channels) == (site.name, site.channels)
    assert of_one.removed("gate", 1.0) == {site.name: list(range(site.channels))}
    assert (of_one.removal.chosen_on, of_one.removal.random) == (0, ())
    assert of_one.removal.curves[0].points[0].ahead is None
    wanted = Wanted(("deviation", "random"), (0.1,), across=True)
    across = measure_removal(loaded, open_data(), wanted, **options)
    means = np.concatenate([of.s_std for of in profile.blocks.values()])
    limit = np.sort(means)[int(0.1 * len(means) + 0.5) - 1]
    for name, channels in across.removed("deviation", 0.1).items():
        assert channels == np.flatnonzero(profile.blocks[name].s_std <= limit).tolist()
    first = random_values(loaded.probe.sites, 0)
    by_hand = np.sort(np.concatenate(list(first.values())))[int(0.1 * len(means) + 0.5) - 1]
    assert across.removed("random", 0.1) == {
        name: np.flatnonzero(of <= by_hand).tolist() for name, of in first.items()
    }


def test_bad_input_gets_a_sentence(loaded, open_data, profile):
    sites = loaded.probe.sites
    with pytest.raises(UserError, match="There is no block “SE_9_9”"):
        check_wanted(Wanted(("gate",), SHARES, block="SE_9_9"), sites)
    with pytest.raises(UserError, match="--across ranks the channels of all blocks"):
        check_wanted(Wanted(("gate",), SHARES, block=sites[0].name, across=True), sites)
    with pytest.raises(UserError, match="The order “gate” needs gate statistics of the network"):
        measure_removal(
            loaded, open_data(), Wanted(("gate",), SHARES), data="d", loaders=1, quiet=True
        )
    images = open_data()
    images.limit = 1
    with pytest.raises(
        UserError, match=r"on half of the images; give more|No image is of the half"
    ):
        wanted = Wanted(("score", "random"), SHARES)
        measure_removal(loaded, images, wanted, data="d", loaders=1, quiet=True)
