"""The handlers of the tab “Surgery” and of its α slider, without a browser."""

from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from seviz.analysis.against_intact import compare
from seviz.errors import UserError
from seviz.gates.grammar import arm_text, parse_arm
from seviz.gates.history import History
from seviz.passes.dispatch import ask
from seviz.passes.forward import retrace, trace
from seviz.records.arms import INTACT, STATIC
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.ui import app, state
from seviz.ui.explore import page as explore
from seviz.ui.explore.surgery import alpha, results
from seviz.ui.explore.surgery import tab as surgery
from seviz.ui.parts import html
from seviz.zoo import catalogue

STATIC_OFF, IDENTITY_OFF = state.OFF


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
    arms = [INTACT, STATIC]
    return ask(trace, "embedded", photo, arms, recorded=recorded_for("embedded", arms))


def history(*texts: str) -> History:
    """Return a history with one step for each text."""
    made = History()
    for text in texts:
        made = made.replace(parse_arm(text).edits)
    return made


def said_by_the_library(record: Trace, text: str) -> str:
    """Return the answers as the page must show them, from a pass of the library's own."""
    arms = [INTACT, parse_arm(text)]
    both = ask(retrace, record.model, record.image, arms, recorded=recorded_for(record.model, arms))
    return html.edited_answers(both, catalogue.find(record.model).title, 5)


def click(name: object, position: object) -> SimpleNamespace:
    return SimpleNamespace(_data={"name": name, "position": position})


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
    news = handlers.click(click("SE_4_6", 17), record, History(), act, value)
    p = handlers.parts
    assert news[p.text] == text
    assert news[p.answers] == said_by_the_library(record, text)
    *_, lines, _ = news[p.edited].data
    assert lines.x[:2] == (17 / 384, 18 / 384)


@pytest.mark.parametrize(
    "event",
    [
        click("SE_9_9", 0),
        click("SE_2_1", 64),
        click("SE_2_1", -1),
        click("SE_2_1", "0; drop"),
        click(["SE_2_1"], 0),
        SimpleNamespace(_data=None),
    ],
)
def test_a_forged_click_is_refused_and_nothing_changes(handlers, record, notices, event):
    news = handlers.click(event, record, history("SE_2_1=0"), "silence", None)
    assert notices == ["That click named no channel; click a cell."]
    assert news[handlers.parts.text] == "SE_2_1=0"
    assert handlers.parts.answers not in news


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "To scale a gate, write a number beside it, such as 0.5."),
        (float("nan"), "In “SE_2_1[3]*=nan”, “nan” is not a number; write one such as 0.5."),
        (1e300, "In “SE_2_1[3]*=1e+300”, “1e+300” is not a number; write one such as 0.5."),
    ],
)
def test_a_value_that_is_not_a_number_gets_a_sentence(handlers, record, notices, value, says):
    news = handlers.click(click("SE_2_1", 3), record, History(), "scale", value)
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
    news = handlers.apply(record, History(), "silence", None, place, channels)
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
    news = handlers.apply(record, history("SE_2_1=0"), "set", 0.5, "SE_4_6", channels)
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
        ("SE_4_6=1e300", "“1e300” is not a number"),
        ("SE_4_6=shuffle@99999999999999999999999", "shuffle@ is followed by a seed"),
        ("mix(0.5," * 500 + "identity" + ")" * 500, "At most 8 mixes"),
    ],
)
def test_a_bad_text_gets_one_sentence_and_the_last_result_stays(
    handlers, record, notices, text, says
):
    before = history("SE_2_1=0")
    news = handlers.write(record, before, text)
    p = handlers.parts
    assert len(notices) == 1
    assert says in notices[0]
    assert (news[p.text], news[p.history]) == ("SE_2_1=0", before)
    assert p.answers not in news
    assert p.edited not in news


def test_an_emptied_text_is_the_intact_network(handlers, record):
    news = handlers.write(record, history("SE_2_1=0"), "")
    assert news[handlers.parts.text] == "intact"
    assert "Nothing is edited: the network says" in news[handlers.parts.answers]


def test_edits_in_a_row_say_what_the_library_says_and_undoing_them_leads_to_intact(
    handlers, record
):
    p, made = handlers.parts, History()
    start = handlers.write(record, made, "intact")[p.answers]
    names = [site.name for site in record.sites]
    for step in range(5):
        acts = ("silence", "scale", "set", "static")
        at = click(names[step % len(names)], 3 * step)
        news = handlers.click(at, record, made, acts[step % 4], step / 10)
        made = news[p.history]
        assert news[p.answers] == said_by_the_library(record, arm_text(made.edits))
    assert len(made.edits) == 5
    for _ in range(5):
        assert news[p.undo].interactive
        news = handlers.undo(record, made)
        made = news[p.history]
    assert news[p.answers] == start
    assert not news[p.undo].interactive
    assert news[p.redo].interactive
    assert handlers.redo(record, made)[p.text] == "SE_2_1[0]=0"


def test_a_reset_can_be_undone(handlers, record):
    p = handlers.parts
    news = handlers.reset(record, history("SE_2_1=0; SE_4_6=1"))
    assert (news[p.text], news[p.reset].interactive) == ("intact", False)
    assert handlers.undo(record, news[p.history])[p.text] == "SE_2_1=0; SE_4_6=1"


def test_switching_a_stage_off_and_on(handlers, record):
    p = handlers.parts
    stages = ["SE_2*", "SE_3*", "SE_4*", "SE_5*"]
    off = handlers.switch_stages(record, History(), ["SE_2*", "SE_3*", "SE_5*"], STATIC_OFF)
    assert off[p.text] == "SE_4*=static"
    assert off[p.stages] == ["SE_2*", "SE_3*", "SE_5*"]
    assert len(off[p.blocks]) == 16 - 6
    assert off[p.answers] == said_by_the_library(record, "SE_4*=static")
    on = handlers.switch_stages(record, off[p.history], stages, STATIC_OFF)
    assert (on[p.text], on[p.stages], len(on[p.blocks])) == ("intact", stages, 16)


def test_a_block_can_be_switched_on_in_a_stage_that_is_off(handlers, record):
    p = handlers.parts
    ticked = [site.name for site in record.sites if site.stage != 5]
    news = handlers.switch_blocks(
        record, history("SE_5*=identity"), [*ticked, "SE_5_2"], STATIC_OFF
    )
    assert news[p.text] == "SE_5_1=identity; SE_5_3=identity"
    assert news[p.stages] == ["SE_2*", "SE_3*", "SE_4*"]  # of the last, not all are as trained
    ticked = [*ticked, "SE_5_2"]
    ticked.remove("SE_2_1")
    news = handlers.switch_blocks(record, news[p.history], ticked, IDENTITY_OFF)
    assert news[p.text] == "SE_5_1=identity; SE_5_3=identity; SE_2_1=identity"


def test_edits_stand_in_words_with_a_link_that_leads_back_to_them(handlers, record, notices):
    p, text = handlers.parts, "SE_4_6[10:20]*=1e+16; SE_5*=static"
    listed = handlers.write(record, History(), text)[p.edits]
    assert "<li>stage 5: each gate held at its mean (static)</li>" in listed
    address = listed.split('href="?')[1].split('"')[0].unescape()
    news = handlers.link(request(address))
    assert arm_text(news[p.history].edits) == text
    assert news[handlers.asked.open] == "surgery"
    assert news[handlers.tabs].selected == "surgery"
    assert "photograph that you upload" in notices[0]


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


def test_a_link_chooses_the_network(demo, notices):
    question = of(demo, explore.Handlers)
    *_, last = question.link(request("model=legacy_seresnet50"), STATIC_OFF)
    assert "can't be used" in notices[0]  # it is not on this machine: the embedded one stays
    assert last[question.asked.model] == "embedded"
    *_, last = question.link(request("model=seresnet50_slim"), STATIC_OFF)
    assert last[question.asked.model] == "embedded"
    assert question.asked.record not in last


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("seresnet51", "There is no network “seresnet51”; did you mean"),
        ("../secret", "There is no network “../secret”"),
        ("twin", "has no gates to open"),
    ],
)
def test_a_link_to_no_network_gets_a_sentence(demo, notices, model, says):
    question = of(demo, explore.Handlers)
    steps = list(question.link(request(f"model={model}"), STATIC_OFF))
    assert steps == [gr.skip()]
    assert says in notices[0]


def test_a_new_photograph_gets_the_edits_that_are_there(handlers, record):
    p, made = handlers.parts, history("SE_4_6=0")
    other = ask(trace, "embedded", Image.new("RGB", (80, 80), (200, 30, 30)), [INTACT])
    news = handlers.arrive(other, "surgery", made, STATIC_OFF, "silence")
    assert news[p.text] == "SE_4_6=0"
    assert news[p.answers] == said_by_the_library(other, "SE_4_6=0")
    assert np.array_equal(np.asarray(news[p.intact].data[0].z)[0], other.s["SE_2_1"][0])
    assert news[p.drawn] is True


def test_while_another_tab_is_open_results_are_put_away_and_none_computed(handlers, record):
    p = handlers.parts
    news = handlers.arrive(record, "gates", history("SE_4_6=0"), STATIC_OFF, "silence")
    assert (news[p.drawn], news[p.answers], news[p.intact], news[p.edited]) == (
        False,
        "",
        None,
        None,
    )
    assert p.history not in news  # the edits stay
    assert (
        handlers.open(record, False, history("SE_4_6=0"), STATIC_OFF, "silence")[p.text]
        == "SE_4_6=0"
    )
    assert handlers.open(record, True, History(), STATIC_OFF, "silence") == gr.skip()
    assert handlers.open(None, False, History(), STATIC_OFF, "silence") == gr.skip()


def test_edits_that_do_not_fit_a_new_network_are_left_out_with_a_sentence(
    handlers, record, notices
):
    p = handlers.parts
    made = history("SE_9_9=0; SE_4_6=0", "SE_4_23=0; SE_4_6=0; SE_2_1[64]=0")
    news = handlers.open(record, False, made, STATIC_OFF, "silence")
    assert news[p.text] == "SE_4_6=0"
    assert len(notices) == 1
    assert "There is no block “SE_4_23” here" in notices[0]
    assert "“SE_4_23=0” is left out, and 1 more with it." in notices[0]
    assert handlers.undo(record, news[p.history])[p.text] == "intact"


def test_static_is_offered_and_kept_only_where_there_are_statistics(
    handlers, record, notices, monkeypatch
):
    p = handlers.parts
    offered = handlers.open(record, False, History(), STATIC_OFF, "static")
    assert "static" in [value for _, value in offered[p.act].choices]
    assert offered[p.act].value == "static"
    assert offered[p.blocks].value == [site.name for site in record.sites]  # all are ticked
    assert offered[p.stages].label.endswith("unticked with each gate at its mean (static)")
    for module in (surgery, results):
        monkeypatch.setattr(module, "reference", lambda key: None)
    news = handlers.open(record, False, history("SE_4_6=static"), IDENTITY_OFF, "static")
    assert news[p.act].value == "silence"
    assert "static" not in [value for _, value in news[p.act].choices]
    assert news[p.text] == "intact"
    assert "no statistics of reference images" in notices[0]


def test_without_a_photograph_an_edit_gets_a_sentence(handlers, notices):
    assert handlers.undo(None, History()) == gr.skip()
    assert handlers.click(click("SE_2_1", 0), None, History(), "silence", None) == gr.skip()
    assert all("upload it (again)" in notice for notice in notices)


def test_what_handlers_change_is_what_gradio_lets_them_change(demo, handlers, record):
    made, none = history("SE_2_1=0"), None
    calls = {
        "arrive": (record, "surgery", made, STATIC_OFF, "scale"),
        "open": (record, False, made, STATIC_OFF, "scale"),
        "click": (click("SE_2_1", 1), record, made, "silence", none),
        "apply": (record, made, "silence", none, "SE_2_1", "3"),
        "switch_stages": (record, made, [], STATIC_OFF),
        "switch_blocks": (record, made, [], STATIC_OFF),
        "write": (record, made, "static"),
        "undo": (record, made),
        "redo": (record, made),
        "reset": (record, made),
        "link": (request("edit=static"),),
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
    change, written = compare(both, 1), html.edited_answers(both, "x", 5)
    assert f"changes by {change.logit:+.2f}".replace("-", "−") in written
    assert f"{change.divergence:.3f} nats" in written
    assert f"up to {change.shift:.1f} standard deviations (large" in written


@pytest.fixture
def slider(demo) -> alpha.Handlers:
    return of(demo, alpha.Handlers)


@pytest.mark.parametrize("to", ["static", "identity", "uniform"])
def test_the_path_goes_from_the_intact_answers_to_the_references(slider, record, to):
    path = slider.choose(record, to, 0)[slider.path]
    own = {name: gates[0] for name, gates in record.s.items()}
    ends = {
        "static": {n: b.s_mean for n, b in reference("embedded").blocks.items()},
        "identity": {n: np.ones_like(s) for n, s in own.items()},
        "uniform": {n: np.full_like(s, s.mean()) for n, s in own.items()},
    }
    np.testing.assert_allclose(path.logits[0], record.logits[0], atol=1e-3)
    assert path.alphas[[0, -1]].tolist() == [0, 1]
    assert len(path.alphas) == 21
    assert alpha.reference_gates("embedded", own, to).keys() == own.keys()
    for name, gates in alpha.reference_gates("embedded", own, to).items():
        np.testing.assert_array_equal(gates, ends[to][name])


def test_the_slider_shows_any_alpha_without_a_pass(slider, record, monkeypatch):
    path = slider.choose(record, "static", 0)[slider.path]
    monkeypatch.setattr(alpha, "ask", lambda *_, **named: pytest.fail("a pass"))
    news = slider.move(record, path, 0.35)
    assert "α = 0.35" in news[slider.answers]
    assert news[slider.curve].layout.shapes[0].x0 == pytest.approx(0.35)
    target = record.top(0, 1)[0]
    assert f'<th scope="row">{target.label}</th>' in news[slider.answers]
    assert slider.move(None, None, 0.35) == gr.skip()


def test_a_curve_is_computed_once_and_not_while_another_tab_is_open(slider, record, notices):
    news = slider.arrive(record, "gates", "static", 0.5)
    assert (news[slider.path], news[slider.curve], news[slider.answers]) == (None, None, "")
    there = slider.open(record, None, "static", 0.5)
    assert slider.open(record, there[slider.path], "static", 0.5) == gr.skip()
    assert [value for _, value in there[slider.to].choices] == ["static", "identity", "uniform"]
    assert slider.choose(None, "static", 0) == gr.skip()
    assert "upload it (again)" in notices[0]


def test_a_reference_without_statistics_gives_way(slider, record, notices, monkeypatch):
    monkeypatch.setattr(alpha, "reference", lambda key: None)
    there = slider.open(record, None, "static", 0)
    assert there[slider.path].reference == "identity"
    assert there[slider.to].value == "identity"

    def refuse(*_, **named):
        raise UserError("One sentence.")

    monkeypatch.setattr(alpha, "ask", refuse)
    assert slider.choose(record, "uniform", 0) == gr.skip()
    assert notices == ["One sentence."]


def test_where_nothing_is_squeezed_the_path_says_what_it_holds(slider, photo):
    record = ask(trace, "lab_resnet_nosqueeze", photo, [INTACT])
    said = slider.open(record, None, "identity", 0.0)
    assert "not quite that of the network as trained" in said[slider.answers]
    assert (
        "not quite"
        not in slider.open(ask(trace, "lab_resnet_tanh", photo, [INTACT]), None, "identity", 0.0)[
            slider.answers
        ]
    )


def test_both_atlases_are_on_the_scale_of_the_network_as_trained(handlers, photo):
    record = ask(trace, "lab_resnet_relu", photo, [INTACT])
    said = handlers.open(record, False, history("SE_2_1=9"), IDENTITY_OFF, "set")
    p = handlers.parts
    largest = max(float(s[0].max()) for s in record.s.values())
    assert said[p.intact].data[0].zmax == said[p.edited].data[0].zmax == largest
    assert "beyond" in said[p.edited].data[0].colorbar.title.text
