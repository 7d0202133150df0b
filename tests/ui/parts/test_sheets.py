import json
import re

import numpy as np
import pytest

from seviz.pictures import overview
from seviz.ui.parts import sheets
from seviz.zoo.catalogue import find


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a sheet of SE_2_1, of 40 gates, for the embedded network."""
    monkeypatch.setattr(overview, "SHIPPED", tmp_path)
    pixels = np.zeros((40, 64, 64, 3), np.uint8)
    data = overview.sheet_bytes(
        find("embedded"), "SE_2_1", pixels, s=np.linspace(0, 1, 40), steps=3
    )
    (tmp_path / "SE_2_1.webp").write_bytes(data)
    (tmp_path / "SE_2_2.webp").write_bytes(b"no sheet")
    return tmp_path


def test_the_browser_is_told_where_the_pictures_of_each_block_are(folder):
    told = json.loads(sheets.sheets("embedded"))
    assert list(told) == ["SE_2_1"]
    url, *sizes = told["SE_2_1"]
    assert sizes == [64, 64, 32, 40]
    assert url.startswith("gradio_api/file=")
    assert str(folder) not in url


def test_a_gates_picture_is_cut_out_of_the_sheet_with_its_s(folder):
    shown = str(sheets.picture("embedded", "SE_2_1", 33))
    assert "-64px -64px" in shown
    assert "s = 0.846 there" in shown
    assert re.search(r'aria-label="Picture made to open SE_2_1\[33\]"', shown)


@pytest.mark.parametrize("gate", [("SE_2_1", 40), ("SE_2_2", 0), ("SE_2_3", 0)])
def test_a_gate_without_a_picture_shows_nothing(folder, gate):
    assert not sheets.picture("embedded", *gate)


def test_a_network_without_sheets_has_none(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert sheets.sheets("seresnet50.a1_in1k") == "{}"


def test_a_sheet_that_is_drawn_anew_is_read_anew(folder):
    assert sheets.overview("embedded", "SE_2_2") is None
    data = (folder / "SE_2_1.webp").read_bytes()
    (folder / "SE_2_2.webp").write_bytes(data)
    assert sheets.overview("embedded", "SE_2_2") is not None
