import resource
from pathlib import Path

import pytest
import torch
from folders import class_folders

from seviz.errors import UserError
from seviz.training.decoded import (
    Decoded,
    decode,
    images_of_classes,
    load_decoded,
    normalise,
    save_decoded,
)

PIXELS = torch.randint(
    0, 256, (10, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
)
MADE = Decoded(PIXELS, torch.arange(10))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_classes_are_numbered_in_the_order_they_are_asked_for(tmp_path: Path):
    class_folders(tmp_path, "abc", train=3, val=1)
    found = decode(images_of_classes(tmp_path, "train", ("c", "a"), each=2))
    assert found.labels.tolist() == [1, 1, 0, 0]
    assert found.pixels.shape == (4, 3, 64, 64)
    assert found.pixels.dtype == torch.uint8
    with pytest.raises(UserError, match="has no class folder d, one of the study's"):
        images_of_classes(tmp_path, "val", ("a", "d"))


def test_kept_images_come_back_as_they_were(tmp_path: Path):
    save_decoded(tmp_path / "images.safetensors", MADE)
    again = load_decoded(tmp_path / "images.safetensors")
    assert torch.equal(again.pixels, PIXELS)
    assert torch.equal(again.labels, MADE.labels)


def test_whole_images_are_normalised_and_come_in_their_order():
    (x, y), (last, _) = MADE.whole_batches(8)
    assert (len(x), len(last), y.tolist()) == (8, 2, list(range(8)))
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    expected = (PIXELS[0].permute(1, 2, 0) / 255 - mean) / std
    torch.testing.assert_close(x[0].permute(1, 2, 0), expected)
    assert [len(x) for x, _ in MADE.whole_batches(8, count=5)] == [5]


def test_an_epoch_has_each_image_once_in_whole_batches_at_the_side_asked_for():
    batches = list(MADE.shuffled_batches(4, 32, seeded()))
    assert [x.shape for x, _ in batches] == [(4, 3, 32, 32)] * 2
    labels = torch.cat([y for _, y in batches]).tolist()
    assert len(set(labels)) == 8


def test_an_epoch_follows_from_its_generator_alone():
    one, same, other = (list(MADE.shuffled_batches(8, 40, seeded(n))) for n in (1, 1, 2))
    assert torch.equal(one[0][0], same[0][0])
    assert not torch.equal(one[0][0], other[0][0])


def test_images_are_flipped_and_shifted_with_mirrored_edges_and_nothing_else():
    (x, y), *_ = MADE.shuffled_batches(10, 64, seeded())
    for image, label in zip(x, y, strict=True):
        pixels = PIXELS[label].float()
        shifted = torch.nn.functional.pad(pixels[None], [8] * 4, mode="reflect")[0]
        found = [
            (flip, row, column)
            for flip, wide in ((False, shifted), (True, shifted.flip(2)))
            for row in range(17)
            for column in range(17)
            if torch.equal(normalise(wide[None, :, row : row + 64, column : column + 64])[0], image)
        ]
        assert len(found) == 1


def test_a_disk_that_fills_up_is_told_and_leaves_nothing_half(tmp_path: Path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(UserError, match=r"images.safetensors can't be written: .*too large"):
            save_decoded(tmp_path / "images.safetensors", MADE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [*tmp_path.iterdir()] == []
