"""Photographs of a list, or of a data set of torch, as a data set."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from seviz.errors import UserError
from seviz.photos.image_set import EVERY, ImageSet
from seviz.photos.read import as_rgb, read_file
from seviz.photos.stored import Stored


class Given(Protocol):
    """What has a length and gives photographs by position, each alone or with its class."""

    def __len__(self) -> int:
        """Count the photographs."""

    def __getitem__(self, i: int, /) -> Any:
        """Return a photograph, or a photograph and the number of its class."""


class GivenImages(ImageSet):
    """Photographs that a script has: each a picture, an array, a path or the bytes of a file."""

    def __init__(
        self, images: Given, title: str, *, labels: Sequence[str], labelled: bool = True
    ) -> None:
        """Take photographs; they have classes where the first comes as a pair, unless `labelled`.

        title: of the data set, for people; labels: the names of the classes where it names none.
        UserError where there is no photograph.
        """
        if not len(images):
            raise UserError("There is no photograph in this data set; give one or more.")
        self._images = images
        self._labelled = labelled and isinstance(images[0], tuple)
        named = getattr(images, "classes", None) or labels
        super().__init__(title, "", [*map(str, named)] if self._labelled else (EVERY,))

    def __len__(self) -> int:
        """Count the photographs."""
        return len(self._images)

    def stored(self, i: int) -> Stored:
        """Return photograph i; UserError where it is none, or its class has no such number."""
        item = self._images[i]
        photo, label = item[:2] if isinstance(item, tuple) else (item, 0)
        if isinstance(photo, str | os.PathLike):
            photo = read_file(Path(photo))
        elif not isinstance(photo, bytes):
            photo = as_rgb(photo)
        return Stored(photo, self._label(label), self.name(i))

    def _label(self, label: Any) -> int:
        if not self._labelled:
            return 0
        number = int(label)
        if not 0 <= number < len(self.classes):
            raise UserError(
                f"Its class is {number}, and there are {len(self.classes)} classes, numbered from "
                "0; give the number of one."
            )
        return number
