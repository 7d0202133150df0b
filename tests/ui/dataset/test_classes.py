"""The view “Class curves”, without a browser."""

from dataclasses import fields

import gradio as gr
import pytest
from made_classes import random_profile

from seviz.errors import UserError
from seviz.reference.classes import few_classes
from seviz.reference.gather import reference
from seviz.ui.address import Address
from seviz.ui.dataset.classes import view
from seviz.ui.dataset.images import DataSet
from seviz.ui.state import Asked
from seviz.zoo.catalogue import find

CHOICE = (["n02129165", "n02123045"], "channel", True, False, True)  # lion, tabby cat


@pytest.fixture(scope="module")
def handlers() -> view.Handlers:
    with gr.Blocks():
        asked = Asked(**{field.name: gr.State() for field in fields(Asked)})
        named = {field.name: gr.State() for field in fields(DataSet)}
        data = DataSet(**{**named, "asked": asked})
        return view.Handlers(data, view.lay_out())


def shown(handlers, *, block="", before=None, choice=CHOICE, record=None):
    return handlers.show("embedded", record, block, before, *choice)


def clicked(data: object) -> gr.EventData:
    return gr.EventData(None, data)


def test_opening_draws_the_most_selective_block_with_a_few_classes(handlers):
    said, p = shown(handlers, choice=([], *CHOICE[1:])), handlers.parts
    known = reference("embedded")
    few = few_classes(known, find("embedded").class_names)
    assert said[p.shown].numbers == tuple(few)
    assert said[p.block].value == said[p.shown].block == "SE_4_6"
    assert said[p.classes].value == [known.classes[i] for i in few]
    assert len(said[p.classes].choices) == 200
    assert "these classes differ most in channel" in said[p.headline]
    assert len(said[p.grid].data) == 16 * (1 + len(few))
    assert len(said[p.curves].data[0].y) == 50
    for chart in (p.curves, p.grid):
        assert " --block SE_4_6 --classes n" in said[chart].layout.meta["source"]


def test_what_is_shown_already_is_not_drawn_again(handlers):
    first = shown(handlers)[handlers.parts.shown]
    assert shown(handlers, before=first) == gr.skip()
    again = shown(handlers, before=first, choice=(*CHOICE[:3], True, True))
    assert handlers.parts.curves in again
    assert handlers.parts.grid not in again  # it has no bands
    assert handlers.parts.classes not in again  # what people type stays


def test_another_block_order_and_all_channels(handlers):
    p, before = handlers.parts, shown(handlers)[handlers.parts.shown]
    said = shown(
        handlers, block="SE_2_1", before=before, choice=(CHOICE[0], "mean", False, True, True)
    )
    assert [t.name for t in said[p.curves].data if t.name] == ["all images", "lion", "tabby cat"]
    assert len(said[p.curves].data[-1].y) == 64
    assert "<b>SE_2_1</b>" in [note.text for note in said[p.grid].layout.annotations]


def test_the_photograph_of_explore_is_one_more_curve(handlers, asked_record):
    p = handlers.parts
    assert shown(handlers, record=asked_record)[p.curves].data[-1].name == "the photograph"
    without = shown(handlers, record=asked_record, choice=(*CHOICE[:4], False))
    assert without[p.curves].data[-1].name == "tabby cat"


@pytest.fixture(scope="module")
def asked_record(photo):
    from seviz.passes.dispatch import ask
    from seviz.passes.forward import trace
    from seviz.records.arms import INTACT

    return ask(trace, "embedded", photo, [INTACT])


@pytest.mark.parametrize(
    "choice",
    [
        (["n0000"], *CHOICE[1:]),
        ([5], *CHOICE[1:]),
        (CHOICE[0], "size", *CHOICE[2:]),
        (CHOICE[0], ["x"], *CHOICE[2:]),
    ],
)
def test_what_a_client_made_up_is_refused(handlers, notices, choice):
    before = shown(handlers)[handlers.parts.shown]
    assert shown(handlers, before=before, choice=choice) == gr.skip()
    assert len(notices) == 1
    assert notices[0].endswith("choose one from the list.")


def test_no_class_is_left_as_people_want_it(handlers):
    before = shown(handlers)[handlers.parts.shown]
    said = shown(handlers, before=before, choice=([], *CHOICE[1:]))
    assert "Choose classes to compare" in said[handlers.parts.headline]
    assert [line.name for line in said[handlers.parts.curves].data] == ["all images"]


def test_a_network_without_statistics_says_so(handlers, monkeypatch):
    monkeypatch.setattr(view, "profile", lambda key: None)
    said = shown(handlers)
    assert "There are no statistics of" in said[handlers.parts.headline]
    assert said[handlers.parts.curves] is None


def test_a_click_names_a_block(handlers, notices):
    data = handlers.data
    event = clicked({"name": "SE_2_1", "channel": 63})
    assert handlers.pick_block(event, "embedded") == {data.block: "SE_2_1"}
    assert handlers.choose_block("SE_2_2") == {data.block: "SE_2_2"}
    assert notices == []


@pytest.mark.parametrize(
    "data", [None, {}, {"name": "SE_9_9", "channel": 1}, {"name": ["SE_2_1"], "channel": 1}]
)
def test_a_click_that_names_nothing_is_refused(handlers, notices, data):
    assert handlers.pick_block(clicked(data), "embedded") == gr.skip()
    assert len(notices) == 1


def test_other_statistics_keep_the_classes_that_they_have():
    known = random_profile()
    assert view.chosen_numbers(known, ["cat", "dog"], {}, fresh=True) == (2,)
    assert sorted(view.chosen_numbers(known, ["dog"], {}, fresh=True)) == [0, 1, 2]
    assert view.chosen_numbers(known, ["cat", "ant"], {}, fresh=False) == (2, 0)


@pytest.fixture
def usual(monkeypatch, handlers) -> view.Handlers:
    """Give handlers whose page opens with the embedded network."""
    monkeypatch.setattr(handlers.data.asked.model, "value", "embedded")
    return handlers


def test_an_address_names_a_block_and_classes(usual):
    p, known = usual.parts, reference("embedded")
    assert usual.restore_block(Address()) == usual.restore_classes(Address(classes=",")) == {}
    assert usual.restore_block(Address(block="SE_3_2")) == {usual.data.block: "SE_3_2"}
    folders = list(known.classes[3:5])
    assert usual.restore_classes(Address(classes=",".join(folders))) == {p.sought: folders}
    before = shown(usual)[p.shown]
    said = shown(usual, before=before, choice=(*CHOICE, folders))
    assert said[p.classes].value == folders
    assert said[p.sought] is None
    assert shown(usual, before=said[p.shown], choice=(*CHOICE, folders)) == {p.sought: None}


@pytest.mark.parametrize("model", ["", "nope"])
def test_a_block_and_a_class_of_an_address_that_there_are_not_are_refused(usual, model: str):
    with pytest.raises(UserError, match="There is no block “SE_9”"):
        usual.restore_block(Address(model=model, block="SE_9"))
    with pytest.raises(UserError, match="There is no class “<b>” in these images"):
        usual.restore_classes(Address(model=model, classes="n02129165,<b>"))
