import io

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.passes import dispatch
from seviz.pictures import overview
from seviz.pictures.overview import draw_overview, folder_of, read_overview
from seviz.watch import Stopped, Watch
from seviz.zoo.catalogue import find


@pytest.fixture(scope="module")
def source():
    return find("embedded")


@pytest.fixture(scope="module")
def site():
    return dispatch.ZOO.get("embedded").probe.sites[0]


@pytest.fixture(scope="module")
def made(source, site, tmp_path_factory):
    return draw_overview(source, site, tmp_path_factory.mktemp("sheets"), steps=1)


def test_a_sheet_has_a_picture_for_each_gate_in_its_place(made, site):
    assert (made.site, len(made.s), made.steps) == ("SE_2_1", site.channels, 1)
    with Image.open(made.file) as sheet:
        assert sheet.format == "WEBP"
        assert sheet.size == (32 * 64, 2 * 64)
    assert (made.height, made.width, made.columns) == (64, 64, 32)
    assert [file.name for file in made.file.parent.iterdir()] == ["SE_2_1.webp"]


def test_a_stopped_run_keeps_its_batches_and_is_continued(
    source, site, made, tmp_path, monkeypatch
):
    drawn = []
    ask = overview.ask

    def stopping(task, *args, **known):
        if len(drawn) == 2:
            raise Stopped
        drawn.append(args[1].task.channels)
        return ask(task, *args, **known)

    monkeypatch.setattr(overview, "ask", stopping)
    with pytest.raises(Stopped):
        draw_overview(source, site, tmp_path, steps=1)
    assert len(list(tmp_path.glob("*.safetensors"))) == 2
    drawn.clear()
    monkeypatch.setattr(overview, "ask", ask)
    watch = Watch()
    again = draw_overview(source, site, tmp_path, steps=1, watch=watch)
    watch.close()
    assert watch.share == 1.0
    np.testing.assert_array_equal(again.s, made.s)
    assert again.file.read_bytes() == made.file.read_bytes()


def test_pictures_lie_in_order_and_large_ones_are_made_smaller(source, tmp_path):
    pixels = np.repeat(np.arange(40, dtype=np.uint8) * 6, 100 * 80 * 3).reshape(40, 100, 80, 3)
    data = overview.sheet_bytes(source, "SE_9_9", pixels, s=np.linspace(0, 1, 40), steps=7)
    file = tmp_path / "SE_9_9.webp"
    file.write_bytes(data)
    found = read_overview(file, source)
    assert (found.height, found.width, found.steps) == (64, 51, 7)
    np.testing.assert_allclose(found.s, np.linspace(0, 1, 40), atol=1e-4)
    with Image.open(io.BytesIO(data)) as sheet:
        for channel in (0, 17, 33, 39):
            x, y = found.place(channel)
            middle = sheet.convert("L").getpixel((x + 25, y + 32))
            assert abs(middle - 6 * channel) <= 3


@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_a_file_that_is_no_sheet_is_none(source, tmp_path, content):
    file = tmp_path / "SE_2_1.webp"
    if content is None:
        Image.new("RGB", (4, 4)).save(file)
    else:
        file.write_bytes(content)
    assert read_overview(file, source) is None


def test_a_sheet_of_other_weights_is_none(made):
    assert read_overview(made.file, find("seresnet50.a1_in1k")) is None


def test_the_embedded_networks_sheets_are_shipped_and_others_are_kept(
    source, monkeypatch, tmp_path
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    other = find("seresnet50.a1_in1k")
    assert folder_of(source) == overview.SHIPPED
    assert folder_of(other).parent == tmp_path / "seviz" / "pictures"


def test_a_folder_that_cant_be_made_is_a_sentence(source, site, tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UserError, match="name another folder"):
        draw_overview(source, site, file / "sheets", steps=1)
