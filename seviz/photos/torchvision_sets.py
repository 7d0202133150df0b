"""Data sets of torchvision, as `timm.data.create_dataset` opens them, and its Imagenette."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

from seviz.errors import UserError
from seviz.photos.image_set import EVERY, ImageSet
from seviz.photos.stored import Stored
from seviz.phrases import first_line

IMAGENETTE = {  # by name: torchvision's size
    "imagenette": "full",
    "imagenette-320px": "320px",
    "imagenette-160px": "160px",
}


class TorchvisionImages(ImageSet):
    """Images of torchvision's data sets, such as torch/cifar10."""

    def __init__(
        self,
        data: str,
        split: str,
        *,
        root: Path | None,
        download: bool = False,
        labelled: bool = True,
    ) -> None:
        """Open a data set in the folder `root`; UserError where it is not there, or not whole."""
        self._images = _open(data, split, root=root, download=download)
        self._labelled = labelled
        super().__init__(data, split, _classes(self._images) if labelled else (EVERY,))
        # Where the set has files, their bytes are decoded as uploads are.
        if hasattr(self._images, "loader"):
            self._images.loader = _read

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._images)

    def stored(self, i: int) -> Stored:
        """Return image i as it is stored; UserError where its file can't be read."""
        try:
            content, label = self._images[i]
        except OSError as error:
            raise UserError("The file cannot be read: check its rights.") from error
        assert isinstance(content, bytes | Image.Image)
        return Stored(content, int(label) if self._labelled else 0, self.name(i))

    def name(self, i: int) -> str:
        """Return an image's path in the data set, or its position where it has no file."""
        for samples in ("samples", "imgs", "_samples"):
            with suppress(AttributeError):
                return "/".join(Path(getattr(self._images, samples)[i][0]).parts[-3:])
        return super().name(i)


def _read(path: str) -> bytes:
    """Leave a file as it is, in the place of torchvision's loader."""
    return Path(path).read_bytes()


def _open(data: str, split: str, *, root: Path | None, download: bool) -> Any:
    if root is None:
        raise UserError(f"{data} lies in a folder, or is downloaded into one; name it by --root.")
    name = data.partition("/")[2].lower()
    make = _imagenette if name in IMAGENETTE else _of_timm
    try:
        return make(name, split, root=root, download=download)
    except AssertionError as error:  # timm's, of a name that it does not know
        raise UserError(
            f"{data} is not a data set of torchvision that timm opens; give cifar10, cifar100, "
            f"mnist, fashion_mnist, imagenet, places365, inaturalist or {next(iter(IMAGENETTE))}."
        ) from error
    except (RuntimeError, OSError, ValueError) as error:
        hint = "" if download else "; --download fetches it"
        why = first_line(str(error)).rstrip(".")
        raise UserError(f"{data} can't be opened in {root}{hint} ({why}).") from error


def _imagenette(name: str, split: str, *, root: Path, download: bool) -> Any:
    from torchvision.datasets import Imagenette

    split = split if split == "train" else "val"
    return Imagenette(root, split, size=IMAGENETTE[name], download=download)


def _of_timm(name: str, split: str, *, root: Path, download: bool) -> Any:
    from timm.data import create_dataset

    return create_dataset(f"torch/{name}", root=str(root), split=split, download=download)


def _classes(images: Any) -> tuple[str, ...]:
    """Return the names of classes: WordNet ids where there are some, else the first name of each.

    UserError where the data set numbers its classes alone.
    """
    names = getattr(images, "wnids", None) or getattr(images, "classes", None)
    if names is None:
        names = getattr(images, "all_categories", None)
    if not names:
        raise UserError("The data set does not name its classes; give --labels none.")
    return tuple(name if isinstance(name, str) else str(name[0]) for name in names)
