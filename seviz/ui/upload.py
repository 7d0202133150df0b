"""The upload field: Gradio's image component with seviz's own decoder behind it."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import ImageData
from gradio_client.utils import is_http_url_like
from PIL import Image

from seviz.errors import UserError
from seviz.images import read_photo


def refusal(error: UserError) -> gr.Error:
    """Turn a sentence for people into the notice the page and the API show."""
    return gr.Error(str(error), title="Sorry", print_exception=False)


def refuse_addresses(component: Any) -> None:
    """Keep a component from fetching addresses: Gradio would, without a limit on the size."""
    keep = component.async_move_resource_to_block_cache

    async def move(url_or_file_path: Any) -> str | None:
        if isinstance(url_or_file_path, str) and is_http_url_like(url_or_file_path):
            raise refusal(UserError("Addresses are not fetched; save the photograph and send it."))
        moved: str | None = await keep(url_or_file_path)
        return moved

    component.async_move_resource_to_block_cache = move


class PhotoUpload(gr.Image):  # type: ignore[misc]
    """An image field that decodes untrusted files by `read_photo` and takes no addresses.

    Gradio's own decoding ignores EXIF rotation or clips 16-bit images, and lets SVG through.
    """

    is_template = True  # keeps the stock front end, "image"

    def __init__(self, **kwargs: Any) -> None:
        """Take gr.Image's arguments."""
        super().__init__(**kwargs)
        refuse_addresses(self)

    def preprocess(self, payload: ImageData | None) -> Image.Image | None:
        """Decode the uploaded file to RGB; a gr.Error with one sentence where it can't be."""
        if payload is None:
            return None
        if payload.path is None:
            raise refusal(UserError("Data addresses are not read; upload the photograph's file."))
        try:
            return read_photo(Path(payload.path))
        except UserError as error:
            raise refusal(error) from error
