"""Opens the images of a data set of any kind: folders and zips, and what timm reads.

open_images(Path("photos"), "val")
open_images("hfds/uoft-cs/cifar10", "val")
open_images("wds/shards/train-{000..127}.tar", "train", limit=10_000)
"""

from dataclasses import dataclass
from pathlib import Path

from seviz.errors import UserError
from seviz.photos.dataset import LabelledImages
from seviz.photos.image_set import ImageSet
from seviz.photos.kinds import check_kind, kind_of
from seviz.photos.loader import Images


@dataclass(frozen=True)
class Access:
    """How to get at a data set that is no folder or zip.

    root: the folder that holds it, or downloads. download: fetch it into there. columns: those of
    images and labels, where the usual ones are not meant.
    """

    root: Path | None = None
    download: bool = False
    columns: tuple[str, ...] = ()


USUAL = Access()


@dataclass(frozen=True)
class Reading:
    """Which images of a data set are read, and how: the arguments of `open_images`.

    skip_unreadable: leave out images that can't be read, of which the first else ends the work.
    """

    split: str = "val"
    labels: bool = True
    limit: int | None = None
    access: Access = USUAL
    skip_unreadable: bool = False

    def open(self, data: str | Path) -> Images:
        """Open the images of a data set, as `open_images`."""
        return open_images(
            data, self.split, labels=self.labels, limit=self.limit, access=self.access
        )


def open_images(
    data: str | Path,
    split: str,
    *,
    labels: bool = True,
    limit: int | None = None,
    access: Access = USUAL,
) -> Images:
    """Open a split of a data set: a folder or zip, or a kind's prefix and a name.

    split: train or val, or another by the data set's own name. labels: False where the images have
    none, or none are wanted; then all are of one class. limit: use so many images, None for all: of
    a set the first in a fixed random order, of a stream the first. Raises UserError where there are
    no such images, or a package is missing.
    """
    if limit is not None and limit < 1:
        raise UserError(f"--limit is {limit}; give a number of images, 1 or more.")
    kind = kind_of(data)
    if kind is None:
        images: Images = _open_folder(Path(data), split, labels=labels, access=access)
    else:
        check_kind(data)
        images = _open_kind(kind, str(data), split, labels=labels, access=access)
    images.limit = limit
    return images


def open_set(data: str | Path, split: str, *, access: Access = USUAL) -> ImageSet:
    """Open a split to train on or to measure with, as `open_images`; UserError for a stream.

    Of a folder or zip without splits, every tenth image of a class is held out.
    """
    if kind_of(data) is None:
        _check_usual(access)
        return LabelledImages(Path(data), split, hold_out=True)
    images = open_images(data, split, access=access)
    if not isinstance(images, ImageSet):
        raise UserError(f"{data} is a stream, and training needs random access; give hfds/… .")
    return images


def _open_folder(data: Path, split: str, *, labels: bool, access: Access) -> Images:
    _check_usual(access)
    if split not in ("train", "val"):
        raise UserError(f"--split {split} is of another kind of data set; give train or val.")
    return LabelledImages(data, split, labelled=labels)


def _check_usual(access: Access) -> None:
    if access != USUAL:
        raise UserError(
            "--root, --download and --columns are about data sets such as torch/cifar10; a folder "
            "or zip has none of them."
        )


def _open_kind(kind: str, data: str, split: str, *, labels: bool, access: Access) -> Images:
    """Open a data set of a kind; its modules are imported here, as each needs a package."""
    root, columns = access.root, access.columns
    if access.download and kind not in ("torch", "tfds"):
        raise UserError(f"--download is for torch/… and tfds/…; {data} needs none.")
    if kind == "torch":
        from seviz.photos.torchvision_sets import TorchvisionImages

        return TorchvisionImages(data, split, root=root, download=access.download, labelled=labels)
    if kind == "wds":
        from seviz.photos.web_shards import WebShards

        return WebShards(data, split, root=root, columns=columns, labelled=labels)
    if kind == "tfds":
        from seviz.photos.tensorflow_sets import TensorflowImages

        return TensorflowImages(
            data, split, root=root, download=access.download, columns=columns, labelled=labels
        )
    from seviz.photos.hugging_face import HuggingFaceImages, HuggingFaceStream

    opened = HuggingFaceImages if kind == "hfds" else HuggingFaceStream
    return opened(data, split, root=root, columns=columns, labelled=labels)
