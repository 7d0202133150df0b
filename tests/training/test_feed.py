from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from folders import class_folders

from seviz.photos.dataset import InOrder, LabelledImages
from seviz.training.decoded import Decoded, decode
from seviz.training.feed import Batch, FromDisk, FromMemory, mix_batch
from seviz.training.recipe import Recipe

CONFIG = timm.data.resolve_model_data_config(timm.create_model("seresnet50_slim", device="meta"))
RECIPE = Recipe("x", batch=4, crop=0.35, close=0.2, colour=0.3, turn=0.1, mix=0.5)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> LabelledImages:
    """Three classes of four images of 64×64."""
    root: Path = tmp_path_factory.mktemp("data")
    class_folders(root, "abc", train=4, val=1)
    return LabelledImages(root, "train")


def in_order(images: LabelledImages) -> tuple[torch.Tensor, torch.Tensor]:
    loader = InOrder(images, timm.data.create_transform(**CONFIG), 5)
    pairs = list(loader)
    return torch.cat([x for x, _ in pairs]), torch.cat([y for _, y in pairs])


def side() -> int:
    return 64


def test_decoded_images_are_those_of_the_loader(images: LabelledImages):
    expected, labels = in_order(images)
    found = decode(images)
    assert torch.equal(found.labels, labels)
    torch.testing.assert_close(torch.cat([x for x, _ in found.whole_batches(5)]), expected)


def test_both_feeds_yield_an_epoch_in_the_same_order(images: LabelledImages):
    plain = Recipe("x", batch=4)
    memory = FromMemory(decode(images)).epoch(plain, 2, 0, side=side)
    disk = FromDisk(images, CONFIG, CPU).epoch(plain, 2, 0, side=side)
    for ours, its in zip(memory, disk, strict=True):
        assert torch.equal(ours.labels, its.labels)
        assert ours.images.shape == its.images.shape == (4, 3, 64, 64)


@pytest.mark.parametrize("feed", ["memory", "disk"])
def test_an_epoch_follows_from_its_seed_and_goes_on_from_any_step(
    images: LabelledImages, feed: str
):
    made = FromMemory(decode(images)) if feed == "memory" else FromDisk(images, CONFIG, CPU)
    whole = list(made.epoch(RECIPE, 1, 0, side=side))
    assert len(whole) == 3
    for batch, again in zip(whole[1:], made.epoch(RECIPE, 1, 1, side=side), strict=True):
        assert torch.equal(batch.images, again.images)
        assert torch.equal(batch.labels, again.labels)
        assert batch.share == again.share
    other = next(iter(made.epoch(RECIPE, 2, 0, side=side)))
    assert not torch.equal(other.images, whole[0].images)


def test_the_side_is_asked_for_before_each_batch():
    made = Decoded(torch.zeros(8, 3, 64, 64, dtype=torch.uint8), torch.zeros(8, dtype=torch.long))
    sides = iter([32, 48])
    batches = FromMemory(made).epoch(RECIPE, 0, 0, side=lambda: next(sides))
    assert [batch.images.shape[-1] for batch in batches] == [32, 48]


def test_a_teachers_answers_come_with_their_images():
    labels, answers = torch.arange(8), torch.eye(8)
    made = Decoded(torch.zeros(8, 3, 64, 64, dtype=torch.uint8), labels)
    for batch in FromMemory(made, answers).epoch(replace(RECIPE, mix=0.0), 0, 0, side=side):
        assert batch.teacher is not None
        assert batch.teacher.argmax(1).tolist() == batch.labels.tolist()


def test_answers_to_mixed_images_are_mixed():
    batch = replace(whole(), teacher=torch.eye(3))
    found = mix_batch(batch, 0.6, [0.1, 0.25, 0.0, 0.0])
    assert found.teacher is not None
    assert found.teacher[1].tolist() == [0.25, 0.75, 0.0]


def whole() -> Batch:
    numbers = torch.arange(3.0).view(3, 1, 1, 1).expand(3, 1, 8, 8).clone()
    return Batch(numbers, torch.arange(3))


def test_mixup_adds_each_image_to_its_neighbour():
    found = mix_batch(whole(), 0.6, [0.1, 0.25, 0.0, 0.0])
    assert found.share == 0.75
    assert found.other is not None
    assert found.other.tolist() == [2, 0, 1]
    assert found.images[:, 0, 0, 0].tolist() == [0.5, 0.75, 1.75]


def test_cutmix_puts_a_square_of_the_neighbour_into_the_image():
    found = mix_batch(
        whole(), 0.6, [0.4, 0.75, 1.0, 0.0]
    )  # a quarter of the area, at the lower left
    inside = torch.zeros(8, 8, dtype=torch.bool)
    inside[4:, :4] = True
    assert found.share == 0.75
    assert (found.images[1, 0][inside] == 0).all()
    assert (found.images[1, 0][~inside] == 1).all()


def test_batches_that_chance_leaves_alone_are_not_mixed():
    batch = whole()
    assert mix_batch(batch, 0.6, [0.7, 0.5, 0.5, 0.5]) is batch
    assert mix_batch(batch, 0.0, [0.0, 0.5, 0.5, 0.5]) is batch
