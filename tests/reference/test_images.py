from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_gates import CHANNELS, Data, finish
from safetensors.numpy import load_file, save_file

from seviz.errors import UserError
from seviz.reference.images import FORMAT, ProfiledImages, images_path


@pytest.fixture(scope="module")
def data() -> Data:
    return Data(120)


@pytest.fixture(scope="module")
def images(data) -> ProfiledImages:
    accumulator = data.feed(data.indices, [7] * 10, sampled=40)
    return accumulator.profiled_images(finish(accumulator), sampled=30)


def test_the_extreme_images_are_those_of_the_sorted_gates(data, images):
    for block, channels in CHANNELS.items():
        for channel in range(channels):
            gates = data.s[block][:, channel]
            order = np.argsort(-gates, kind="stable")
            for found, wanted in (
                (images.largest(block, channel), order[:16]),
                (images.smallest(block, channel), np.argsort(gates, kind="stable")[:16]),
            ):
                assert [e.name for e in found] == [str(i) for i in wanted]
                assert [e.s for e in found] == gates[wanted].tolist()
                assert [e.label for e in found] == data.labels[wanted].tolist()


def test_the_middle_images_are_next_to_the_median_of_the_sample(images):
    gates = images.blocks["SE_2_1"].sample[:, 1]
    found = images.middle("SE_2_1", 1, count=6)
    distance = np.sort(np.abs(gates.astype(float) - np.median(gates.astype(float))))
    offs = sorted(abs(e.s - float(np.median(gates.astype(float)))) for e in found)
    np.testing.assert_allclose(offs, distance[:6], atol=1e-7)
    assert [e.s for e in found] == sorted((e.s for e in found), reverse=True)


def test_the_sample_is_rows_of_the_data_set_with_their_names_and_classes(data, images):
    assert len(images.sample) == 30
    indices = [int(name) for name in images.sample_names]
    for block in CHANNELS:
        np.testing.assert_array_equal(images.blocks[block].sample, data.s[block][indices])
    np.testing.assert_array_equal(images.sample_labels, data.labels[indices])


def test_they_come_back_from_their_file(images, tmp_path: Path):
    images.save(tmp_path / "x")
    back = ProfiledImages.load(tmp_path / "x")
    assert vars(replace(back, labels=0, sample=0, blocks={})) == vars(
        replace(images, labels=0, sample=0, blocks={})
    )
    np.testing.assert_array_equal(back.labels, images.labels)
    np.testing.assert_array_equal(back.sample, images.sample)
    for name, block in back.blocks.items():
        for field, values in vars(block).items():
            before = getattr(images.blocks[name], field)
            np.testing.assert_allclose(values, before, rtol=2**-10)
            assert values.dtype == before.dtype
    assert back.largest("SE_2_2", 3)[0].name == images.largest("SE_2_2", 3)[0].name


def test_fewer_images_than_places_are_fewer_exemplars():
    data = Data(3)
    accumulator = data.feed(data.indices, [])
    found = accumulator.profiled_images(finish(accumulator))
    assert len(found.largest("SE_2_1", 0)) == len(found.smallest("SE_2_1", 0)) == 3


def test_they_lie_beside_the_statistics_and_know_whose_they_are(data, images):
    assert images_path(Path("a/b.safetensors")) == Path("a/b.images.safetensors")
    profile = finish(data.feed(data.indices, []))
    assert images.is_of(profile)
    assert not images.is_of(replace(profile, weights="other"))


def test_a_file_that_is_none_gets_one_sentence(images, tmp_path: Path):
    path = tmp_path / "x.safetensors"
    with pytest.raises(UserError, match=r"x\.safetensors is not there, or can't be opened\."):
        ProfiledImages.load(path)
    path.write_bytes(b"no safetensors")
    with pytest.raises(UserError, match="holds no images of a profile, or it is damaged"):
        ProfiledImages.load(path)


def rewritten(images: ProfiledImages, path: Path, words: str, **arrays: np.ndarray) -> None:
    images.save(path)
    save_file(load_file(path) | arrays, path, {FORMAT.key: words})


def test_another_format_and_names_without_end_get_one_sentence(images, tmp_path: Path):
    import json
    import zlib

    path = tmp_path / "x.safetensors"
    words = {"version": 7, "blocks": []}
    rewritten(images, path, json.dumps(words))
    with pytest.raises(UserError, match="is of format 7"):
        ProfiledImages.load(path)
    known = {name: getattr(images, name) for name in ("model", "data", "classes")}
    words = known | {"version": 1, "blocks": [], "weights": None, "pixels": None}
    long = np.frombuffer(zlib.compress(b"\n" * 2**27), np.uint8)
    rewritten(images, path, json.dumps(words), names=long)
    with pytest.raises(UserError, match="holds no images of a profile"):
        ProfiledImages.load(path)
