"""The view “Learn”, without a browser."""

import re
from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.learn.story import find_or_trace, telling_channel
from seviz.records.trace import Trace
from seviz.ui import app
from seviz.ui.address import Address
from seviz.ui.laboratory.learn import html as learn_html
from seviz.ui.laboratory.learn import steps as learn_steps
from seviz.ui.laboratory.learn import view as lab_learn
from seviz.ui.parts.navigation import LEARN
from seviz.ui.state import Sought
from seviz.words.glossary import GLOSSARY, WORKS
from seviz.words.learn import STEPS, TITLES

KEYS = (  # of every squeeze, excitation, host and place
    "embedded",
    "lab_vgg_se",
    "lab_inception_se",
    "lab_resnet_max",
    "lab_resnet_nosqueeze",
    "lab_resnet_tanh",
    "lab_resnet_relu",
    "lab_resnet_stage3",
    "lab_resnet_3x3",
    "lab_resnet_post",
)


@pytest.fixture(scope="module")
def found() -> list:
    """The app's listeners that belong to the view."""
    return [fn for fn in app.build().fns.values() if isinstance(self_of(fn), lab_learn.Handlers)]


def self_of(fn: object) -> object:
    return getattr(fn.fn, "__self__", None)


@pytest.fixture(scope="module")
def handlers(found) -> lab_learn.Handlers:
    return self_of(found[0])


@pytest.fixture(scope="module")
def record(photo: Image.Image) -> Trace:
    return find_or_trace("embedded", photo)


@pytest.fixture(scope="module")
def story(handlers, photo, record) -> learn_steps.Story:
    return handlers.open(photo, "embedded", record, None, 0, None, None)[handlers.parts.story]


def event(**data) -> SimpleNamespace:
    return SimpleNamespace(_data=data)


def test_the_story_begins_with_the_explored_trace(handlers, photo, record):
    p, said = handlers.parts, handlers.open(photo, "embedded", record, None, 0, None, None)
    story = said[p.story]
    assert story.record is record
    assert story.drawn == {0}
    assert story.channel == telling_channel(story.maps)
    assert "On your photograph" in said[p.subject]
    assert record.top(0, 1)[0].label in said[p.subject]
    z = float(story.maps.u[story.channel].mean())
    assert f"= {z:.4g}" in said[p.screens[0].equation]
    assert said[p.channel].maximum == story.maps.site.channels - 1


def test_the_story_begins_at_the_gate_that_is_selected_in_explore(handlers, photo, record):
    p, said = handlers.parts, handlers.open(photo, "embedded", record, None, 0, "SE_3_1", 17)
    assert (said[p.story].maps.site.name, said[p.story].channel) == ("SE_3_1", 17)
    assert "channel 17 of SE_3_1, which is selected in Explore" in said[p.chosen]
    for known, *gate in ((None, "SE_3_1", 17), (record, "SE_3_1", 10_000), (record, None, 0)):
        said = handlers.open(photo, "embedded", known, None, 0, *gate)
        assert said[p.story].channel == telling_channel(said[p.story].maps)
        assert "differ most between" in said[p.chosen]


def test_steps_that_were_begun_stay_when_the_trace_of_the_same_photograph_arrives(
    handlers, photo, record
):
    begun = handlers.open(photo, "embedded", None, None, 0, None, None)[handlers.parts.story]
    assert begun.record is not record
    assert handlers.open(photo, "embedded", record, begun, 0, "SE_3_1", 17) == gr.skip()
    other = find_or_trace("embedded", photo.rotate(90))
    said = handlers.open(photo.rotate(90), "embedded", other, begun, 2, "SE_3_1", 17)
    assert said[handlers.parts.story].record is other


def test_without_a_photograph_it_is_told_of_the_lion(handlers):
    said = handlers.open(None, "embedded", None, None, 0, None, None)
    assert "the example photograph of a lion" in said[handlers.parts.subject]
    assert "Choose your own photograph" in said[handlers.parts.subject]
    assert said[handlers.parts.story].example


def test_what_is_told_is_not_told_again(handlers, photo, record, story):
    assert handlers.open(photo, "embedded", record, story, 0, None, None) == gr.skip()
    assert handlers.open(photo, "embedded", None, story, 0, None, None) == gr.skip()


def test_another_photograph_or_network_begins_anew(handlers, photo, record, story):
    p = handlers.parts
    other = handlers.open(
        Image.new("RGB", (64, 64), "red"), "embedded", record, story, 3, None, None
    )
    assert not other[p.story].record.is_of_same_photo(record)
    assert other[p.story].drawn == {3}
    other = handlers.open(photo, "lab_vgg_se", record, story, 0, None, None)
    assert other[p.story].record.model == "lab_vgg_se"


@pytest.mark.parametrize("key", KEYS)
def test_every_step_can_be_told_of_every_kind_of_network(handlers, found, photo, key):
    p, said = handlers.parts, handlers.open(photo, key, None, None, 0, None, None)
    forth = next(fn for fn in found if fn.name == "forth")
    for step in range(1, len(STEPS)):
        said = handlers.forth(step - 1, said[p.story])
        assert set(said) <= set(forth.outputs)
        assert said[p.step] == step
        screen = p.screens[step]
        untrue = key == "lab_resnet_nosqueeze" and step in (1, 2)
        assert (TITLES[step] in said[screen.head]) != untrue
        for part in (said[screen.head], said[screen.equation], said[screen.notice]):
            assert not re.search(r"\bnan\b|None|inf\b|\[\[", part)
        assert [s.visible for s in map(said.get, (s.column for s in p.screens))] == [
            i == step for i in range(len(STEPS))
        ]
    assert said[p.story].drawn == {*range(len(STEPS)), learn_steps.GALLERY}
    assert said[p.onward].visible
    assert not said[p.forth].visible


def test_a_step_is_computed_once(handlers, story, monkeypatch):
    p = handlers.parts
    said = handlers.forth(0, story)
    monkeypatch.setattr(learn_steps, "ask", lambda *args, **named: pytest.fail("computed again"))
    again = handlers.forth(0, said[p.story])
    assert p.strips in said
    assert p.strips not in again
    assert again[p.steps] == learn_html.steps(1)


def test_steps_go_back_and_are_chosen_from_the_list(handlers, story):
    p = handlers.parts
    assert handlers.back(1, story)[p.step] == 0
    assert not handlers.back(1, story)[p.back].interactive
    said = handlers.select(event(step=3), story)
    assert said[p.step] == 3
    assert not said[p.fields].visible
    assert 'data-step="3" aria-current="step"' in said[p.steps]
    assert said[p.steps].count("aria-current") == 1
    assert "Step 4 of 6" in said[p.steps]


def test_charts_say_what_they_are_of(handlers, story):
    p = handlers.parts
    for step, chart, command in (
        (0, p.map, f" · seviz channels PHOTO --model {story.record.model} --gate "),
        (3, p.depth, f" · seviz trace PHOTO --model {story.record.model} --arms "),
        (4, p.bars, f" · seviz costs --model {story.record.model}"),
    ):
        drawn = learn_steps.draw(p, step, replace(story, drawn=frozenset()))[chart]
        assert command in drawn.layout.meta["source"]


def test_another_channel_is_told_by_its_own_numbers(handlers, story):
    p = handlers.parts
    said = handlers.choose_channel(7, 0, story)
    assert "z_{7} = " in said[p.screens[0].equation]
    assert f"{float(story.maps.z[7]):.4g}" in said[p.screens[0].equation]
    assert said[p.story].channel == 7
    said = handlers.choose_channel(7, 1, learn_steps.replace(story, drawn=frozenset({0, 1, 4})))
    assert said[p.story].drawn == {1, 4}  # the first step waits until it is seen
    assert f"= {float(story.maps.s[7]):.4f}" in said[p.screens[1].equation]


def test_another_block_opens_at_its_telling_channel(handlers, story):
    p = handlers.parts
    said = handlers.choose_block("SE_4_6", 2, story)
    told = said[p.story]
    assert told.maps.site.name == "SE_4_6"
    assert told.channel == telling_channel(told.maps)
    assert said[p.gallery].count("<button") == 2 * learn_steps.EXTREMES
    assert said[p.channel].maximum == told.maps.site.channels - 1
    again = handlers.choose_channel(3, 2, told)
    assert p.gallery not in again  # it is the block's


def test_clicks_choose_channels(handlers, story):
    p = handlers.parts
    for data in ({"name": "z", "channel": 5}, {"name": "5", "channel": 5}):
        said = handlers.click(event(**data), 1, story)
        assert (said[p.channel], said[p.story].channel) == (5, 5)
    assert handlers.click(event(name="hidden", channel=2), 1, story) == gr.skip()


def test_what_clients_forge_gets_a_sentence(handlers, story, notices):
    for step in (6, -1, "x", None, 2.5e9):
        assert handlers.select(event(step=step), story) == gr.skip()
    assert handlers.select(event(), story) == gr.skip()
    for channel in (-1, 10_000, 1.5, "3", True and [1]):
        assert handlers.choose_channel(channel, 0, story) == gr.skip()
    for block in ("SE_9_9", None, ["SE_2_1"]):
        assert handlers.choose_block(block, 0, story) == gr.skip()
    assert handlers.click(event(name="z", channel="x"), 1, story) == gr.skip()
    assert (
        handlers.open(UserError("One sentence."), "embedded", None, story, 0, None, None)
        == gr.skip()
    )
    assert handlers.open(None, "nothing", None, story, 0, None, None) == gr.skip()
    assert len(notices) == 6 + 5 + 3 + 1 + 2
    assert all(text.endswith((".", "?")) for text in notices)


def test_numbers_that_were_put_away_are_said_to_be(handlers, notices):
    for said in (
        handlers.forth(0, None),
        handlers.choose_block("SE_2_1", 0, None),
        handlers.choose_channel(1, 0, None),
        handlers.explore(None),
        handlers.all_about(None),
    ):
        assert said == gr.skip()
    assert set(notices) == {str(lab_learn.GONE)}


def test_a_bad_first_photograph_is_said_where_the_story_would_begin(handlers, notices):
    said = handlers.open(UserError("One sentence."), "embedded", None, None, 0, None, None)
    assert "One sentence." in said[handlers.parts.subject]


def test_exploring_goes_on_at_this_channel(handlers, record, story):
    q, pages = handlers.asked, handlers.pages
    said = handlers.explore(learn_steps.at_channel(story, 7))
    assert said[q.wanted] == Sought(record.model, story.maps.site.name, 7)
    assert said[pages].selected == "explore"
    assert set(said) == {q.wanted, pages}  # its photograph and network stay until it is open


def test_the_page_of_this_channels_gate_opens(handlers, record, story):
    said = handlers.all_about(learn_steps.at_channel(story, 7))
    assert said[handlers.asked.wanted] == Sought(record.model, story.maps.site.name, 7)
    assert said[handlers.pages].selected == "gate"


def test_the_guide_opens_this_view():
    demo = app.build()
    guide = next(b for b in demo.blocks.values() if getattr(b, "elem_id", "") == "guide")
    fn = next(fn for fn in demo.fns.values() if (guide._id, "click") in fn.targets)
    opened = {getattr(to, "selected", to) for to in fn.fn().values()}
    assert opened == {"laboratory", LEARN}


def test_the_glossary_is_a_list_of_anchored_terms_in_order():
    told = learn_html.glossary()
    assert told.count("<dt>") == told.count("<dd>") == len(GLOSSARY)
    names = re.findall("<dt>(.*?)</dt>", told)
    assert names == sorted(names, key=str.casefold)
    anchors = set(re.findall('id="(term-[^"]+)"', told))
    assert set(re.findall('href="#(term-[^"]+)"', told)) <= anchors
    links = learn_html.references()
    assert links.count('rel="noopener"') == len(WORKS)


def test_texts_from_anywhere_are_escaped():
    assert learn_html.link_terms("<b> [[gate]] [[gates|gate]]") == (
        '&lt;b&gt; <a href="#term-gate">gate</a> <a href="#term-gate">gates</a>'
    )


def test_the_list_of_blocks_has_their_gates(record):
    told = learn_html.blocks(record)
    s = record.s_computed["SE_5_3"][0]
    assert told.count("<tr") == 1 + len(record.sites)
    assert f"<td>{np.sort(s)[len(s) // 2]:.3f}</td>" in told


def test_an_address_names_a_step_which_is_drawn_with_the_story(handlers, photo, record, story):
    p = handlers.parts
    said = handlers.restore(Address(step="3"))
    assert said[p.step] == 2
    assert [screen.column for screen in p.screens if said[screen.column].visible] == [
        p.screens[2].column
    ]
    assert handlers.restore(Address())[p.step] == 0
    early = replace(story, drawn=frozenset())
    late = handlers.open(photo, "embedded", record, early, 2, None, None)
    assert p.screens[2].head in late
    for step in ("0", "99", "-1", "nan", "<b>"):
        with pytest.raises(UserError, match="There are steps 1 to"):
            handlers.restore(Address(step=step))
