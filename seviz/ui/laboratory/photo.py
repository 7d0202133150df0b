"""The photograph that the laboratory looks at: the one of “Explore”, or else an example."""

from PIL import Image

from seviz.errors import UserError
from seviz.ui.parts.photo_field import examples
from seviz.ui.parts.upload import EXAMPLE, read_marked

OWN = "your photograph"


def photograph(given: Image.Image | UserError | None) -> tuple[Image.Image, str]:
    """Return what “Explore” was given or the first example, and what people call it.

    Raises the UserError that the field holds where the file was no picture.
    """
    if isinstance(given, UserError):
        raise given
    if given is None:
        given = read_marked(examples()[0])
    shows = given.info.get(EXAMPLE)
    return given, f"the example photograph of {shows}" if shows else OWN
