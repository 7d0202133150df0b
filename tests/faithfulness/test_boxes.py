from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch import Tensor
from torchvision.transforms.v2.functional import to_image

from seviz.errors import UserError
from seviz.faithfulness import boxes as module
from seviz.faithfulness.boxes import BoxedImages, read_boxes, within
from seviz.photos.dataset import LabelledImages
from seviz.photos.listing import Member
from seviz.zoo.catalogue import find


def test_a_box_lies_where_its_file_says(data: Path, tmp_path: Path, zoo):
    (tmp_path / "boxes.tsv").write_text("header\nval\tn\tn/x_0.JPEG\t8\t40\t15\t59\n", "utf-8")
    boxes = read_boxes(tmp_path / "boxes.tsv")
    assert boxes == {"x_0": (8, 40, 15, 59)}
    known = LabelledImages(data, "val")
    known.match_classes(find("embedded").folders, find("embedded").labels)
    of_all = {f"{wnid}_0": boxes["x_0"] for wnid in find("embedded").folders}
    _, label, found = BoxedImages(known, of_all, 1, transform=zoo.get("embedded").transform)[0]
    expected = np.zeros((64, 64), bool)
    expected[40:60, 8:16] = True  # 8 wide and 20 high, lower left
    np.testing.assert_array_equal(found, expected)
    assert label == 0


def test_a_box_marks_the_pixels_whose_centres_it_holds():
    # A photograph of 100×50, of which the middle 50×50 is seen as 5×5 pixels of 10×10.
    found = within((30, 0, 49, 19), (25, 0, 75, 50), (5, 5))
    expected = np.zeros((5, 5), bool)
    expected[:2, :2] = True  # centres at x = 30, 40, 50 …; y = 5, 15, 25 …: 50 is the box's edge
    expected[:2, 2] = True
    np.testing.assert_array_equal(found, expected)


def test_boxes_are_read_for_val_alone_by_names_without_endings(tmp_path: Path):
    rows = "split\nval\tn1\ta/x.JPEG\t1\t2.5\t3\t4\ntrain\tn1\ty\t5\t6\t7\t8\n"
    (tmp_path / "boxes.tsv").write_text(rows, "utf-8")
    assert read_boxes(tmp_path / "boxes.tsv") == {"x": (1.0, 2.5, 3.0, 4.0)}


@pytest.mark.parametrize("line", ["val\tn1", "val\tn1\tx\t0\t0\t1\tone"])
def test_a_line_that_is_no_box_is_refused(tmp_path: Path, line: str):
    (tmp_path / "boxes.tsv").write_text(f"split\twnid\n{line}\n", "utf-8")
    with pytest.raises(UserError, match="has a line that is not split, wnid, file, x0 … y1"):
        read_boxes(tmp_path / "boxes.tsv")


def test_a_file_that_is_missing_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"boxes\.tsv is missing: the pointing game needs a box"):
        read_boxes(tmp_path / "boxes.tsv")


def seen(image: Image.Image) -> Tensor:
    """Stand for a network's transform that shows the whole photograph as it is."""
    return to_image(image)


class Numbered:
    """Stands for six labelled images 0.png to 5.png, of 4×2 pixels, each of a class of its own."""

    root = Path("d")
    samples = tuple((Member(Path("d"), f"{i}.png", f"c/{i}.png"), 10 + i) for i in range(6))

    def picture(self, index: int) -> tuple[Image.Image, int]:
        return Image.new("RGB", (4, 2), (index, 0, 0)), self.samples[index][1]


@pytest.mark.parametrize(
    ("count", "chosen"),
    [(1, [0]), (2, [0, 5]), (3, [0, 2, 5]), (4, [0, 1, 3, 5]), (99, [*range(6)])],
)
def test_images_with_a_box_are_taken_at_equal_distances(monkeypatch, count: int, chosen: list[int]):
    monkeypatch.setattr(module, "crop_box", lambda transform, size: (0, 0, *size))
    boxes = {str(i): (0.0, 0.0, 1.0, 0.0) for i in range(6)}
    found = BoxedImages(Numbered(), boxes, count, transform=seen)
    assert len(found) == len(chosen)
    assert [found[i][1] for i in range(len(found))] == [10 + i for i in chosen]


def test_an_item_is_the_image_its_class_and_the_pixels_in_its_box(monkeypatch):
    monkeypatch.setattr(module, "crop_box", lambda transform, size: (0, 0, *size))
    image, label, inside = BoxedImages(Numbered(), {"3": (1, 1, 2, 1)}, 5, transform=seen)[0]
    assert (image.shape, int(image[0, 0, 0]), label) == ((3, 2, 4), 3, 13)
    assert inside.int().tolist() == [[0, 0, 0, 0], [0, 1, 1, 0]]


def test_no_box_at_all_and_a_network_whose_crop_is_unknown_are_refused(monkeypatch):
    with pytest.raises(UserError, match="names none of the “val” images of d"):
        BoxedImages(Numbered(), {"other": (0, 0, 1, 1)}, 1, transform=seen)
    monkeypatch.setattr(module, "crop_box", lambda transform, size: None)
    with pytest.raises(UserError, match="What this network sees of a photograph is not known"):
        BoxedImages(Numbered(), {"0": (0, 0, 1, 1)}, 1, transform=seen)[0]
