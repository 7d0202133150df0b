"""The data sets and the many photographs that networks are asked about, as people give them."""

import os
from collections.abc import Sequence
from pathlib import Path

from seviz.errors import UserError
from seviz.photos.collect import collect, collect_path, in_set
from seviz.photos.given import Given, GivenImages
from seviz.photos.kinds import data_title, kind_of
from seviz.photos.loader import Images
from seviz.photos.sources import USUAL, Access, open_images
from seviz.records.collection import Photographs
from seviz.watch import Watch

DataSet = str | os.PathLike[str] | Given
ManyPhotos = str | os.PathLike[str] | Given  # a folder or zip, or what has photographs


def open_data(
    data: DataSet,
    split: str,
    *,
    labels: bool,
    limit: int | None,
    known: Sequence[str],
    access: Access = USUAL,
) -> tuple[Images, str]:
    """Open a data set, and name it for people; UserError where it is none.

    The arguments are as of `Network.profile`; known: the names of the network's classes.
    """
    if isinstance(data, str | os.PathLike):
        named = data if isinstance(data, str) and kind_of(data) else Path(data)
        images = open_images(named, split, labels=labels, limit=limit, access=access)
        return images, data_title(named, images.part, limit)
    if not _has_photographs(data):
        raise UserError(
            "A data set is a folder, a zip, a name such as wds/PATH, a list of photographs, or a "
            f"data set of torch that has a length, not {type(data).__name__}."
        )
    if limit is not None and limit < 1:
        raise UserError(f"limit is {limit}; give a number of images, 1 or more.")
    name = _name(data)
    title = data_title(name, "", limit) if limit else name
    given = GivenImages(data, title, labels=known, labelled=labels)
    given.limit = limit
    return given, title


def read_photographs(data: ManyPhotos, *, watch: Watch | None = None) -> tuple[Photographs, str]:
    """Read the photographs by which two networks' gates are compared, and name them for people.

    Of many, as many are taken as are compared. UserError where there are none.
    """
    from seviz.analysis.cka import MOST

    if isinstance(data, str | os.PathLike):
        if not Path(data).exists():
            raise UserError(f"{data} does not exist; give a folder or zip of photographs.")
        return collect_path(Path(data), MOST, watch=watch), Path(data).name
    if not _has_photographs(data):
        raise UserError(
            "data is a folder or zip of photographs, a list of photographs, or a data set of torch "
            f"that has a length, not {type(data).__name__}."
        )
    images = GivenImages(data, _name(data), labels=(), labelled=False)
    return collect(in_set(images, MOST), name="{}", watch=watch), _name(data)


def _has_photographs(data: object) -> bool:
    return hasattr(data, "__len__") and hasattr(data, "__getitem__")


def _name(data: object) -> str:
    return "photographs of a list" if isinstance(data, list | tuple) else type(data).__name__
