from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from seviz import limits
from seviz.errors import UserError
from seviz.limits import Limit
from seviz.ui.api.arguments import (
    arm_texts,
    counted,
    flag,
    key,
    no_file,
    opened,
    refusing,
    text,
    texts,
)


def test_a_sentence_becomes_the_error_that_clients_get():
    with pytest.raises(gr.Error, match="no network “nonsense”"), refusing():
        key("nonsense")
    with pytest.raises(ValueError, match="other"), refusing():
        raise ValueError("other")
    assert key("seresnet50_slim") == "embedded"


def test_a_number_of_things_is_a_whole_number_from_one():
    assert counted("top", "channels", 256, limit=limits.TOP) == 256
    for number in (0, -1, 1.5, "3", None, True, float("nan")):
        with pytest.raises(UserError, match=f"top is {number}; give a number of channels: a whole"):
            counted("top", "channels", number, limit=limits.TOP)
    with pytest.raises(UserError, match=r"At most 256 channels .* \(top\); top is 257\."):
        counted("top", "channels", 257, limit=limits.TOP)


def test_a_list_of_texts_is_a_list():
    two = Limit("two", 2, "names")
    assert texts("arms", ["a", "1"], most=two) == ["a", "1"]
    with pytest.raises(UserError, match=r"At most 2 names; these are 3\."):
        texts("arms", ["a", "1", "b"], most=two)
    with pytest.raises(UserError, match=r"At most 200 characters in a name; one has 201\."):
        texts("arms", ["a", "b" * 201], most=two)
    for given in ("intact", 3, None, {"a": 1}, ["a", 1], [["a"]]):
        with pytest.raises(UserError, match="arms is a list of names, such as"):
            texts("arms", given, most=two)


def test_a_yes_or_no_is_no_text():
    assert (flag("arrays", True), flag("arrays", False)) == (True, False)
    for given in ("false", 0, None, float("nan"), [None]):
        with pytest.raises(UserError, match=r"arrays is .*; give true or false"):
            flag("arrays", given)


def test_a_text_may_be_a_number():
    assert (text("target", "lion"), text("target", 7), text("target", "")) == ("lion", "7", "")
    for given in (None, True, 0.5, ["a"], {}):
        with pytest.raises(UserError, match=r"target is .*; give a text"):
            text("target", given)
    with pytest.raises(UserError, match=r"At most 200 characters in a name; target has 201\."):
        text("target", "a" * 201)


def test_arms_have_limits_each_and_together():
    assert arm_texts(["intact", "half: SE_4*=0.5"]) == ["intact", "half: SE_4*=0.5"]
    many = "; ".join(["SE_4*=0.5"] * 100)
    for given, says in (
        (["intact"] * 33, "At most 32 arms in one question; these are 33"),
        ([f"a: {many}", f"b: {many}; all=1"], "At most 200 edits of gates .* these are 201"),
        (["a" * 10_001], "At most 10,000 characters in the text of an arm; one has 10,001"),
        (["resample@/etc/passwd"], "names a file of the server"),
    ):
        with pytest.raises(UserError, match=says):
            arm_texts(given)


def test_edits_must_not_name_a_file_of_the_server():
    assert no_file("SE_4_6=0") == "SE_4_6=0"
    for edits in ("resample@/etc/passwd", "mix(0.5,resample@a)", "a: resample@b"):
        with pytest.raises(UserError, match="names a file of the server"):
            no_file(edits)


@pytest.fixture
def uploads() -> Path:
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_an_uploaded_file_is_read(uploads: Path):
    path = uploads / "seviz-test.png"
    Image.new("RGB", (3, 2), "teal").save(path)
    try:
        assert opened({"path": str(path)}).size == (3, 2)
    finally:
        path.unlink()


def test_nothing_but_an_uploaded_file_is_read(uploads: Path, tmp_path: Path):
    outside = tmp_path / "photo.png"
    Image.new("RGB", (3, 2)).save(outside)
    link = uploads / "seviz-link.png"
    link.symlink_to(outside)
    given: list[Any] = [None, "a.png", {}, {"path": None}, {"path": str(outside)}]
    given += [{"path": str(uploads)}, {"path": str(uploads / "nothing.png")}]
    given += [{"path": f"{uploads}/../photo.png"}, {"path": "a\0b"}, {"path": str(link)}]
    try:
        for photo in given:
            with pytest.raises(UserError, match="photo is an uploaded file; gradio_client's"):
                opened(photo)
    finally:
        link.unlink()
