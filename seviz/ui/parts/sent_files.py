"""Files that the browser sends on its own (`send.js`), and what passes them on to a handler.

Gradio's own field sends all files in one request, with one limit for all fields of the app.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData, ListFiles

from seviz.phrases import brief
from seviz.ui.parts.upload import refuse_addresses

SENT = "(...values) => [window.seviz.sent ?? null, ...values.slice(1)]"
Uploaded = tuple[Path, str]  # a file, and the name that its sender knows it by


class SentFiles(gr.File):  # type: ignore[misc]
    """What the browser passes on of files that it has sent: where they are, and their names."""

    is_template = True  # keeps the stock front end, "file"

    async def async_move_resource_to_block_cache(self, url_or_file_path: Any) -> str | None:
        """Leave a file where it is: it is read once, and deleted."""
        return str(url_or_file_path)

    def preprocess(self, payload: ListFiles | FileData | None) -> list[Uploaded]:
        """Return the files; Gradio has checked that they were uploaded."""
        files = payload.root if isinstance(payload, ListFiles) else [payload] if payload else []
        return [(Path(file.path), brief(file.orig_name or Path(file.path).name)) for file in files]


def files_field() -> SentFiles:
    """Make the field that nobody sees, which takes what the browser has sent."""
    field = SentFiles(file_count="multiple", visible=False)
    refuse_addresses(field)
    return field


def delete(files: Iterable[Uploaded]) -> None:
    """Delete files that were uploaded, those that are there still."""
    for path, _ in files:
        with suppress(OSError):
            path.unlink(missing_ok=True)
