from pathlib import Path

import numpy as np
import pytest
from folders import one_of_each
from PIL import Image

from seviz.errors import UserError
from seviz.measuring.unknown import (
    Separation,
    auroc,
    mean_over_networks,
    separate,
    separations,
)
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.reference.unknown import FAMILIARITIES, KNOWN_BELOW
from seviz.zoo.catalogue import find

KEY = "lab_resnet_se"
OTHERS = ("n09428293", "n12267677", "n99999999")  # folders of classes that it does not have


def test_auroc_counts_pairs_and_ties_as_half():
    known, unknown = np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0])
    # 1 > 0; 2 > 0 and 2 = 2; 3 > 0 and 3 > 2: 4 of 6 pairs, and half a pair
    assert auroc(known, unknown) == pytest.approx(4.5 / 6)
    assert auroc(known, known) == pytest.approx(0.5)
    assert auroc(known, known - 9) == 1


def test_the_threshold_is_a_share_of_the_known_images():
    known, unknown = np.arange(11.0), np.array([-1.0, 1.5, 2.5, 2.0])
    found = separate(known, unknown, 0.25)
    assert (found.threshold, found.known, found.unknown) == (2.5, 11, 4)
    assert (found.known_below, found.unknown_below) == (3 / 11, 3 / 4)  # 0, 1 and 2; −1, 1.5 and 2
    assert found.auroc == pytest.approx((11 + 9 + 8 + 8.5) / 44)


def test_without_unknown_images_there_is_a_threshold_alone():
    found = separate(np.arange(11.0), np.array([]))
    assert found.threshold == pytest.approx(10 * KNOWN_BELOW)
    assert (found.unknown, found.unknown_below, found.auroc) == (0, None, None)


def test_means_are_over_networks():
    def of(auroc: float, below: float) -> dict[str, Separation]:
        return dict.fromkeys(FAMILIARITIES, Separation(4, 4, 0.0, 0.1, below, auroc))

    means = mean_over_networks({"a": of(0.5, 0.25), "b": of(1.0, 0.75)})
    assert means == {name: {"auroc": 0.75, "unknown_below": 0.5} for name in FAMILIARITIES}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """An image of each of the network's classes, and of three others."""
    tint = lambda i: Image.new("RGB", (64, 64), (9 * i, 255 - 7 * i, 40 * (i % 6)))  # noqa: E731
    return one_of_each(tmp_path_factory.mktemp("data"), [*find(KEY).folders, *OTHERS], tint)


def test_images_of_classes_that_a_network_does_not_have_are_the_unknown_ones(data: Path):
    found = separations([KEY, "lab_vgg_se"], data, loaders=1)
    assert list(found) == [KEY, "lab_vgg_se"]
    source = find(KEY)
    value = {}
    for folder in (data / "val").iterdir():
        record = ask(trace, KEY, Image.open(folder / "0.png").convert("RGB"), [INTACT])
        value[folder.name] = {
            name: measure(record.logits, source.temperature)[0]
            for name, measure in FAMILIARITIES.items()
        }
    for name in FAMILIARITIES:
        known = np.array([value[wnid][name] for wnid in source.folders])
        unknown = np.array([value[wnid][name] for wnid in OTHERS])
        expected = separate(known, unknown)
        assert found[KEY][name].threshold == pytest.approx(expected.threshold, rel=1e-4)
        assert (found[KEY][name].known, found[KEY][name].unknown) == (20, 3)
        assert found[KEY][name].auroc == pytest.approx(expected.auroc)


def test_what_cant_be_measured_is_named(data: Path, tmp_path: Path):
    few = one_of_each(tmp_path, find(KEY).folders[:19], lambda i: Image.new("RGB", (64, 64)))
    with pytest.raises(UserError, match=f"the class folder {find(KEY).folders[19]} is missing"):
        separations([KEY], few, loaders=1)
    with pytest.raises(UserError, match="has no temperature"):
        separations(["legacy_seresnet18"], data, loaders=1)
