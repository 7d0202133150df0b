"""The tab “What matters” without a browser."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from seviz.analysis.channels import effects
from seviz.answers import channels as channels_answer
from seviz.answers import necessity as necessity_answer
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.analysis import ChannelEffect, Drivers, Effects
from seviz.records.arms import INTACT
from seviz.records.sites import Site
from seviz.records.trace import Answer, Trace
from seviz.reference.diagnosis import Diagnosis, diagnose
from seviz.ui import state
from seviz.ui.explore.layout import lay_out_question
from seviz.ui.explore.matters import html as matters_html
from seviz.ui.explore.matters import tab as matters
from seviz.ui.explore.matters.layout import lay_out
from seviz.ui.parts import html

STATIC, IDENTITY = state.OFF
OPENED, ASKED = SimpleNamespace(target="the tab"), SimpleNamespace(target="a field")


@pytest.fixture(scope="module")
def handlers() -> matters.Handlers:
    with gr.Blocks():
        return matters.Handlers(lay_out_question("embedded", ""), lay_out())


@pytest.fixture(scope="module")
def record(photo) -> Trace:
    return ask(trace, "embedded", photo, [INTACT])


@pytest.fixture(scope="module")
def shown(handlers, record) -> matters.Shown:
    return weighed(handlers, record)[handlers.parts.shown]


@pytest.fixture
def tasks(monkeypatch) -> list[str]:
    """Collect the names of what is computed."""
    names: list[str] = []

    def counted(task, *args, **kwargs):
        names.append(task.__name__)
        return ask(task, *args, **kwargs)

    for module in (matters, necessity_answer):
        monkeypatch.setattr(module, "ask", counted)
    return names


def steps(handlers, record, event=OPENED, rule=None, target=None, shown=None, tab="matters"):
    return list(handlers.weigh(event, tab, record, rule, target, shown))


def weighed(handlers, record, *args, **kwargs) -> dict:
    """All that the steps say, as one dictionary."""
    merged: dict = {}
    for news in steps(handlers, record, *args, **kwargs):
        merged |= news if news != gr.skip() else {}
    return merged


def test_the_sentence_comes_before_the_channels_and_nothing_is_left_out(handlers, record):
    said = steps(handlers, record)
    p = handlers.parts
    assert ["waiting" in step[p.headline] for step in said] == [True, False, False]
    assert [step[p.effects] is not None for step in said] == [False, False, True]
    assert set(said[-1]) == set(vars(p).values())


def test_it_starts_from_the_first_answer_the_fairest_rule_and_the_strongest_gate(handlers, record):
    said = weighed(handlers, record)
    p = handlers.parts
    best = record.top(0, 1)[0]
    assert said[p.rule].value == STATIC
    assert said[p.target].value == best.index
    assert said[p.target].choices[0] == (best.label, best.index)
    strongest = ask(effects, "embedded", record.image).top[0]
    assert (said[p.block], said[p.channel]) == (strongest.site, strongest.channel)
    assert f"changes the answer “{best.label}” most" in said[p.headline]
    assert f"Gate {strongest.channel} of {strongest.site}" in said[p.facts]


def test_nothing_is_computed_for_another_tab(handlers, record, tasks):
    arrived = SimpleNamespace(target=handlers.asked.record)
    assert steps(handlers, record, arrived, tab="gates") == [gr.skip()]
    assert steps(handlers, None) == [gr.skip()]
    assert not tasks


def test_a_photograph_that_arrives_while_the_tab_is_open_is_shown(handlers, record):
    arrived = SimpleNamespace(target=handlers.asked.record)
    assert weighed(handlers, record, arrived)[handlers.parts.shown].record is record


def test_one_question_is_computed_once(handlers, record, shown, tasks):
    target = shown.effects.target.index
    assert steps(handlers, record, rule=STATIC, target=target, shown=shown) == [gr.skip()]
    off = replace(record, arms=(state.OFF[IDENTITY],))  # only what “off” means is another
    assert steps(handlers, off, rule=STATIC, target=target, shown=shown) == [gr.skip()]
    assert not tasks


def test_another_rule_asks_only_for_the_blocks(handlers, record, shown, tasks):
    target = shown.effects.target.index
    said = weighed(handlers, record, ASKED, IDENTITY, target, shown)
    p = handlers.parts
    assert tasks == ["necessity"]
    assert set(said) == {p.headline, p.blocks, p.shown}
    assert "Setting the gates of" in said[p.headline]
    assert said[p.shown].effects is shown.effects


def test_another_target_asks_for_blocks_and_channels(handlers, record, shown, tasks):
    second = record.top(0, 2)[1]
    said = weighed(handlers, record, ASKED, STATIC, second.index, shown)
    assert tasks == ["necessity", "effects", "drivers"]
    assert said[handlers.parts.shown].effects.target.label == second.label
    assert f"the logit of {second.label}" in said[handlers.parts.facts]


def test_another_photograph_takes_the_last_ones_figures_away_at_once(handlers, shown):
    other = ask(trace, "embedded", Image.new("RGB", (64, 64), (200, 30, 30)), [INTACT])
    first, *_, last = steps(handlers, other, OPENED, IDENTITY, 3, shown)
    p = handlers.parts
    assert first[p.blocks] is first[p.effects] is first[p.drivers] is first[p.shown] is None
    assert first[p.top] == first[p.facts] == first[p.nearest] == ""
    assert last[p.rule].value == IDENTITY  # what was chosen stays, as the network did
    assert last[p.target].value == other.top(0, 1)[0].index


@pytest.mark.parametrize("target", [-1, 200, "0; drop", None, 1.5])
def test_a_target_that_is_no_class_is_the_first_answer(handlers, record, shown, target):
    assert matters._question(record, STATIC, target, shown) == (STATIC, record.top(0, 1)[0].index)


def test_what_cant_be_computed_is_a_notice_and_no_stale_figure(
    handlers, record, notices, monkeypatch
):
    def refused(*args, **kwargs):
        raise UserError("One sentence.")

    monkeypatch.setattr(necessity_answer, "ask", refused)
    said = weighed(handlers, record)
    assert notices == ["One sentence."]
    assert "open this tab again" in said[handlers.parts.headline]
    assert said[handlers.parts.shown] is None


def test_a_refusal_after_another_rule_leaves_all_as_it_is(
    handlers, record, shown, notices, monkeypatch
):
    def refused(*args, **kwargs):
        raise UserError("One sentence.")

    monkeypatch.setattr(necessity_answer, "ask", refused)
    target = shown.effects.target.index
    assert steps(handlers, record, ASKED, IDENTITY, target, shown) == [gr.skip()]
    assert notices == ["One sentence."]


def test_without_reference_statistics_it_shows_the_rest_and_says_what_is_missing(
    handlers, record, monkeypatch
):
    for module in (matters, state, channels_answer):
        monkeypatch.setattr(module, "reference", lambda key: None)
    said = weighed(handlers, record)
    p = handlers.parts
    assert said[p.rule].value == IDENTITY
    assert said[p.places] is None
    assert "python -m seviz profile" in said[p.nearest]
    assert "Setting the gates of" in said[p.headline]
    assert "reference images" not in said[p.facts]
    assert "constant" not in said[p.diagnoses]


def test_a_click_opens_the_gate_of_its_cell(handlers, shown, monkeypatch):
    still = Diagnosis("SE_3_1", 0.0, 0.0, 1.0, 1e-12, 1.0, "constant")
    monkeypatch.setattr(matters, "block_diagnosis", lambda record, block: still)
    of_block = shown.effects.first_order["SE_3_1"]
    event = SimpleNamespace(_data={"name": "SE_3_1", "position": 0})
    said = handlers.click(event, shown)
    assert said[handlers.parts.block] == "SE_3_1"
    assert said[handlers.parts.channel] == int(of_block.argmax())
    assert "SE_3_1 is constant" in said[handlers.parts.facts]


@pytest.mark.parametrize(
    "data",
    [{}, {"name": "SE_9_9", "position": 0}, {"name": "SE_2_1", "position": 64}, None],
)
def test_a_forged_click_is_refused_with_a_sentence(handlers, shown, notices, data):
    assert handlers.click(SimpleNamespace(_data=data), shown) == gr.skip()
    assert notices == ["That click named no channel; click a cell."]


@pytest.mark.parametrize(
    ("block", "channel", "says"),
    [
        ("SE_2_1", 64, "SE_2_1 has the channels 0 to 63; choose one."),
        ("SE_2_1", 2.5, "SE_2_1 has the channels 0 to 63; choose one."),
        ("SE_9_9", 0, "There is no block SE_9_9 in this network; choose one."),
    ],
)
def test_a_gate_that_does_not_exist_gets_a_sentence(handlers, shown, notices, block, channel, says):
    assert handlers.inspect(block, channel, shown) == gr.skip()
    assert notices == [says]


def test_a_gate_is_opened_by_its_fields(handlers, record, shown):
    said = handlers.inspect("SE_4_6", 3, shown)
    p = handlers.parts
    assert f"Gate 3 of SE_4_6 (s = {record.s['SE_4_6'][0][3]:.4f})" in said[p.facts]
    assert set(said) == {p.block, p.channel, p.facts, p.drivers, p.places, p.nearest}
    assert handlers.inspect("SE_4_6", None, shown) == gr.skip()


@pytest.mark.parametrize("channel", [576, None])
def test_a_block_without_the_open_channel_opens_at_its_strongest(handlers, shown, channel):
    strongest = abs(shown.effects.first_order["SE_4_6"]).argmax()
    assert handlers.enter("SE_4_6", channel, shown)[handlers.parts.channel] == strongest
    assert handlers.enter("SE_4_6", 3, shown)[handlers.parts.channel] == 3


def test_before_any_photograph_a_gate_gets_a_sentence(handlers, notices):
    assert handlers.inspect(None, 0, None) == gr.skip()
    assert "upload it (again)" in notices[0]


def test_nearest_classes_have_names_for_people(handlers, shown):
    said = handlers.inspect("SE_4_1", 0, shown)[handlers.parts.nearest]
    assert said.count("<tr") == 1 + matters.NEAREST
    assert "n0" not in said


def test_the_tables_are_escaped_and_leave_out_what_is_not_known():
    top = (ChannelEffect("SE_2_1", 7, 0.5, -0.25, -0.125),)
    found = Effects(Answer(0, "<b>", 0.5, 1.0), {}, top)
    listed = matters_html.top_channels(found, {})
    assert "<b>" not in listed
    assert "<td>0.500</td><td>−0.250</td><td>−0.125</td><td></td>" in listed
    assert "<td>83</td>" in matters_html.top_channels(found, {("SE_2_1", 7): 83.4})
    assert "<i>" not in matters_html.nearest("SE_2_1", [("<i>", 0.5)])
    assert "all classes have the same mean gates" in matters_html.nearest("SE_2_1", [])
    assert "<u>" not in html.headline("<u>")


@pytest.mark.parametrize(
    ("variance", "written"),
    [
        (None, ""),
        (2.2e-6, "0.0000022"),
        (1.4e-3, "0.0014"),
        (3e-9, "&lt; 10⁻⁶"),
        (0.0, "&lt; 10⁻⁶"),
    ],
)
def test_a_block_at_work_has_its_figures(variance, written):
    found = Diagnosis("SE_2_1", 0.25, 0.0, 0.875, variance, None, "")
    listed = matters_html.diagnoses([(Site("p", "SE_2_1", 2, 1, 64, 8), found)])
    cells = f"<td>at work</td><td>8</td><td>25 %</td><td>0.0 %</td><td>0.88</td><td>{written}</td>"
    assert f'<tr class=""><th scope="row">SE_2_1</th>{cells}</tr>' in listed


@pytest.mark.parametrize("verdict", ["dead", "saturated", "constant"])
def test_a_block_without_work_is_set_apart_and_named(verdict):
    found = Diagnosis("SE_2_1", 0.0, 0.0, None, 0.0, 1.0, verdict)
    listed = matters_html.diagnoses([(Site("p", "SE_2_1", 2, 1, 64, 8), found)])
    assert f'<tr class="idle"><th scope="row">SE_2_1</th><td>{verdict}: they ' in listed


def test_what_was_not_squeezed_has_no_descriptors_to_draw(handlers, photo):
    record = ask(trace, "lab_resnet_nosqueeze", photo, [INTACT])
    found = ask(effects, record.model, record.image)
    told = handlers._gate(record, found, record.sites[0].name, 0)
    assert told[handlers.parts.drivers] is None
    assert "has no descriptors" in told[handlers.parts.facts]


def test_shut_is_around_0_where_gates_may_be_negative():
    site = Site("p", "SE_2_1", 2, 1, 2, 1, "tanh")
    table = matters_html.diagnoses([(site, diagnose("SE_2_1", np.float32([-0.5, 0.01]), None))])
    assert "|s| &lt; 0.05" in table


def test_a_gate_that_no_descriptor_moves_has_no_chart_of_them(handlers, record, monkeypatch):
    found = ask(effects, record.model, record.image)
    still = Drivers("SE_2_1", 0, record.z["SE_2_1"][0], np.zeros(64, np.float32))
    ask_ = matters.ask
    monkeypatch.setattr(
        matters,
        "ask",
        lambda task, *a, **n: still if task is matters.drivers else ask_(task, *a, **n),
    )
    told = handlers._gate(record, found, "SE_2_1", 0)
    assert told[handlers.parts.drivers] is None
    assert "No descriptor moves it" in told[handlers.parts.facts]
