import asyncio
from pathlib import Path

import gradio as gr
import pytest
from gradio.data_classes import FileData, ListFiles

from seviz.ui.parts.sent_files import SENT, delete, files_field


def test_files_are_passed_on_with_the_names_of_their_sender():
    with gr.Blocks():
        field = files_field()
    one = FileData(path="/tmp/1.photo", orig_name="a\x1b" * 60)
    (path, name), (_, other) = field.preprocess(ListFiles([one, FileData(path="/tmp/2.photo")]))
    assert path == Path("/tmp/1.photo")
    assert name.isprintable()
    assert len(name) <= 80
    assert other == "2.photo"
    assert field.preprocess(None) == []
    assert [path for path, _ in field.preprocess(one)] == [path]


def test_a_file_stays_where_it_is_and_an_address_is_not_fetched():
    with gr.Blocks():
        field = files_field()
    move = field.async_move_resource_to_block_cache
    assert asyncio.run(move("/tmp/1.photo")) == "/tmp/1.photo"
    with pytest.raises(gr.Error, match="Addresses are not fetched"):
        asyncio.run(move("http://127.0.0.1:9/gradio_api/file=/tmp/1.photo"))


def test_files_that_have_gone_are_deleted_too(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"a")
    delete([(tmp_path / "a", "a"), (tmp_path / "b", "b")])
    assert not (tmp_path / "a").exists()
    assert "window.seviz.sent" in SENT
