"""The app's own folder, for uploads and for what it serves; it is removed when the app ends.

Gradio's, one for all users of a machine, belongs to whoever started an app first, and nobody else
can write there. And a file served from where it was installed would tell strangers where that is.
"""

import os
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from seviz.errors import UserError


@cache
def _own_folder() -> "TemporaryDirectory[str]":
    """Make the folder, in which Gradio keeps uploads unless GRADIO_TEMP_DIR names another."""
    try:
        folder = TemporaryDirectory(prefix="seviz-", ignore_cleanup_errors=True)
        served = Path(folder.name) / "served"
        served.mkdir()
        Path(folder.name, "private").mkdir()
    except OSError as error:
        raise UserError(
            "No folder for temporary files can be written; name one in the variable TMPDIR."
        ) from error
    if not os.environ.get("GRADIO_TEMP_DIR"):
        os.environ["GRADIO_TEMP_DIR"] = str(Path(folder.name) / "uploads")
    import gradio as gr  # it reads the variable while it is imported

    # Served as they are: a copy in Gradio's cache would be deleted after an hour, like an upload,
    # while an open page still links to it.
    gr.set_static_paths([served])
    return folder


def served_folder() -> Path:
    """Return the folder whose files are served; UserError where none can be made."""
    return Path(_own_folder().name) / "served"


def private_folder() -> Path:
    """Return the folder whose files are not served; UserError where none can be made."""
    return Path(_own_folder().name) / "private"


def serve(file: Path) -> Path:
    """Copy a file into the folder whose files are served, and return the copy's path."""
    copy = served_folder() / file.name
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        raise UserError(f"{file} can't be copied to {copy}; is the disk full?") from error
    return copy
