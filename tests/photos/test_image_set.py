from collections.abc import Sequence

import pytest
from made_sets import png, tile
from torchvision.transforms.functional import pil_to_tensor

from seviz.errors import UserError
from seviz.photos.image_set import ImageSet
from seviz.photos.stored import Stored


class Made(ImageSet):
    """Images of given bytes, of the classes in turn."""

    def __init__(self, contents: Sequence[bytes], classes: Sequence[str]) -> None:
        super().__init__("made", "", classes)
        self.contents = contents

    def __len__(self) -> int:
        return len(self.contents)

    def stored(self, i: int) -> Stored:
        return Stored(self.contents[i], i % len(self._titles), self.name(i))


def test_images_are_read_through_the_transform_with_their_classes():
    images = Made([png(tile(i, 0)) for i in range(3)], ("ant", "bee"))
    images.transform = pil_to_tensor
    assert [(int(x[0, 0, 0]), label) for x, label in map(images.__getitem__, range(3))] == [
        *((0, 0), (1, 1), (2, 0)),
    ]
    assert (images.classes, images.titles) == (("ant", "bee"), {0: "ant", 1: "bee"})


def test_classes_are_numbered_as_the_network_does():
    images = Made([png(tile(i, 0)) for i in range(2)], ("ant", "bee"))
    images.match_classes(("n0", "n1", "n2"), ("bee", "cow", "ant"))
    assert images.classes == ("n0", "n1", "n2")
    assert [images.picture(i)[1] for i in range(2)] == [2, 0]
    assert images.titles == {2: "ant", 0: "bee"}
    with pytest.raises(UserError, match="In made, the class ant is not one of the network's"):
        Made([], ("ant", "bee")).match_classes(None, ("cat", "bee", "dog"))


def test_an_unreadable_image_is_named_and_can_be_left_out():
    images = Made([b"no picture"], ("ant",))
    with pytest.raises(UserError, match="made, image 0: This file is not a picture") as raised:
        images.picture(0)
    images.leave_out(0, str(raised.value))
    assert images.left_out["image 0"].startswith("This file is not a picture")


def test_what_is_to_be_said_before_training_are_its_remarks():
    images = Made([], ())
    images.remarks.append("It is small.")
    assert list(images.notes()) == ["It is small."]
