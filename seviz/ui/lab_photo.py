"""The photograph that the laboratory looks at: the one of “Explore”, or else an example."""

from pathlib import Path

from PIL import Image

from seviz.errors import UserError
from seviz.images import read_photo
from seviz.ui.layout import examples


def photograph(given: Image.Image | UserError | None) -> tuple[Image.Image, str]:
    """Return what “Explore” was given or the first example, and what people call it.

    Raises the UserError that the field holds where the file was no picture.
    """
    if isinstance(given, UserError):
        raise given
    if given is None:
        path: Path = examples()[0]
        return read_photo(path), f"the example “{path.stem}”"
    return given, "your photograph"
