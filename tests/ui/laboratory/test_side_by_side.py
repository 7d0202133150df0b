"""The view “Side by side”, without a browser."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import pytest
from made import made_trace
from PIL import Image

from seviz.errors import UserError
from seviz.ui import app
from seviz.ui.laboratory.photo import photograph
from seviz.ui.laboratory.side_by_side import html as lab_sides_html
from seviz.ui.laboratory.side_by_side import view as lab_sides
from seviz.ui.state import Sought

SE, TANH, PLAIN = "lab_resnet_se", "lab_resnet_tanh", "lab_resnet"


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


@pytest.fixture(scope="module")
def handlers(demo) -> lab_sides.Handlers:
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, lab_sides.Handlers))


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Collect the keys of the networks that are asked."""
    keys: list[str] = []
    ask = lab_sides.trace_variant
    monkeypatch.setattr(
        lab_sides, "trace_variant", lambda key, photo: keys.append(key) or ask(key, photo)
    )
    return keys


def show(handlers, photo, a=SE, b=TANH, *, shown=None):
    return handlers.show(photo, a, b, shown)


def test_both_are_told_drawn_and_kept(handlers, photo, asked):
    said, p = show(handlers, photo), handlers.parts
    shown = said[p.shown]
    assert asked == [SE, TANH]
    assert said[p.answers] == lab_sides_html.answers(shown.first, shown.second, 5)
    assert "Your photograph, as both networks see it: 64×64 pixels." in said[p.seen]
    assert "the end of the excitation" in said[p.variants]
    assert "Both know only 20 classes" in said[p.answers]
    assert "<span>golden retriever</span>" in said[p.answers]
    assert "B from −1 to 1" in said[p.scales]
    assert said[p.a.atlas].data[0].zmin == 0
    assert said[p.b.atlas].data[0].zmin == -1
    for side in (p.a, p.b):
        assert said[side.depth].layout.yaxis.range == (-1, 1)
        assert len(said[side.atlas].data) == 8


def test_gates_of_one_kind_are_on_one_scale(handlers, photo):
    p = handlers.parts
    said = show(handlers, photo, "lab_resnet_relu", "lab_resnet_relu")
    assert "Both are on one scale" in said[p.scales]
    assert said[p.a.atlas].data[0].zmax == said[p.b.atlas].data[0].zmax


def test_blocks_of_one_name_are_in_line(handlers, photo):
    p = handlers.parts
    said = show(handlers, photo, "lab_resnet_stage3", "lab_vgg_se")
    rows = ("SE_1_1", "SE_2_1", "SE_3_1", "SE_3_2", "SE_4_1", "SE_4_2", "SE_5_1", "SE_5_2")
    for side in (p.a, p.b):
        assert said[side.atlas].layout.yaxis.ticktext == rows
        assert said[side.depth].layout.xaxis.categoryarray == rows
    assert [row.y0 for row in said[p.a.atlas].data] == [2, 3]


def test_a_host_without_se_has_answers_and_no_gates(handlers, photo):
    p = handlers.parts
    said = show(handlers, photo, PLAIN, SE)
    assert said[p.shown].first.model == PLAIN
    assert said[p.a.atlas] is None is said[p.a.depth]
    assert "no gates to show" in said[p.a.colours]
    assert not said[p.a.open].visible
    assert said[p.b.open].visible
    bare = show(handlers, photo, PLAIN, "lab_vgg")
    assert not bare[p.gates].visible
    assert "Neither has gates" in bare[p.variants]


def test_nothing_is_asked_twice(handlers, photo, asked):
    p = handlers.parts
    shown = show(handlers, photo)[p.shown]
    assert show(handlers, photo.copy(), shown=shown) == gr.skip()
    said = show(handlers, photo, SE, "lab_resnet_max", shown=shown)
    assert said[p.shown].first is shown.first
    assert asked == [SE, TANH, "lab_resnet_max"]
    show(handlers, Image.new("RGB", photo.size), shown=shown)
    assert asked[3:] == [SE, TANH]


def test_swapping_asks_nothing(handlers, photo, asked):
    p = handlers.parts
    shown = show(handlers, photo)[p.shown]
    said = handlers.swap(SE, TANH, shown)
    assert (said[p.first], said[p.second]) == (TANH, SE)
    assert said[p.shown].first is shown.second
    assert said[p.a.atlas].data[0].zmin == -1
    assert asked == [SE, TANH]
    assert handlers.swap(SE, TANH, None) == {p.first: TANH, p.second: SE}


def test_without_a_photograph_it_shows_the_example(handlers):
    said, p = show(handlers, None), handlers.parts
    assert "The example photograph of a lion, as both networks see it" in said[p.seen]
    assert "The example is of a lion: both get it wrong." in said[p.answers]
    assert said[p.shown].first.is_of_same_photo(lab_sides.trace_variant(SE, photograph(None)[0]))


@pytest.mark.parametrize(
    ("photo", "key", "sentence"),
    [
        (UserError("One sentence."), TANH, "One sentence."),
        (None, "embedded", "choose one from the list"),
        (None, ["lab_resnet"], "choose one from the list"),
        (None, None, "choose one from the list"),
    ],
)
def test_what_cant_be_asked_is_one_sentence_and_nothing_old_stays(handlers, photo, key, sentence):
    said, p = show(handlers, photo, SE, key), handlers.parts
    assert sentence in said[p.answers]
    assert (said[p.seen], said[p.shown], said[p.results].visible) == ("", None, False)


def test_a_variant_opens_in_explore(handlers):
    said = handlers.open(TANH)
    assert said[handlers.asked.wanted] == Sought(TANH)
    assert said[handlers.pages].selected == "explore"


def test_a_click_on_an_atlas_opens_the_page_of_its_gate(handlers, photo):
    q, shown = handlers.asked, show(handlers, photo)[handlers.parts.shown]
    for channel in (0, 5):
        cell = SimpleNamespace(_data={"name": "SE_4_2", "channel": channel})
        said = handlers.click(cell, TANH, shown)
        assert said[q.wanted] == Sought(TANH, "SE_4_2", channel)
        assert said[handlers.pages].selected == "gate"
        assert set(said) == {q.wanted, handlers.pages}


@pytest.mark.parametrize(
    ("key", "data"),
    [
        (TANH, {}),
        (TANH, None),
        (TANH, {"name": "SE_9_9", "channel": 0}),
        (TANH, {"name": "SE_4_2", "channel": 9999}),
        ("lab_resnet_max", {"name": "SE_4_2", "channel": 0}),
        ({"x": 1}, {"name": "SE_4_2", "channel": 0}),
    ],
)
def test_a_forged_click_is_refused_with_a_sentence(handlers, photo, notices, key, data):
    shown = show(handlers, photo)[handlers.parts.shown]
    event = SimpleNamespace(_data=data)
    assert handlers.click(event, key, shown) == gr.skip()
    assert handlers.click(event, key, None) == gr.skip()
    assert "click a cell" in notices[0]
    assert "upload it (again)" in notices[1]


@pytest.mark.parametrize("key", [PLAIN, "embedded", None, {"x": 1}])
def test_what_has_no_gates_is_not_opened(handlers, notices, key):
    assert handlers.open(key) == gr.skip()
    assert "choose" in notices[0]


def test_what_handlers_change_is_what_gradio_lets_them_change(demo, handlers, photo):
    own = [fn for fn in demo.fns.values() if getattr(fn.fn, "__self__", None) is handlers]
    assert {fn.name for fn in own} == {"show", "swap", "open", "click"}
    said = show(handlers, photo)
    swapped = handlers.swap(SE, TANH, said[handlers.parts.shown])
    away = show(handlers, UserError("No."))
    bare = show(handlers, photo, PLAIN, PLAIN)
    opened = handlers.open(SE)
    changed = {"show": {**said, **away, **bare}, "swap": swapped, "open": opened, "click": opened}
    assert all(set(changed[fn.name]) <= set(fn.outputs) for fn in own)


def test_names_from_anywhere_are_escaped():
    trace = replace(made_trace([[1.0, 0.0]]), model=SE, labels=("<b>", "b"))
    assert "<b>" not in lab_sides_html.answers(trace, trace, 2)
    assert "<i>" not in lab_sides_html.crop(trace, "<i>")
