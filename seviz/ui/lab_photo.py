"""The photograph that the laboratory looks at: the one of “Explore”, or else an example."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

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


@contextmanager
def example_to_show() -> Iterator[str]:
    """Lend the path of a copy of the first example, as Gradio copies no file of a package."""
    with TemporaryDirectory() as folder:
        yield shutil.copy(examples()[0], folder)
