from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from made import made_trace

from seviz.answers.pictures import Made
from seviz.pictures import overview
from seviz.records.aims import OPEN, SHUFFLED, TRAINED
from seviz.records.pictures import Baselines, Overview, Pictures, PictureTask
from seviz.ui.gate.chosen import Shown
from seviz.ui.gate.pictures import html as pictures_html
from seviz.ui.gate.pictures import view
from seviz.ui.gate.pictures.layout import lay_out
from seviz.ui.gate.pictures.view import Handlers
from seviz.zoo import download
from seviz.zoo.catalogue import find


def pictures(weights: str = TRAINED) -> Pictures:
    task = PictureTask("SE_2_1", (3, 3), OPEN, (0, 1), weights)
    gates = np.array([0.5, 0.75], np.float32)
    return Pictures(task, 4, np.zeros((2, 8, 8, 3), np.uint8), gates, gates, gates)


def test_each_aim_has_a_row_of_pictures_with_what_the_gate_is_at_them():
    kinds = {(OPEN, TRAINED): pictures(), (OPEN, SHUFFLED): pictures(SHUFFLED)}
    made = Made("SE_2_1", 3, kinds, Baselines(0.1, 0.2))
    shown = str(pictures_html.made_pictures(made, "SE_2_1[3]"))
    assert shown.count("<section") == 2
    assert shown.count("data:image/webp;base64,") == 4
    assert 'alt="What opens the gate of SE_2_1[3], seed 2"' in shown
    assert "<p>s = 0.750</p>" in shown
    assert '<section class="control"><h3>Control: weights shuffled</h3>' in shown
    assert not pictures_html.made_pictures(None, "SE_2_1[3]")


def test_a_sheet_says_how_its_pictures_lie(tmp_path):
    found = Overview("SE_2_1", tmp_path / "x.webp", np.zeros(70, np.float32), 32, 64, 64, 32)
    shown = str(pictures_html.sheet(found, "file=x", "70 pictures."))
    assert (
        'data-block="SE_2_1" data-columns="32" data-rows="3" data-gates="70" data-width="64"'
        in shown
    )
    assert 'src="file=x"' in shown
    assert not pictures_html.sheet(None, "", "")


GATE = Shown("embedded", "SE_2_1", 3)


@pytest.fixture
def handlers(monkeypatch, tmp_path):
    """Handlers of a page whose network has no sheet yet."""
    monkeypatch.setattr(overview, "SHIPPED", tmp_path)
    with gr.Blocks():
        return Handlers(lay_out(), gr.HTML())


@pytest.fixture
def request_():
    return type("Request", (), {"session_hash": "made"})()


def last(steps) -> dict:
    *_, found = steps
    return found


def test_another_gate_takes_what_was_made_away_and_offers_to_make_it(handlers, request_):
    p = handlers.parts
    said = handlers.follow(request_, GATE, None, None)
    assert said[p.drawn] == ("embedded", "SE_2_1", 3)
    assert not said[p.made]
    assert said[p.run.start].visible
    assert said[p.run.start].value.startswith("Make pictures")
    assert said[p.block_run.start].value.startswith("Draw a picture for each gate of SE_2_1")
    assert handlers.follow(request_, GATE, None, said[p.drawn]) == gr.skip()
    nothing = handlers.follow(request_, None, None, said[p.drawn])
    assert not nothing[p.run.start].visible
    assert not nothing[p.block_run.start].visible


def test_a_block_whose_sheet_is_there_shows_it_and_the_gates_picture(handlers, request_, tmp_path):
    pixels = np.zeros((64, 64, 64, 3), np.uint8)
    source = find("embedded")
    data = overview.sheet_bytes(source, "SE_2_1", pixels, s=np.full(64, 0.5), steps=1)
    (tmp_path / "SE_2_1.webp").write_bytes(data)
    p, said = handlers.parts, handlers.follow(request_, GATE, None, None)
    assert "Made to open this gate: s = 0.500 there" in said[p.small]
    assert 'data-block="SE_2_1"' in said[p.sheet]
    assert "64 pictures, one for each gate of SE_2_1" in said[p.sheet]
    assert not said[p.block_run.start].visible


def test_pictures_are_made_and_told(handlers, request_, monkeypatch):
    monkeypatch.setattr(view, "STEPS", (2, 4))
    p = handlers.parts
    found = last(handlers.make(request_, GATE, 2, "maco"))
    assert found[p.made].count("<img") == 16
    assert found[p.made].count("<section") == 4
    assert "The picture that opens SE_2_1[3] furthest" in found[p.headline]
    assert "At images of noise" in found[p.facts]
    assert found[p.run.start].visible
    assert not found[p.run.stop].visible


def test_forged_choices_give_way_to_usual_ones(handlers, request_, monkeypatch):
    asked = []
    monkeypatch.setattr(handlers, "_made", lambda _, __, of: asked.append(of) or iter([{}]))
    last(handlers.make(request_, GATE, 10**9, ["oil"]))
    assert (asked[0].steps, asked[0].kind) == (64, "fourier")


def test_a_block_is_drawn_and_then_shown_to_all(handlers, request_, monkeypatch):
    draw = view.draw_overview
    monkeypatch.setattr(view, "draw_overview", lambda *a, **k: draw(*a, steps=1, **k))
    p, found = handlers.parts, last(handlers.draw_block(request_, GATE))
    assert 'data-block="SE_2_1"' in found[p.sheet]
    assert "SE_2_1" in found[handlers.of_page]
    assert "Made to open this gate" in found[p.small]


@pytest.mark.parametrize("press", ["make", "draw_block"])
def test_without_a_gate_nothing_is_made(handlers, request_, press):
    fields = (None, 64, "fourier") if press == "make" else (None,)
    with pytest.warns(UserWarning, match="no longer here"):
        assert last(getattr(handlers, press)(request_, *fields)) == gr.skip()


def test_work_that_would_take_too_long_is_left_to_a_command(handlers, request_, monkeypatch):
    monkeypatch.setattr(view, "known_seconds", lambda *_, most: 4000.0)
    p, said = handlers.parts, handlers.follow(request_, GATE, None, None)
    assert not said[p.run.start].visible
    assert "pictures --gate &#39;SE_2_1[3]&#39; --model embedded" in said[p.run.progress]
    assert not said[p.block_run.start].visible


@pytest.mark.parametrize("press", ["make", "draw_block"])
def test_a_time_that_was_not_known_before_is_told_when_the_work_is_started(
    handlers, request_, monkeypatch, press
):
    monkeypatch.setattr(view, "expected_seconds", lambda *_, most: 4 * most)
    fields = (GATE, 64, "fourier") if press == "make" else (GATE,)
    with pytest.warns(UserWarning, match=r"On this machine that takes .*, so it is not done here"):
        last(getattr(handlers, press)(request_, *fields))


def test_a_network_whose_weights_are_elsewhere_is_shown_without_them(
    handlers, request_, monkeypatch
):
    monkeypatch.setattr(download, "fetch", lambda source: pytest.fail(f"fetched {source.key}"))
    record = replace(made_trace([[1.0, 0.0]]), model="seresnet50.a1_in1k")
    block = record.sites[0].name
    p = handlers.parts
    said = handlers.follow(request_, Shown(record.model, block, 1), record, None)
    assert said[p.run.start].value == "Make pictures"
    assert said[p.block_run.start].value == f"Draw a picture for each gate of {block}"
    assert said[p.run.start].visible
    assert not said[p.run.progress]


def test_of_another_gate_of_the_block_the_sheet_stays(handlers, request_):
    p, said = handlers.parts, handlers.follow(request_, GATE, None, None)
    other = handlers.follow(request_, GATE._replace(channel=4), None, said[p.drawn])
    assert p.sheet not in other
    assert p.block_run.start not in other
    assert other[p.drawn] == ("embedded", "SE_2_1", 4)


def test_a_server_that_can_keep_no_picture_tells_no_folder(
    handlers, request_, monkeypatch, tmp_path
):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr(overview, "SHIPPED", file / "pictures")
    with pytest.warns(UserWarning, match="be kept on this server") as warned:
        last(handlers.draw_block(request_, GATE))
    assert str(tmp_path) not in str(warned[0].message)
