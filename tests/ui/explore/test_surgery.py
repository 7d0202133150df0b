"""The handlers of the tab “Surgery” and of its α slider, without a browser."""

import re
from types import SimpleNamespace
from urllib.parse import urlencode

import gradio as gr
import numpy as np
import psutil
import pytest
from markupsafe import escape
from PIL import Image

from seviz.analysis.against_intact import compare
from seviz.answers import alpha_path
from seviz.answers.trace import TOPK
from seviz.errors import UserError
from seviz.gates.grammar import arm_text, parse_arm
from seviz.gates.history import History
from seviz.passes.dispatch import ask
from seviz.passes.forward import retrace, trace
from seviz.records.arms import IDENTITY, INTACT, STATIC
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui import app
from seviz.ui.explore.surgery import alpha, results
from seviz.ui.explore.surgery import html as surgery_html
from seviz.ui.explore.surgery import tab as surgery
from seviz.ui.parts import columns, html
from seviz.words.alpha_path import path_words
from seviz.words.surgery import edited_headline
from seviz.zoo import catalogue

SIDE = "edited"


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


def of(demo: gr.Blocks, kind: type):
    """Return the handlers of a kind that the app was built with."""
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, kind))


@pytest.fixture(scope="module")
def handlers(demo) -> surgery.Handlers:
    return of(demo, surgery.Handlers)


@pytest.fixture(scope="module")
def record(photo) -> Trace:
    arms = [INTACT, STATIC, IDENTITY]
    return ask(trace, "embedded", photo, arms, recorded=recorded_for("embedded", arms))


def history(*texts: str) -> History:
    """Return a history with one step for each text."""
    made = History()
    for text in texts:
        made = made.replace(parse_arm(text).edits)
    return made


def traced(record: Trace, text: str) -> Trace:
    """Return what the library itself says with edits."""
    arms = [INTACT, parse_arm(text)]
    return ask(retrace, record.model, record.image, arms, recorded=recorded_for(record.model, arms))


def said_by_the_library(record: Trace, text: str) -> str:
    """Return the answers as the page must show them, from a pass of the library's own."""
    return surgery_html.answers(traced(record, text))


def click(name: object, channel: object, **others: object) -> SimpleNamespace:
    return SimpleNamespace(_data={"name": name, "channel": channel, **others})


def tick(place: object, on: object) -> SimpleNamespace:
    return SimpleNamespace(_data={"place": place, "on": on})


def boxes(html: str) -> dict[str, tuple[str, str]]:
    """Return the boxes of stages and blocks: each one's state, and what stands beside it."""
    found = re.findall(
        r'aria-checked="(\w+)" data-place="([^"]+)">[^<]* <small>([^<]*)</small>', html
    )
    return {place: (mark, note) for mark, place, note in found}


@pytest.mark.parametrize(
    ("act", "value", "text"),
    [
        ("silence", None, "SE_4_6[17]=0"),
        ("scale", 0.25, "SE_4_6[17]*=0.25"),
        ("set", -2, "SE_4_6[17]=-2"),
        ("static", 0.5, "SE_4_6[17]=static"),
        ("identity", 0.5, "SE_4_6[17]=identity"),
    ],
)
def test_a_click_edits_its_channel_by_the_chosen_act(handlers, record, act, value, text):
    news = handlers.click(click("SE_4_6", 17), record, History(), SIDE, act, value)
    p = handlers.parts
    assert news[p.text] == text
    assert news[p.answers] == said_by_the_library(record, text)
    *_, lines, _ = news[p.atlas].data
    assert lines.x[:2] == (17 / 384, 18 / 384)


@pytest.mark.parametrize(
    "event",
    [
        click("SE_9_9", 0),
        click("SE_2_1", 64),
        click("SE_2_1", -1),
        click("SE_2_1", "0; drop"),
        click(["SE_2_1"], 0),
        click("SE_2_1", None),
        SimpleNamespace(_data=None),
        SimpleNamespace(_data=["SE_2_1", 0]),
    ],
)
def test_a_forged_click_is_refused_and_nothing_changes(handlers, record, notices, event):
    news = handlers.click(event, record, history("SE_2_1=0"), SIDE, "silence", None)
    assert notices == ["That click named no gate; click a cell."]
    assert news[handlers.parts.text] == "SE_2_1=0"
    assert handlers.parts.answers not in news


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "To scale a gate, write a number beside it, such as 0.5."),
        (float("nan"), "In “SE_2_1[3]*=nan”, “nan” is not a number; write one such as 0.5."),
        (1e300, "In “SE_2_1[3]*=1e+300”, “1e+300” is too large; write one such as 0.5."),
    ],
)
def test_a_value_that_is_not_a_number_gets_a_sentence(handlers, record, notices, value, says):
    news = handlers.click(click("SE_2_1", 3), record, History(), SIDE, "scale", value)
    assert notices == [says]
    assert news[handlers.parts.text] == "intact"


@pytest.mark.parametrize(
    ("place", "channels", "text"),
    [
        ("SE_4_6", "10:20, 33", "SE_4_6[10:20,33]=0"),
        ("SE_4*", " [7] ", "SE_4*[7]=0"),
        ("SE_2_1", "", "SE_2_1=0"),
        (None, None, "all=0"),
    ],
)
def test_named_channels_are_edited(handlers, record, place, channels, text):
    news = handlers.apply(record, History(), SIDE, "silence", None, place, channels)
    assert news[handlers.parts.text] == text
    assert news[handlers.parts.answers] == said_by_the_library(record, text)


@pytest.mark.parametrize(
    ("channels", "says"),
    [
        ("20:10", "channels are written [10:20] or [3,7], counting from 0"),
        ("ten", "channels are written [10:20] or [3,7], counting from 0"),
        ("384", "SE_4_6 has the channels 0 to 383"),
    ],
)
def test_channels_that_are_none_get_a_sentence(handlers, record, notices, channels, says):
    news = handlers.apply(record, history("SE_2_1=0"), SIDE, "set", 0.5, "SE_4_6", channels)
    assert says in notices[0]
    assert news[handlers.parts.text] == "SE_2_1=0"
    assert handlers.parts.answers not in news


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SE_4_7=0", "did you mean SE_4_"),
        ("SE_4_6[384]=0", "SE_4_6 has the channels 0 to 383"),
        ("SE_4_6=sttic", "did you mean static"),
        ("SE_4_6=nan", "“nan” is not a number"),
        ("SE_4_6=resample@/etc/passwd", "names a file; it is for the command line"),
        ("mix(0.5,resample@x.jpg)", "names a file; it is for the command line"),
        ("twin", "twin is another network"),
        ("all=1e38", "overflows"),
        ("SE_4_6=1e300", "“1e300” is too large"),
        ("SE_4_6=shuffle@99999999999999999999999", "shuffle@ is followed by a seed"),
        ("mix(0.5," * 500 + "identity" + ")" * 500, "At most 8 mixes"),
    ],
)
def test_a_bad_text_gets_one_sentence_and_the_last_result_stays(
    handlers, record, notices, text, says
):
    before = history("SE_2_1=0")
    news = handlers.write(record, before, SIDE, text)
    p = handlers.parts
    assert len(notices) == 1
    assert says in notices[0]
    assert (news[p.text], news[p.history]) == ("SE_2_1=0", before)
    assert p.answers not in news
    assert p.atlas not in news


def test_an_emptied_text_is_the_intact_network(handlers, record):
    news = handlers.write(record, history("SE_2_1=0"), SIDE, "")
    assert news[handlers.parts.text] == "intact"
    assert "Nothing is edited: the network says" in news[handlers.parts.answers]


def test_edits_in_a_row_say_what_the_library_says_and_undoing_them_leads_to_intact(
    handlers, record
):
    p, made = handlers.parts, History()
    start = handlers.write(record, made, SIDE, "intact")[p.answers]
    names = [site.name for site in record.sites]
    for step in range(5):
        acts = ("silence", "scale", "set", "static")
        at = click(names[step % len(names)], 3 * step)
        news = handlers.click(at, record, made, SIDE, acts[step % 4], step / 10)
        made = news[p.history]
        assert news[p.answers] == said_by_the_library(record, arm_text(made.edits))
    assert len(made.edits) == 5
    for _ in range(5):
        assert news[p.undo].interactive
        news = handlers.undo(record, made, SIDE)
        made = news[p.history]
    assert news[p.answers] == start
    assert not news[p.undo].interactive
    assert news[p.redo].interactive
    assert handlers.redo(record, made, SIDE)[p.text] == "SE_2_1[0]=0"


def test_a_reset_can_be_undone(handlers, record):
    p = handlers.parts
    news = handlers.reset(record, history("SE_2_1=0; SE_4_6=1"), SIDE)
    assert (news[p.text], news[p.reset].interactive) == ("intact", False)
    assert handlers.undo(record, news[p.history], SIDE)[p.text] == "SE_2_1=0; SE_4_6=1"


def test_arrow_keys_select_without_an_edit(handlers, record, notices):
    moved = click("SE_4_6", 17, moved=True)
    assert handlers.click(moved, record, History(), SIDE, "silence", None) == gr.skip()
    assert not notices


def test_the_atlas_shows_the_gates_as_edited_as_trained_or_their_difference(handlers, record):
    p = handlers.parts
    both = handlers.write(record, History(), SIDE, "SE_2_1=0.5; SE_4*=static")[p.both]
    for side, of in (
        ("edited", lambda s: s[1]),
        ("with", lambda s: s[0]),
        ("difference", lambda s: s[0] - s[1]),
    ):
        drawn = handlers.draw(record, both, side)[p.atlas]
        for row, site in zip(drawn.data, record.sites, strict=False):
            np.testing.assert_array_equal(np.asarray(row.z)[0], of(both.s[site.name]))
    assert drawn.data[0].colorbar.title.text == "s, with gates − edited"
    assert "s differs by" in drawn.data[0].hovertemplate
    written = handlers.write(record, History(), "with", "SE_2_1=0.5")[p.atlas]
    np.testing.assert_array_equal(np.asarray(written.data[0].z)[0], record.s["SE_2_1"][0])


def test_the_atlas_of_no_trace_gets_a_sentence(handlers, record, notices):
    assert handlers.draw(None, None, "with") == handlers.draw(record, None, "with") == gr.skip()
    assert all("upload it (again)" in notice for notice in notices)


def test_the_answers_stand_beside_each_other_the_headline_first(handlers, record):
    p, text = handlers.parts, "SE_4*=static"
    news = handlers.write(record, History(), SIDE, text)
    both = traced(record, text)
    assert news[p.answers].startswith(html.headline(edited_headline(both)))
    assert re.findall("<h2>([^<]+)</h2>", news[p.answers]) == ["with gates", "edited"]
    assert news[p.answers].count("<li>") == 2 * columns.FIRST
    assert news[p.table] == columns.table(both, catalogue.find("embedded").title, TOPK)
    none = handlers.write(record, news[p.history], SIDE, "intact")
    assert "both columns are the same" in none[p.table]
    assert re.findall("<h2>([^<]+)</h2>", none[p.answers]) == ["with gates", "edited"]


def test_switching_a_stage_off_and_on(handlers, record):
    p = handlers.parts
    off = handlers.switch(tick("SE_4*", False), record, History(), SIDE, "static")
    assert off[p.text] == "SE_4*=static"
    shown = boxes(off[p.boxes])
    assert len(shown) == 4 + 16
    assert shown["SE_4*"] == ("false", "all edited")
    assert [place for place in shown if shown[place][0] == "false"] == [
        "SE_4*",
        *(f"SE_4_{i}" for i in range(1, 7)),
    ]
    assert off[p.answers] == said_by_the_library(record, "SE_4*=static")
    on = handlers.switch(tick("SE_4*", True), record, off[p.history], SIDE, "static")
    assert on[p.text] == "intact"
    assert set(boxes(on[p.boxes]).values()) == {("true", "")}


def test_a_stage_with_some_of_its_blocks_off_is_mixed_and_says_how_many(handlers, record):
    p = handlers.parts
    news = handlers.switch(tick("SE_3_3", False), record, History(), SIDE, "static")
    shown = boxes(news[p.boxes])
    assert shown["SE_3*"] == ("mixed", "1 of 4 edited")
    assert shown["SE_3_3"] == ("false", "=static")
    assert shown["SE_3_2"] == ("true", "")
    back = handlers.switch(tick("SE_3*", True), record, news[p.history], SIDE, "static")
    assert back[p.text] == "intact"


def test_boxes_say_the_rules_of_the_edits_not_the_one_that_is_chosen_now(handlers, record):
    p, made = handlers.parts, history("SE_5*=identity; SE_5_1*=0.5; SE_2_1[3:5]=0")
    news = handlers.switch(tick("SE_5_2", True), record, made, SIDE, "static")
    assert news[p.text] == "SE_5_1=identity; SE_5_3=identity; SE_5_1*=0.5; SE_2_1[3:5]=0"
    shown = boxes(news[p.boxes])
    assert shown["SE_5*"] == ("mixed", "2 of 3 edited")
    assert shown["SE_5_1"] == ("false", "=identity, *=0.5")
    assert shown["SE_2_1"] == ("true", "some channels edited")


@pytest.mark.parametrize(
    ("arm", "rule", "words"),
    [
        ("static", "static", "each gate held at its mean (static)"),
        ("identity", "identity", "each gate at 1 (identity)"),
        ("twin", "static", "each gate held at its mean (static)"),
    ],
)
def test_off_is_what_the_compared_column_does_to_gates(handlers, record, arm, rule, words):
    news = handlers.switch(tick("SE_2_1", False), record, History(), SIDE, arm)
    assert news[handlers.parts.text] == f"SE_2_1={rule}"
    assert words in handlers.explain_boxes(record, arm)[handlers.parts.off_help]
    assert handlers.explain_boxes(None, arm) == gr.skip()


@pytest.mark.parametrize("event", [tick("SE_9*", True), tick(None, False), tick(3, 1)])
def test_a_forged_tick_is_refused_and_nothing_changes(handlers, record, notices, event):
    news = handlers.switch(event, record, history("SE_2_1=0"), SIDE, "static")
    assert "There is no block" in notices[0]
    assert news[handlers.parts.text] == "SE_2_1=0"
    assert handlers.parts.answers not in news


def test_blocks_of_no_stage_have_boxes_without_one_above():
    sites = (Site("features.9.se", "features.9.se", None, None, 96, 24),)
    shown = boxes(surgery_html.switches(parse_arm("identity").edits, sites))
    assert shown == {"features.9.se": ("false", "=identity")}


def test_edits_stand_in_words_and_an_address_brings_them_back(handlers, record, notices):
    p, text = handlers.parts, "SE_4_6[10:20]*=1e+16; SE_5*=static"
    listed = handlers.write(record, History(), SIDE, text)[p.edits]
    assert "<li>stage 5: each gate held at its mean (static)</li>" in listed
    assert "address brings these edits back" in listed
    assert surgery_html.edits(()) == '<p class="facts">No gate is edited.</p>'
    news = handlers.link(request(urlencode({"edit": text})))
    assert arm_text(news[p.history].edits) == news[p.text] == text
    assert news[handlers.asked.open] == "surgery"
    assert news[handlers.tabs].selected == "surgery"
    assert not notices
    elsewhere = handlers.link(request(urlencode({"edit": text, "tab": "gates"})))
    assert set(elsewhere) == {p.history, p.text}  # they wait for the tab to be opened


def went(**query: str) -> SimpleNamespace:
    return SimpleNamespace(_data=query)


def test_going_back_and_forward_brings_the_edits_of_the_address(handlers, record, notices):
    p, made = handlers.parts, history("SE_4_6=0")
    news = handlers.return_to(went(edit="SE_2_1[3]=1"), record, made, SIDE)
    assert news[p.text] == "SE_2_1[3]=1"
    assert news[p.answers] == said_by_the_library(record, "SE_2_1[3]=1")
    assert handlers.undo(record, news[p.history], SIDE)[p.text] == "SE_4_6=0"
    assert handlers.return_to(went(model="embedded"), record, made, SIDE)[p.text] == "intact"
    assert handlers.return_to(went(edit="SE_4_6=0"), record, made, SIDE) == gr.skip()
    assert handlers.return_to(SimpleNamespace(_data=None), record, History(), SIDE) == gr.skip()
    assert not notices


def test_edits_of_another_networks_address_wait_for_its_trace(handlers, record, notices):
    p, there = handlers.parts, went(edit="SE_4_23=0", model="legacy_seresnet50")
    news = handlers.return_to(there, record, History(), SIDE)
    assert set(news) == {p.history, p.text}
    assert news[p.text] == "SE_4_23=0"
    assert handlers.return_to(went(edit="SE_2_1=0"), None, History(), SIDE)[p.text] == "SE_2_1=0"
    assert not notices


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"edit": "SE_4_6=sttic"}, "did you mean static"),
        ({"model": "../x", "edit": "all=0"}, "../x"),
    ],
)
def test_going_back_to_a_bad_address_gets_a_sentence(handlers, record, notices, query, says):
    assert handlers.return_to(went(**query), record, history("SE_2_1=0"), SIDE) == gr.skip()
    assert len(notices) == 1
    assert says in notices[0]


def request(query: str) -> SimpleNamespace:
    """Return what a handler reads of a request, parsed as the server parses it."""
    from starlette.datastructures import QueryParams

    return SimpleNamespace(query_params=QueryParams(query))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("edit=SE_4_6%3Dsttic", "did you mean static"),
        ("edit=resample@a.jpg", "names a file"),
        ("model=embedded&edit=all%3Dmix(1,resample@/etc/passwd)", "names a file"),
    ],
)
def test_a_link_with_a_bad_edit_gets_a_sentence_and_changes_nothing(handlers, notices, query, says):
    assert handlers.link(request(query)) == gr.skip()
    assert len(notices) == 1
    assert says in notices[0]


def test_an_address_without_edits_changes_nothing(handlers, notices):
    assert handlers.link(request("model=embedded")) == gr.skip()
    assert not notices


def test_a_new_photograph_gets_the_edits_that_are_there(handlers, record):
    p, made = handlers.parts, history("SE_4_6=0")
    other = ask(trace, "embedded", Image.new("RGB", (80, 80), (200, 30, 30)), [INTACT])
    news = handlers.arrive(other, "surgery", made, SIDE, "static", "silence")
    assert news[p.text] == "SE_4_6=0"
    assert news[p.answers] == said_by_the_library(other, "SE_4_6=0")
    assert np.array_equal(np.asarray(news[p.atlas].data[0].z)[0], other.s["SE_2_1"][0])
    assert news[p.both].arms[1].edits == made.edits


def test_while_another_tab_is_open_results_are_put_away_and_none_computed(handlers, record):
    p, made = handlers.parts, history("SE_4_6=0")
    news = handlers.arrive(record, "gates", made, SIDE, "static", "silence")
    assert news == {p.both: None, p.answers: "", p.table: "", p.atlas: None}  # the edits stay
    opened = handlers.open(record, None, made, SIDE, "static", "silence")
    assert opened[p.text] == "SE_4_6=0"
    assert handlers.open(record, opened[p.both], made, SIDE, "static", "silence") == gr.skip()
    assert handlers.open(None, None, made, SIDE, "static", "silence") == gr.skip()


def test_edits_made_on_another_page_are_shown_at_once_where_the_tab_is_open(handlers, record):
    p, made = handlers.parts, history("SE_4_6=0.5")
    both = traced(record, "SE_4_6=0.5")
    assert handlers.follow(record, both, "surgery", made, SIDE) == gr.skip()
    assert handlers.follow(None, both, "surgery", history("SE_4_6=0"), SIDE) == gr.skip()
    other = history("SE_4_6=0.5", "SE_2_1[3]=0")
    said = handlers.follow(record, both, "surgery", other, SIDE)
    assert said[p.answers] == said_by_the_library(record, "SE_2_1[3]=0")
    for opened, shown in (("gates", both), ("surgery", None)):
        said = handlers.follow(record, shown, opened, other, SIDE)
        assert (said[p.both], said[p.answers]) == (None, "")
        assert said[p.text] == "SE_2_1[3]=0"
        assert "SE_2_1, channel 3" in said[p.edits]


def test_edits_that_do_not_fit_a_new_network_are_left_out_with_a_sentence(
    handlers, record, notices
):
    p = handlers.parts
    made = history("SE_9_9=0; SE_4_6=0", "SE_4_23=0; SE_4_6=0; SE_2_1[64]=0")
    news = handlers.open(record, None, made, SIDE, "static", "silence")
    assert news[p.text] == "SE_4_6=0"
    assert len(notices) == 1
    assert "There is no block “SE_4_23” here" in notices[0]
    assert "“SE_4_23=0” is left out, and 1 more with it." in notices[0]
    assert handlers.undo(record, news[p.history], SIDE)[p.text] == "intact"


def test_static_is_offered_and_kept_only_where_there_are_statistics(
    handlers, record, notices, monkeypatch
):
    p = handlers.parts
    offered = handlers.open(record, None, History(), SIDE, "static", "static")
    assert "static" in [value for _, value in offered[p.act].choices]
    assert offered[p.act].value == "static"
    assert "static" in offered[p.text_help]
    for module in (surgery, results):
        monkeypatch.setattr(module, "reference", lambda key: None)
    news = handlers.open(record, None, history("SE_4_6=static"), SIDE, "identity", "static")
    assert news[p.text] == "intact"
    assert "no statistics of reference images" in notices[0]


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_a_network_without_statistics_hears_nothing_of_static_or_the_mean(handlers, photo):
    p = handlers.parts
    record = ask(trace, "lab_resnet_tanh", photo, [INTACT, IDENTITY])
    news = handlers.open(record, None, History(), SIDE, "identity", "static")
    assert news[p.act].value == "silence"
    said = [*sum(news[p.act].choices, ()), news[p.text_help], news[p.off_help], news[p.boxes]]
    assert not [text for text in said if "static" in text or "its mean" in text]


def test_without_a_photograph_an_edit_gets_a_sentence(handlers, notices):
    assert handlers.undo(None, History(), SIDE) == gr.skip()
    assert handlers.click(click("SE_2_1", 0), None, History(), SIDE, "silence", None) == gr.skip()
    assert all("upload it (again)" in notice for notice in notices)


def test_what_handlers_change_is_what_gradio_lets_them_change(demo, handlers, record):
    made, none = history("SE_2_1=0"), None
    both = handlers.open(record, None, made, SIDE, "static", "scale")[handlers.parts.both]
    calls = {
        "arrive": (record, "surgery", made, SIDE, "static", "scale"),
        "open": (record, none, made, SIDE, "static", "scale"),
        "follow": (record, both, "surgery", history("SE_2_2=0"), SIDE),
        "draw": (record, both, "with"),
        "click": (click("SE_2_1", 1), record, made, SIDE, "silence", none),
        "apply": (record, made, SIDE, "silence", none, "SE_2_1", "3"),
        "switch": (tick("SE_2*", False), record, made, SIDE, "static"),
        "explain_boxes": (record, "identity"),
        "write": (record, made, SIDE, "static"),
        "undo": (record, made, SIDE),
        "redo": (record, made, SIDE),
        "reset": (record, made, SIDE),
        "link": (request("edit=static"),),
        "return_to": (went(edit="static"), record, made, SIDE),
    }
    seen = set()
    for fn in demo.fns.values():
        if getattr(fn.fn, "__self__", None) is handlers:
            changed = getattr(handlers, fn.name)(*calls[fn.name])
            assert set(changed) <= set(fn.outputs), fn.name
            seen.add(fn.name)
    assert seen == set(calls)


def test_the_line_of_change_is_the_comparison(record):
    arms = [INTACT, parse_arm("all=0")]
    both = ask(retrace, "embedded", record.image, arms)
    change, written = compare(both, 1), columns.table(both, "x", 5)
    assert f"changes by {change.logit:+.2f}".replace("-", "−") in written
    assert f"{change.divergence:.3f} nats" in written
    assert f"up to {change.shift:.1f} standard deviations (large" in written


@pytest.fixture
def slider(demo) -> alpha.Handlers:
    return of(demo, alpha.Handlers)


@pytest.mark.parametrize("to", ["static", "identity", "uniform"])
def test_the_path_goes_from_the_intact_answers_to_the_references(slider, record, to):
    path = slider.choose(record, to, 0, None)[slider.path].path
    own = {name: gates[0] for name, gates in record.s.items()}
    ends = {
        "static": {n: b.s_mean for n, b in reference("embedded").blocks.items()},
        "identity": {n: np.ones_like(s) for n, s in own.items()},
        "uniform": {n: np.full_like(s, s.mean()) for n, s in own.items()},
    }
    np.testing.assert_allclose(path.logits[0], record.logits[0], atol=1e-3)
    assert path.alphas[[0, -1]].tolist() == [0, 1]
    assert len(path.alphas) == 21
    assert alpha_path.reference_gates("embedded", own, to).keys() == own.keys()
    for name, gates in alpha_path.reference_gates("embedded", own, to).items():
        np.testing.assert_array_equal(gates, ends[to][name])


def test_the_slider_shows_any_alpha_without_a_pass(slider, record, monkeypatch):
    path = slider.choose(record, "static", 0, None)[slider.path]
    monkeypatch.setattr(alpha_path, "ask", lambda *_, **named: pytest.fail("a pass"))
    news = slider.move(record, path, 0.35, None)
    assert "α = 0.35" in news[slider.answers]
    beyond = slider.move(record, path, 7, None)
    assert "α = 1.00" in beyond[slider.answers]
    said = path_words(path.path, record.labels, record.top(0, 1)[0].index)
    assert escape(" ".join(said)) in news[slider.answers]
    assert news[slider.curve].layout.shapes[0].x0 == pytest.approx(0.35)
    target = record.top(0, 1)[0]
    assert f'<th scope="row">{target.label}</th>' in news[slider.answers]
    assert news[slider.curve].data[0].name == target.label
    assert slider.move(None, None, 0.35, None) == gr.skip()


@pytest.mark.parametrize(
    ("target", "followed"), [(7, 7), (0, 0), (-1, None), (999, None), ("a", None)]
)
def test_the_curve_is_of_the_class_that_is_followed(slider, record, target, followed):
    drawn = slider.choose(record, "identity", 0, target)[slider.curve]
    index = record.top(0, 1)[0].index if followed is None else followed
    assert drawn.data[0].name == record.labels[index]


def test_a_curve_is_computed_once_and_only_where_it_is_in_sight(slider, record, notices):
    away = {slider.path: None, slider.curve: None, slider.answers: ""}
    assert slider.arrive(record, "gates", True, "static", 0.5, None) == away
    assert slider.arrive(record, "surgery", False, "static", 0.5, None) == away
    assert slider.arrive(None, "surgery", True, "static", 0.5, None) == away
    assert slider.open(record, None, False, "static", 0.5, None) == gr.skip()
    arrived = slider.arrive(record, "surgery", True, "static", 0.5, None)
    there = slider.open(record, None, True, "static", 0.5, None)
    assert set(arrived) == set(there) == {slider.path, slider.curve, slider.answers, slider.to}
    assert slider.open(record, there[slider.path], True, "static", 0.5, None) == gr.skip()
    assert [value for _, value in there[slider.to].choices] == ["static", "identity", "uniform"]
    assert slider.choose(None, "static", 0, None) == gr.skip()
    assert "upload it (again)" in notices[0]


def test_a_reference_without_statistics_gives_way(slider, record, notices, monkeypatch):
    monkeypatch.setattr(alpha_path, "reference", lambda key: None)
    there = slider.open(record, None, True, "static", 0, None)
    assert there[slider.path].path.reference == "identity"
    assert there[slider.to].value == "identity"

    def refuse(*_, **named):
        raise UserError("One sentence.")

    monkeypatch.setattr(alpha_path, "ask", refuse)
    assert slider.choose(record, "uniform", 0, None) == gr.skip()
    away = {slider.path: None, slider.curve: None, slider.answers: ""}
    assert slider.arrive(record, "surgery", True, "uniform", 0, None) == away
    assert notices == ["One sentence."] * 2


@pytest.mark.parametrize(("model", "warned"), [("nosqueeze", True), ("tanh", False)])
def test_where_nothing_is_squeezed_the_path_says_what_it_holds(slider, photo, model, warned):
    record = ask(trace, f"lab_resnet_{model}", photo, [INTACT])
    said = slider.open(record, None, True, "identity", 0.0, None)
    held = "not quite that of the network as trained" in said[slider.answers]
    assert held is warned


def test_all_gates_are_on_the_scale_of_the_network_as_trained(handlers, photo):
    record = ask(trace, "lab_resnet_relu", photo, [INTACT, IDENTITY])
    p = handlers.parts
    said = handlers.open(record, None, history("SE_2_1=9"), SIDE, "identity", "set")
    intact = handlers.draw(record, said[p.both], "with")[p.atlas]
    largest = max(float(s.max()) for s in record.s_computed.values())
    assert said[p.atlas].data[0].zmax == intact.data[0].zmax == largest
    assert "beyond" in said[p.atlas].data[0].colorbar.title.text
    assert "beyond" not in intact.data[0].colorbar.title.text


def test_memory_stays_flat_over_many_edits(handlers, record):
    process, sizes, kept = psutil.Process(), [], History()
    for step in range(60):
        news = handlers.write(record, kept, SIDE, f"SE_4_6[{step}]=0")
        kept = news[handlers.parts.history]
        sizes.append(process.memory_info().rss)
    assert np.median(sizes[-10:]) - np.median(sizes[20:30]) < 15e6
