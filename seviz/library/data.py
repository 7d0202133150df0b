"""The data set that a network is profiled on, as people give it."""

import os
from collections.abc import Sequence
from pathlib import Path

from seviz.errors import UserError
from seviz.photos.given import Given, GivenImages
from seviz.photos.kinds import data_title, kind_of
from seviz.photos.loader import Images
from seviz.photos.sources import open_images

DataSet = str | os.PathLike[str] | Given


def open_data(
    data: DataSet, split: str, *, labels: bool, limit: int | None, known: Sequence[str]
) -> tuple[Images, str]:
    """Open a data set, and name it for people; UserError where it is none.

    The arguments are as of `Network.profile`; known: the names of the network's classes.
    """
    if isinstance(data, str | os.PathLike):
        named = data if isinstance(data, str) and kind_of(data) else Path(data)
        images = open_images(named, split, labels=labels, limit=limit)
        return images, data_title(named, images.part, limit)
    if not (hasattr(data, "__len__") and hasattr(data, "__getitem__")):
        raise UserError(
            "A data set is a folder, a zip, a name such as wds/PATH, a list of photographs, or a "
            f"data set of torch that has a length, not {type(data).__name__}."
        )
    if limit is not None and limit < 1:
        raise UserError(f"limit is {limit}; give a number of images, 1 or more.")
    name = "photographs of a list" if isinstance(data, list | tuple) else type(data).__name__
    title = data_title(name, "", limit) if limit else name
    given = GivenImages(data, title, labels=known, labelled=labels)
    given.limit = limit
    return given, title
