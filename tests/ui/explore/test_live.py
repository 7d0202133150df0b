"""The tab “Live”, without a browser or a camera."""

import base64
import json
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.figures import style
from seviz.figures.live import colour_table
from seviz.passes.answer_cache import VISITOR
from seviz.passes.dispatch import ANSWERS, ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN
from seviz.reference.recorded import recorded_for
from seviz.ui import app
from seviz.ui.explore.live import tab as live
from seviz.ui.explore.live.frames import MOST, Frame, number_of, side_for
from seviz.ui.explore.live.layout import Camera
from seviz.ui.parts.columns import side_by_side
from seviz.ui.parts.visits import Visits
from seviz.words.live import too_large_words

SIDE = 128
REQUEST = SimpleNamespace(request=SimpleNamespace(client=None, headers={}))


@pytest.fixture(scope="module")
def handlers() -> live.Handlers:
    demo = app.build()
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, live.Handlers))


def square(photo: Image.Image) -> Image.Image:
    return photo.convert("RGB").resize((SIDE, SIDE))


def sent(image: Image.Image, number: int = 7) -> dict:
    """What the browser sends of a picture."""
    pixels = base64.b64encode(image.tobytes()).decode()
    return {"number": number, "side": image.width, "pixels": pixels}


def event(data: object) -> SimpleNamespace:
    return SimpleNamespace(_data=data)


def answered(handlers, data, *, model="embedded", arm="static", gate=("SE_4_6", 17)) -> dict:
    (said,) = handlers.answer(event(data), model, arm, *gate).values()
    return said


def test_a_frame_is_answered_as_its_photograph_would_be(handlers, photo):
    arms = [INTACT, STATIC]
    recorded = recorded_for("embedded", arms)
    record = ask(trace, "embedded", square(photo), arms, recorded=recorded)
    said = answered(handlers, sent(square(photo)))
    assert (said["number"], said["side"], said["scale"]) == (7, 128, [0.0, 1.0])
    assert said["answers"] == side_by_side(record)
    assert said["blocks"] == [[site.name, site.channels] for site in record.sites]
    gates = np.concatenate([of[0] for of in record.s.values()])
    drawn = np.frombuffer(base64.b64decode(said["levels"]), np.uint8) / 255
    np.testing.assert_allclose(drawn, gates, atol=0.5 / 255 + 1e-6)
    assert base64.b64decode(said["colours"]) == colour_table(style.GATES)
    assert said["gate"]["s"] == [float(record.s["SE_4_6"][row, 17]) for row in (0, 1)]
    assert said["gate"]["name"] == "s of SE_4_6[17]"
    assert said["gate"]["arms"] == ["arm-intact", "arm-static"]
    assert said["gate"]["of"] == ["embedded", "intact", "static", "SE_4_6", 17]
    assert json.loads(Camera().postprocess(said))["number"] == 7


def test_the_twin_has_no_line(handlers, photo):
    said = answered(handlers, sent(square(photo)), arm="twin")
    assert said["gate"]["s"][1] is None
    assert "arm-twin" in said["answers"]


@pytest.mark.parametrize("gate", [(None, None), ("layer9", 0), ("SE_2_1", 4096), ("SE_2_1", "x")])
def test_a_gate_of_another_network_gives_no_line_and_costs_no_answer(handlers, photo, gate):
    said = answered(handlers, sent(square(photo)), gate=gate)
    assert said["gate"] is None
    assert said["answers"]


PIXELS = base64.b64encode(bytes(3 * 16 * 16)).decode()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"number": 1, "side": 16},
        {"number": 1, "side": 16, "pixels": PIXELS[:-4]},
        {"number": 1, "side": 17, "pixels": PIXELS},
        {"number": 1, "side": 16.0, "pixels": PIXELS},
        {"number": 1, "side": True, "pixels": "AAAA"},
        {"number": 1, "side": 0, "pixels": ""},
        {"number": 1, "side": MOST + 1, "pixels": "A" * 4 * (MOST + 1) ** 2},
        {"number": 1, "side": 16, "pixels": "!" + PIXELS[1:]},
        {"number": 1, "side": 16, "pixels": "é" + PIXELS[1:]},
        {"number": 1, "side": 16, "pixels": PIXELS[:-4] + "AA=="},
        {"number": 1, "side": 16, "pixels": list(PIXELS)},
    ],
)
def test_what_is_no_frame_is_refused_in_one_sentence(handlers, data):
    with pytest.raises(UserError, match="no frame of the camera; start it anew"):
        Frame.read(data)
    said = answered(handlers, data)
    assert said == {"number": number_of(data), "refused": said["refused"]}
    assert "start it anew" in said["refused"]


def test_pixels_are_those_that_were_sent(photo):
    assert Frame.read(sent(square(photo))).image().tobytes() == square(photo).tobytes()


@pytest.mark.parametrize(
    ("data", "number"), [({"number": 3}, 3), ({"number": -1}, 0), ({"number": "3"}, 0), (None, 0)]
)
def test_a_number_that_is_none_is_nought(data, number: int):
    assert number_of(data) == number


@pytest.mark.parametrize(
    ("side", "expected"), [(64, 128), (224, 448), (299, 448), (480, 480), (2000, MOST)]
)
def test_squares_are_twice_as_large_as_the_input_but_not_very_large(side: int, expected: int):
    assert side_for((3, side, side - 1)) == expected


def test_an_unknown_network_is_refused_and_an_arm_it_lacks_is_the_usual_one(handlers, photo):
    assert "no_such" in answered(handlers, sent(square(photo)), model="no_such")["refused"]
    assert live.asked_arms("embedded", "twin") == [INTACT, TWIN]
    assert live.asked_arms("embedded", "no such arm") == [INTACT, STATIC]
    assert live.asked_arms("lab_vgg_se", "static")[1] in (IDENTITY, STATIC)


def test_where_a_gpu_is_lent_by_the_second_only_small_networks_are_live(monkeypatch):
    monkeypatch.setattr(live.device, "ZERO_GPU", True)
    assert live.asked_arms("embedded", "static") == [INTACT, STATIC]
    with pytest.raises(UserError) as refused:
        live.asked_arms("legacy_seresnet50", "identity")
    assert str(refused.value) == too_large_words(live.find("legacy_seresnet50").title)


def test_a_kept_frame_becomes_the_photograph_without_loss_and_counts_as_an_upload(
    handlers, photo, monkeypatch
):
    visits = Visits()
    monkeypatch.setattr(live, "VISITS", visits)
    kept = handlers.keep(event(sent(square(photo))), REQUEST)
    (path,) = next(kept).values()
    with Image.open(path) as image:
        assert (image.format, image.tobytes()) == ("PNG", square(photo).tobytes())
    kept.close()
    with pytest.raises(FileNotFoundError):
        Image.open(path)
    assert len(visits._uploads) == 1


def test_a_frame_that_is_none_is_not_kept(handlers, notices):
    assert list(handlers.keep(event({}), REQUEST)) == [gr.skip()]
    assert notices == ["This is no frame of the camera; start it anew."]


def test_frames_leave_nothing_in_memory(handlers, photo):
    before = VISITOR.set("a page with a camera")
    try:
        answered(handlers, sent(square(photo)))
        kept = ANSWERS.bytes
        for number in range(3):
            frame = square(photo.rotate(5 * number))
            answered(handlers, sent(frame, number))
        assert ANSWERS.bytes == kept
    finally:
        VISITOR.reset(before)
