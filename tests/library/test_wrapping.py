"""What is said about a module's images and classes, and what a pass finds out."""

import numpy as np
import pytest
import torch
from made_module import SIDE, module, pixels
from networks import random_network
from timm.data import create_transform
from torch import nn
from torchvision import transforms

import seviz
from seviz.errors import UserError
from seviz.library.wrapping import class_names, count_classes, said_preprocessing
from seviz.zoo.example_image import example_image

HALF = ([0.5] * 3, [0.25] * 3)
COMPOSED = [transforms.Resize((SIDE, SIDE)), transforms.ToTensor()]


def test_a_transform_of_ones_own_is_used_as_it_is():
    steps = transforms.Compose([*COMPOSED, transforms.Normalize(*HALF)])
    with seviz.wrap(module(), transform=steps) as network:
        assert network.input_size == (3, SIDE, SIDE)
        record = network.trace(pixels(), arms=["intact"]).trace
        from PIL import Image

        own = steps(Image.fromarray(pixels()))
        np.testing.assert_array_equal(record.image, own.numpy())
        seen = COMPOSED[0](Image.fromarray(pixels()))
        np.testing.assert_allclose(record.seen, np.asarray(seen), atol=1)
        assert network.source.pixels == "3×16×16, mean 0.5 0.5 0.5, deviation 0.25 0.25 0.25"


def test_a_transform_without_a_normalisation_shows_pixels_as_they_are():
    said, kept = said_preprocessing(module(), transforms.Compose(COMPOSED), None)
    assert said == {"input_size": (3, SIDE, SIDE), "mean": (0.0,) * 3, "std": (1.0,) * 3}
    assert kept is not None


def test_a_transform_of_timm_is_one():
    made = create_transform(input_size=(3, SIDE, SIDE), mean=(0.1, 0.2, 0.3), std=(1, 1, 1))
    said, _ = said_preprocessing(module(), made, SIDE)
    assert said["input_size"] == (3, SIDE, SIDE)
    assert said["mean"] == pytest.approx((0.1, 0.2, 0.3))


def test_terms_of_timm_replace_the_usual_ones():
    with seviz.wrap(
        module(), transform={"mean": (0.5,) * 3, "crop_pct": 1.0}, input_size=(SIDE, SIDE)
    ) as network:
        config = network.source.config
    assert (config["mean"], config["crop_pct"]) == ((0.5,) * 3, 1.0)
    assert config["std"] == (0.229, 0.224, 0.225)


def test_what_a_module_states_as_timms_do_is_used():
    stated = random_network("seresnet18", num_classes=2)
    said, kept = said_preprocessing(stated, None, None)
    assert (said, kept) == ({}, None)
    assert said_preprocessing(module(), None, None)[0] == {"input_size": (3, 224, 224)}
    grey = said_preprocessing(module(channels=1), None, 32)[0]
    assert (grey["input_size"], len(grey["mean"])) == ((1, 32, 32), 1)


@pytest.mark.parametrize(
    ("transform", "size", "says"),
    [
        (5, None, "transform is what turns a PIL image into a tensor"),
        ({"means": 1}, None, "“means” is no term of a transform; did you mean mean"),
        ({"mean": (1, 2, 3)}, None, "give one number from 0 to 1 for each of the 3 channels"),
        ({"std": (0.5,)}, 16, "give one number from 0 to 1 for each of the 3 channels"),
        (None, (2, 16, 16), r"input_size is \(2, 16, 16\); give a side, \(height, width\)"),
        (None, 0, "input_size is 0; give a side"),
        (None, (16.0, 16), "give a side"),
        (lambda photo: photo, None, "this one makes a value of the type Image"),
        (lambda photo: torch.zeros(16, 16), None, "this one makes a tensor of 16×16 of float32"),
        (lambda photo: 1 / 0, None, r"can't take a picture of 320×240 pixels \(ZeroDivisionE"),
        (transforms.Compose(COMPOSED), 32, "is 3×32×32, and the transform makes 3×16×16"),
    ],
)
def test_what_cannot_be_a_preprocessing_is_a_sentence(transform, size, says: str):
    with pytest.raises(UserError, match=says):
        said_preprocessing(module(), transform, size)


class Returns(nn.Module):
    def __init__(self, made) -> None:
        super().__init__()
        self.made = made

    def forward(self, x):
        return self.made(x)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda x: (x, x), "Net returns a value of the type tuple, and seviz explains classifiers"),
        (lambda x: {"logits": x}, "Net returns a value of the type dict"),
        (lambda x: x, "Net returns a tensor of 4 dimensions, and seviz explains classifiers"),
        (lambda x: 1 / 0, r"can't pass an image of 3×8×8 \(ZeroDivisionError.*give the size that"),
    ],
)
def test_what_returns_no_logits_is_a_sentence(made, says: str):
    with pytest.raises(UserError, match=says):
        count_classes(Returns(made), example_image((3, 8, 8), torch.device("cpu")), "Net")


def test_an_example_is_the_same_each_time():
    first, second = (example_image((3, 8, 8), torch.device("cpu")) for _ in range(2))
    assert torch.equal(first, second)
    assert first.shape == (1, 3, 8, 8)
    assert count_classes(nn.Flatten(), first, "Net") == 192


def test_names_of_classes_are_one_for_each(tmp_path):
    (tmp_path / "names.txt").write_text("a\nb\n")
    assert class_names(tmp_path / "names.txt", 2, "Net") == ("a", "b")
    assert class_names(["a", "b"], 2, "Net") == ("a", "b")
    assert class_names(None, 2, "Net") is None
    for wrong in (["a"], ["a", "a"], ["a", ""]):
        with pytest.raises(UserError, match=r"different names, and Net has 2 classes; give one"):
            class_names(wrong, 2, "Net")
