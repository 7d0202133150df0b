import asyncio
from pathlib import Path

import gradio as gr
import pytest
from gradio.data_classes import ImageData
from PIL import Image

from seviz.errors import UserError
from seviz.ui.parts.upload import EXAMPLE, SERVED, PhotoUpload, refusal, refuse_addresses


def test_an_upload_is_decoded_by_read_photo(tmp_path: Path):
    picture = Image.new("RGB", (2, 1))
    picture.putpixel((0, 0), (255, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    picture.save(tmp_path / "a.png", exif=exif)
    with gr.Blocks():
        upload = PhotoUpload()
    got = upload.preprocess(ImageData(path=str(tmp_path / "a.png")))
    assert got.getpixel((1, 0)) == (255, 0, 0)
    assert upload.preprocess(None) is None


def test_an_example_says_what_it_shows_and_an_upload_does_not(tmp_path: Path):
    with gr.Blocks():
        upload = PhotoUpload()
    lion = SERVED["lion"]
    assert upload.preprocess(ImageData(path=str(lion))).info[EXAMPLE] == "a lion"
    (tmp_path / "lion.jpg").write_bytes(lion.read_bytes())
    assert upload.preprocess(ImageData(path=str(tmp_path / "lion.jpg"))).info[EXAMPLE] is None


def test_a_bad_upload_is_its_reason(tmp_path: Path):
    (tmp_path / "a.png").write_text("hello")
    with gr.Blocks():
        upload = PhotoUpload()
    text = upload.preprocess(ImageData(path=str(tmp_path / "a.png")))
    address = upload.preprocess(ImageData(url="data:image/png;base64,AAAA"))
    gone = upload.preprocess(ImageData(path=str(tmp_path / "gone.png")))
    assert "upload it (again)" in str(gone)
    assert "not a picture" in str(text)
    assert "upload the photograph's file" in str(address)


def test_addresses_are_not_fetched():
    with gr.Blocks():
        upload = PhotoUpload()
    moving = upload.async_move_resource_to_block_cache("http://127.0.0.1:9/a.png")
    with pytest.raises(gr.Error, match="Addresses are not fetched"):
        moving.send(None)  # refused before anything is awaited


def test_refusals_are_shown_without_a_traceback_in_the_log():
    error = refusal(UserError("One sentence."))
    assert (error.message, error.print_exception) == ("One sentence.", False)


def test_another_component_can_be_kept_from_fetching_addresses(tmp_path: Path):
    kept: list[object] = []

    class Component:
        async def async_move_resource_to_block_cache(self, given: object) -> str:
            kept.append(given)
            return "moved"

    component = Component()
    refuse_addresses(component)
    for address in ("http://127.0.0.1:9/a.png", "https://127.0.0.1/a.png"):
        with pytest.raises(gr.Error, match="Addresses are not fetched; save the photograph"):
            asyncio.run(component.async_move_resource_to_block_cache(address))
    assert kept == []
    assert asyncio.run(component.async_move_resource_to_block_cache("/a.png")) == "moved"
    assert kept == ["/a.png"]
