"""The page “Networks”, without a browser."""

from types import SimpleNamespace

import gradio as gr
import pytest
from PIL import Image

from seviz.analysis.network_pair import match_classes
from seviz.errors import UserError
from seviz.ui import app
from seviz.ui.laboratory.photo import photograph
from seviz.ui.networks import html as networks_html
from seviz.ui.networks import view
from seviz.ui.state import Sought
from seviz.zoo.catalogue import all_sources, find

SE, TANH, PLAIN = "lab_resnet_se", "lab_resnet_tanh", "lab_resnet"


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


@pytest.fixture(scope="module")
def handlers(demo) -> view.Handlers:
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, view.Handlers))


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Collect the keys of the networks that are asked."""
    keys: list[str] = []
    ask = view.view_network
    monkeypatch.setattr(
        view, "view_network", lambda key, photo: keys.append(key) or ask(key, photo)
    )
    return keys


def show(handlers, photo, a=SE, b=TANH, *, shown=None):
    *_, last = handlers.show(photo, a, b, shown)
    return last


def test_every_network_can_be_chosen_and_the_twin_is_beside_the_first(handlers):
    p = handlers.parts
    assert (p.first.value, p.second.value) == ("embedded", "twin")
    keys = [key for _, key in p.first.choices]
    assert keys == [source.key for source in all_sources()]
    assert {"embedded", "twin", PLAIN, "resnet50.a1_in1k"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_both_are_told_drawn_and_kept(handlers, photo, asked):
    first, second, said = handlers.show(photo, SE, TANH, None)
    p = handlers.parts
    assert "Asking A, SE-ResNet" in first[p.answers]
    assert "Asking B, SE-ResNet · tanh gates" in second[p.answers]
    shown = said[p.shown]
    assert asked == [SE, TANH]
    assert shown.keys == (SE, TANH)
    classes = match_classes(find(SE), find(TANH))
    assert said[p.answers] == networks_html.answers(shown.views, classes, 5)
    assert "Your photograph, as both networks see it: 64×64 pixels." in said[p.seen]
    assert "the end of the excitation" in said[p.apart]
    assert "Both know the same 20 classes, matched by WordNet id." in said[p.answers]
    assert "<span>golden retriever</span>" in said[p.answers]
    assert "B from −1 to 1" in said[p.scales]
    assert said[p.a.atlas].data[0].zmin == 0
    assert said[p.b.atlas].data[0].zmin == -1
    for side in (p.a, p.b):
        assert said[side.depth].layout.yaxis.range == (-1, 1)
        assert len(said[side.atlas].data) == 8


def test_channels_are_paired_where_the_weights_say_so(handlers, photo):
    p = handlers.parts
    said = show(handlers, photo)
    of = p.channels
    assert "W₁ of A and B correlate at all blocks" in said[of.told]
    assert said[of.group].visible
    assert len(said[of.block].choices) == 8
    block = said[of.block].value
    assert said[of.scatter].layout.meta["label"].startswith(f"Gates of {block}:")
    redrawn = handlers.scatter("SE_4_2", said[p.shown])
    assert redrawn[of.scatter].layout.meta["label"].startswith("Gates of SE_4_2:")
    for wrong in ("SE_9_9", None, ["SE_4_2"]):
        assert handlers.scatter(wrong, said[p.shown]) == gr.skip()
    assert handlers.scatter("SE_4_2", None) == gr.skip()


def test_networks_of_other_plans_are_compared_by_depth(handlers, photo):
    p = handlers.parts
    said = show(handlers, photo, "embedded", SE)
    assert "channels can’t be paired" in said[p.channels.told]
    assert not said[p.channels.group].visible
    assert said[p.channels.chart] is None is said[p.channels.scatter]
    assert "They have 20 classes in common" in said[p.answers]
    assert "A knows 180 more" in said[p.answers]
    assert "The 180 classes of A alone" in said[p.answers]


def test_the_same_network_twice_is_asked_once_and_differs_in_nothing(handlers, photo, asked):
    p = handlers.parts
    said = show(handlers, photo, "embedded", "embedded")
    assert asked == ["embedded"]
    assert "Both say" in said[p.answers]
    assert "The gates are the same at all 16 blocks." in said[p.channels.told]
    assert "A and B are the same network" in said[p.apart]


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


def test_a_network_without_se_has_answers_and_no_gates(handlers, photo):
    p = handlers.parts
    said = show(handlers, photo, "twin", "embedded")
    assert said[p.shown].keys == ("twin", "embedded")
    assert said[p.a.atlas] is None is said[p.a.depth]
    assert "no gates to show" in said[p.a.colours]
    assert not said[p.a.open].visible
    assert said[p.b.open].visible
    assert "A is B’s twin without SE" in said[p.apart]
    assert said[p.channels.told] == ""
    assert "A has no gates" in said[p.similar.why]
    assert not said[p.similar.group].visible
    bare = show(handlers, photo, PLAIN, "lab_vgg")
    assert not bare[p.gates].visible
    assert "Neither has gates" in bare[p.apart]


def test_nothing_is_asked_twice(handlers, photo, asked):
    p = handlers.parts
    shown = show(handlers, photo)[p.shown]
    assert show(handlers, photo.copy(), shown=shown) == gr.skip()
    said = show(handlers, photo, SE, "lab_resnet_max", shown=shown)
    assert said[p.shown].views[0] is shown.views[0]
    assert asked == [SE, TANH, "lab_resnet_max"]
    show(handlers, Image.new("RGB", photo.size), shown=shown)
    assert asked[3:] == [SE, TANH]


def test_swapping_asks_nothing(handlers, photo, asked):
    p = handlers.parts
    shown = show(handlers, photo)[p.shown]
    said = handlers.swap(SE, TANH, shown)
    assert (said[p.first], said[p.second]) == (TANH, SE)
    assert said[p.shown].views[0] is shown.views[1]
    assert said[p.a.atlas].data[0].zmin == -1
    assert asked == [SE, TANH]
    assert handlers.swap(SE, TANH, None) == {p.first: TANH, p.second: SE}


def test_without_a_photograph_it_shows_the_example(handlers):
    said, p = show(handlers, None), handlers.parts
    assert "The example photograph of a lion, as both networks see it" in said[p.seen]
    assert "The example is of a lion: both get it wrong." in said[p.answers]
    own = view.view_network(SE, photograph(None)[0]).trace
    assert said[p.shown].views[0].trace.is_of_same_photo(own)


@pytest.mark.parametrize(
    ("photo", "key", "sentence"),
    [
        (UserError("One sentence."), TANH, "One sentence."),
        (None, "nothing", "There is no network “nothing”"),
        (None, ["lab_resnet"], "choose one from the list"),
        (None, None, "choose one from the list"),
    ],
)
def test_what_cant_be_asked_is_one_sentence_and_nothing_old_stays(handlers, photo, key, sentence):
    said, p = show(handlers, photo, SE, key), handlers.parts
    assert sentence in said[p.answers]
    assert (said[p.seen], said[p.shown], said[p.results].visible) == ("", None, False)


def test_a_network_that_cant_be_fetched_is_one_sentence(handlers, photo, monkeypatch):
    def offline(source) -> None:
        raise UserError(f"The weights of {source.title} can't be fetched.")

    monkeypatch.setattr("seviz.zoo.download.fetch", offline)
    _, waits, said = handlers.show(photo, SE, "resnet50.a1_in1k", None)
    p = handlers.parts
    assert "after fetching its weights (" in waits[p.answers]
    assert "The weights of ResNet-50" in said[p.answers]
    assert not said[p.results].visible


def test_a_network_opens_in_explore(handlers):
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


@pytest.mark.parametrize("key", [PLAIN, "nothing", None, {"x": 1}])
def test_what_has_no_gates_is_not_opened(handlers, notices, key):
    assert handlers.open(key) == gr.skip()
    assert notices


def test_what_handlers_change_is_what_gradio_lets_them_change(demo, handlers, photo):
    own = [fn for fn in demo.fns.values() if getattr(fn.fn, "__self__", None) is handlers]
    assert {fn.name for fn in own} == {"show", "swap", "open", "click", "scatter"}
    said = show(handlers, photo)
    shown = said[handlers.parts.shown]
    swapped = handlers.swap(SE, TANH, shown)
    away = show(handlers, UserError("No."))
    bare = show(handlers, photo, PLAIN, PLAIN)
    opened = handlers.open(SE)
    changed = {
        "show": {**said, **away, **bare},
        "swap": swapped,
        "open": opened,
        "click": opened,
        "scatter": handlers.scatter("SE_4_2", shown),
    }
    assert all(set(changed[fn.name]) <= set(fn.outputs) for fn in own)


def test_an_uploaded_network_is_listed_at_once_whatever_else_waits(demo):
    (listing,) = [fn for fn in demo.fns.values() if fn.fn is view._listed]
    assert not listing.queue
    assert [event for _, event in listing.targets] == ["select", "change"]
    assert listing.targets[1][0] == demo.networks._id
