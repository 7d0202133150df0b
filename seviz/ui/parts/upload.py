"""The upload field: Gradio's image component with seviz's own decoder behind it."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gradio as gr
from gradio.data_classes import ImageData
from gradio.utils import get_upload_folder
from gradio_client.utils import is_http_url_like
from PIL import Image

from seviz.errors import UserError
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import read_file
from seviz.ui.parts.own_folder import serve

# Uploads are deleted after an hour, and so are the results in a page that stays open.
EXAMPLE = "example"  # the key in a photograph's `info` under which an example says what it shows
SERVED = {example.name: serve(example.path) for example in EXAMPLES if example.path.exists()}
SHOWN = {SERVED[e.name]: e.shows for e in EXAMPLES if e.name in SERVED}
UPLOADED = "/gradio_api/file="  # in the address that the app gives an upload, before its path
GONE = UserError("This photograph is no longer here, or there is none yet; upload it (again).")


def refusal(error: UserError) -> gr.Error:
    """Turn a sentence for people into the error that API clients get."""
    return gr.Error(str(error), title="Sorry", print_exception=False)


def refuse_addresses(component: Any) -> None:
    """Keep a component from fetching URLs: Gradio would, without a limit on the size."""
    keep = component.async_move_resource_to_block_cache

    async def move(url_or_file_path: Any) -> str | None:
        _check_no_address(url_or_file_path)
        moved: str | None = await keep(url_or_file_path)
        return moved

    component.async_move_resource_to_block_cache = move


def take_uploads_alone(component: Any) -> None:
    """Keep a component from fetching URLs, but for the address that this app gave an upload.

    Clients of MCP send files so: they have no place for the path of an upload.
    """
    refuse_addresses(component)
    refuse = component.async_move_resource_to_block_cache

    async def move(url_or_file_path: Any) -> str | None:
        address = str(url_or_file_path)
        _, mark, path = address.partition(UPLOADED) if is_http_url_like(address) else ("",) * 3
        uploaded = uploaded_file(unquote(path)) if mark else None
        moved: str | None = str(uploaded) if uploaded else await refuse(url_or_file_path)
        return moved

    component.async_move_resource_to_block_cache = move


def uploaded_file(path: str) -> Path | None:
    """Return the file of a path; None where it is not one that was uploaded."""
    with suppress(OSError, ValueError):  # a path no system takes is none of an upload
        resolved, uploads = Path(path).resolve(), Path(get_upload_folder()).resolve()
        if resolved.is_relative_to(uploads) and resolved.is_file():
            return resolved
    return None


def _check_no_address(url_or_file_path: Any) -> None:
    if isinstance(url_or_file_path, str) and is_http_url_like(url_or_file_path):
        raise refusal(UserError("Addresses are not fetched; save the photograph and send it."))


class PhotoUpload(gr.Image):  # type: ignore[misc]
    """An image field that decodes untrusted files by `read_file` and takes no URLs.

    Gradio's own decoding ignores EXIF rotation or clips 16-bit images, and lets SVG through. Its
    components must keep the parent's __init__, whose signature defines what the browser receives.
    """

    is_template = True  # keeps the stock front end, "image"

    async def async_move_resource_to_block_cache(self, url_or_file_path: Any) -> str | None:
        """Refuse addresses; keep files."""
        _check_no_address(url_or_file_path)
        moved: str | None = await super().async_move_resource_to_block_cache(url_or_file_path)
        return moved

    def preprocess(self, payload: ImageData | None) -> Image.Image | UserError | None:
        """Decode the uploaded file to RGB, or return the reason why it can't be decoded.

        The reason is returned, not raised: an error would lie over the results that are there.
        """
        if payload is None:
            return None
        if payload.path is None:
            return UserError("Data addresses are not read; upload the photograph's file.")
        path = Path(payload.path)
        try:
            return read_marked(path) if path.is_file() else GONE
        except UserError as error:
            return error


def read_marked(path: Path) -> Image.Image:
    """Read a photograph; an example says in its `info`, under EXAMPLE, what it shows.

    UserError where it can't be read.
    """
    photo = read_file(path, path.name)  # the server's folders are not told
    photo.info[EXAMPLE] = SHOWN.get(path)
    return photo
