"""The photograph that the laboratory looks at: the one of “Explore”, or else an example."""

from pathlib import Path

from gradio.processing_utils import save_file_to_cache
from PIL import Image

from seviz.errors import UserError
from seviz.photos.read import read_photo
from seviz.ui.parts.photo_field import examples
from seviz.ui.parts.upload import PhotoUpload


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


def example_to_show(field: PhotoUpload) -> str:
    """Return the path of the first example for a field: a copy, as Gradio shows no package's file.

    A handler must return it, not yield it: what a generator gives an image field, Gradio takes for
    another photograph again and again, and the page would ask for answers without end.
    """
    path: str = save_file_to_cache(examples()[0], field.GRADIO_CACHE)
    return path
