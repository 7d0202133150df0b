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
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN, UNIFORM, Rule
from seviz.records.sites import Site
from seviz.records.trace import Answer, Trace
from seviz.reference import arm_choice
from seviz.reference.diagnosis import Diagnosis, diagnose
from seviz.ui import state
from seviz.ui.explore.inspector.layout import lay_out_fields
from seviz.ui.explore.layout import lay_out_answers, lay_out_rail, states
from seviz.ui.explore.matters import html as matters_html
from seviz.ui.explore.matters import tab as matters
from seviz.ui.explore.matters.layout import lay_out
from seviz.ui.parts import html
from seviz.ui.state import followed

STATIC_RULE, IDENTITY_RULE = Rule("static"), Rule("identity")
OPENED = SimpleNamespace(target="the tab")
OPENS_SE_2_1 = '<button type="button" data-name="SE_2_1" title="Open SE_2_1">SE_2_1</button>'


@pytest.fixture(scope="module")
def handlers() -> matters.Handlers:
    with gr.Blocks():
        rail, answers = lay_out_rail("embedded", None), lay_out_answers(None)
        asked = state.Asked(**rail, **answers, **lay_out_fields(None), **states(), first=None)
        return matters.Handlers(asked, lay_out(asked.weighed))


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


def steps(
    handlers, record, event=OPENED, arm="static", target=None, shown=None, tab="matters", fold=False
):
    return list(handlers.weigh(event, tab, record, arm, target, fold, shown))


def weighed(handlers, record, *args, **kwargs) -> dict:
    """All that the steps say, as one dictionary."""
    merged: dict = {}
    for news in steps(handlers, record, *args, **kwargs):
        merged |= news if news != gr.skip() else {}
    return merged


def test_what_is_computed_comes_at_once_and_nothing_is_left_out(handlers, record):
    said = steps(handlers, record)
    p = handlers.parts
    assert ["waiting" in step[p.headline] for step in said] == [True, False]
    assert [step[p.effects] is not None for step in said] == [False, True]
    assert set(said[-1]) == set(p.answers)


def test_it_speaks_of_the_first_answer_the_compared_arm_and_the_strongest_gate(handlers, record):
    said = weighed(handlers, record)
    p = handlers.parts
    best = record.top(0, 1)[0]
    assert said[p.shown].rule == STATIC_RULE
    assert said[p.shown].effects.target.index == best.index
    strongest = ask(effects, "embedded", record.image).ranked[0]
    assert f"moves “{best.label}” most" in said[p.headline]
    assert f"Gate {strongest.channel} of {strongest.site}" in said[p.strongest]


@pytest.mark.parametrize(
    ("arms", "arm", "rule"),
    [
        ([INTACT, IDENTITY, TWIN], "identity", IDENTITY_RULE),
        ([INTACT, IDENTITY, TWIN], "twin", STATIC_RULE),  # it has no gates to replace
        ([INTACT, UNIFORM], "uniform", Rule("uniform")),
        ([INTACT], "sideways", STATIC_RULE),
    ],
)
def test_gates_are_replaced_by_those_of_the_compared_column(handlers, record, arms, arm, rule):
    other = replace(record, arms=tuple(arms))
    assert weighed(handlers, other, arm=arm)[handlers.parts.shown].rule == rule


def test_nothing_is_computed_for_another_tab(handlers, record, tasks):
    for asks in (handlers.asked.record, handlers.asked.choice):
        arrived = SimpleNamespace(target=asks)
        assert steps(handlers, record, arrived, tab="gates") == [gr.skip()]
    assert steps(handlers, None) == [gr.skip()]
    assert not tasks


def test_a_photograph_that_arrives_while_the_tab_is_open_is_shown(handlers, record):
    arrived = SimpleNamespace(target=handlers.asked.record)
    assert weighed(handlers, record, arrived)[handlers.parts.shown].record is record


def test_one_question_is_computed_once(handlers, record, shown, tasks):
    target = shown.effects.target.index
    assert steps(handlers, record, target=target, shown=shown) == [gr.skip()]
    more = replace(record, arms=(INTACT, STATIC, TWIN))  # only the columns are others
    assert steps(handlers, more, target=target, shown=shown) == [gr.skip()]
    assert not tasks


def test_another_arm_asks_only_for_the_blocks(handlers, record, shown, tasks):
    target, other = shown.effects.target.index, replace(record, arms=(INTACT, IDENTITY))
    event = SimpleNamespace(target=handlers.asked.arm)
    said = weighed(handlers, other, event, "identity", target, shown)
    p = handlers.parts
    assert tasks == ["_weigh"]
    assert set(said) == {p.headline, p.blocks, p.shown}
    assert "Setting the gates of" in said[p.headline]
    assert said[p.shown].effects is shown.effects


def test_another_target_asks_for_blocks_and_channels(handlers, record, shown, tasks):
    second = record.top(0, 2)[1]
    event = SimpleNamespace(target=handlers.asked.target)
    said = weighed(handlers, record, event, "static", second.index, shown)
    assert tasks == ["_weigh", "drivers"]
    assert said[handlers.parts.shown].effects.target.label == second.label
    assert f"the logit of {second.label}" in said[handlers.parts.strongest]


def test_another_photograph_takes_the_last_ones_figures_away_at_once(handlers, shown):
    other = ask(trace, "embedded", Image.new("RGB", (64, 64), (200, 30, 30)), [INTACT])
    first, *_, last = steps(handlers, other, shown=shown)
    p = handlers.parts
    assert first[p.blocks] is first[p.effects] is first[p.shown] is None
    assert first[p.strongest] == first[p.top] == first[p.diagnoses] == ""
    assert last[p.shown].record is other
    assert last[p.shown].effects.target.index == other.top(0, 1)[0].index


def test_blocks_are_diagnosed_when_that_part_is_open(handlers, record, shown):
    p = handlers.parts
    said = handlers.unfold(record)
    assert said[p.unfolded] is True
    assert said[p.diagnoses].count("<tr") == 1 + len(record.sites)
    assert handlers.unfold(None) == {p.unfolded: True}
    assert handlers.fold() == {p.unfolded: False}
    assert weighed(handlers, record, fold=True)[p.diagnoses] == said[p.diagnoses]
    assert weighed(handlers, record, fold=False)[p.diagnoses] == ""


@pytest.mark.parametrize("target", [-1, 200, "0; drop", None, 1.5])
def test_a_target_that_is_no_class_is_the_first_answer(handlers, record, target):
    assert followed(record, target) == record.top(0, 1)[0].index


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


def test_a_refusal_after_another_target_leaves_all_as_it_is(
    handlers, record, shown, notices, monkeypatch
):
    def refused(*args, **kwargs):
        raise UserError("One sentence.")

    monkeypatch.setattr(necessity_answer, "ask", refused)
    target = record.top(0, 2)[1].index
    event = SimpleNamespace(target=handlers.asked.target)
    assert steps(handlers, record, event, "static", target, shown) == [gr.skip()]
    assert notices == ["One sentence."]


def test_without_reference_statistics_it_shows_the_rest(handlers, record, monkeypatch):
    for module in (arm_choice, channels_answer):
        monkeypatch.setattr(module, "reference", lambda key: None)
    said = weighed(handlers, record, fold=True)
    p = handlers.parts
    assert said[p.shown].rule == IDENTITY_RULE
    assert "Setting the gates of" in said[p.headline]
    assert "reference images" not in said[p.strongest]
    assert "constant" not in said[p.diagnoses]


def test_what_idle_block_the_strongest_gate_is_in_is_told(handlers, record, monkeypatch):
    still = Diagnosis("SE_3_1", 0.0, 0.0, 1.0, 1.0, "constant")
    monkeypatch.setattr(matters, "block_diagnosis", lambda record, block: still)
    assert "SE_3_1 is constant" in weighed(handlers, record)[handlers.parts.strongest]


def test_a_block_that_would_lose_resolution_in_int8_is_told(handlers, record, monkeypatch):
    lost = Diagnosis("SE_3_1", 0.0, 0.0, 1.0, 1.0, "", narrow=0.5, narrow_before=0.25)
    monkeypatch.setattr(matters, "block_diagnosis", lambda record, block: lost)
    said, p = weighed(handlers, record, fold=True), handlers.parts
    assert "SE_3_1 would lose resolution: 50 % of its channels" in said[p.strongest]
    assert "SE_3_1 is at work" not in said[p.strongest]
    assert said[p.diagnoses].count("<td>50 %</td>") == len(record.sites)
    assert "the share of channels that int8 with one scale leaves fewer" in said[p.diagnoses]


def test_gates_are_selected_in_every_figure_and_table(handlers, record):
    said, p = weighed(handlers, record, fold=True), handlers.parts
    assert set(p.views) == {p.blocks, p.effects, p.top, p.diagnoses}
    first = said[p.shown].effects.ranked[0]
    assert f'data-name="{first.site}" data-channel="{first.channel}"' in said[p.top]
    names = [site.name for site in record.sites]
    assert [said[p.diagnoses].count(f'data-name="{name}"') for name in names] == [1] * len(names)


def test_the_tables_are_escaped_and_leave_out_what_is_not_known():
    top = (ChannelEffect("SE_2_1", 7, 0.5, -0.25, -0.125),)
    found = Effects(Answer(0, "<b>", 0.5, 1.0), {}, top)
    listed = matters_html.top_channels(found, {})
    assert "<b>" not in listed
    assert "<td>0.500</td><td>−0.125</td><td>−0.250</td></tr>" in listed
    assert "percentile" not in listed
    placed = matters_html.top_channels(found, {("SE_2_1", 7): 83.4})
    assert "<td>83</td>" in placed
    assert "percentile of s" in placed
    assert "<u>" not in html.headline("<u>")


def test_the_table_of_channels_is_sorted_by_the_exact_effect_and_no_zero_has_a_minus():
    top = (
        ChannelEffect("SE_2_1", 7, 0.5, -2.0, 0.25),
        ChannelEffect("SE_2_1", 8, 0.5, 1.0, -3.0),
        ChannelEffect("SE_2_1", 9, 0.5, -0.0001, 0.0),
    )
    listed = matters_html.top_channels(Effects(Answer(0, "lion", 0.5, 1.0), {}, top), {})
    places = [listed.index(f"<td>{channel}</td>") for channel in (8, 7, 9)]
    assert places == sorted(places)
    assert "the 3 that first order finds strongest" in listed
    assert "−0.000" not in listed


@pytest.mark.parametrize(("moving", "written"), [(None, ""), (0, "0 of 64"), (16, "16 of 64")])
def test_a_block_at_work_has_its_figures(moving, written):
    found = Diagnosis("SE_2_1", 0.25, 0.0, 0.875, None, "", moving=moving, channels=64)
    listed = matters_html.diagnoses([(Site("p", "SE_2_1", 2, 1, 64, 8), found)])
    last = f"<td>{written}</td>" if written else ""
    cells = f"<td>at work</td><td>8</td><td>25 %</td><td>0.0 %</td><td>0.88</td>{last}"
    assert ("how many channels move" in listed) == bool(written)
    assert f'<tr class=""><th scope="row">{OPENS_SE_2_1}</th>{cells}</tr>' in listed


@pytest.mark.parametrize("verdict", ["dead", "saturated", "constant"])
def test_a_block_without_work_is_set_apart_and_named(verdict):
    found = Diagnosis("SE_2_1", 0.0, 0.0, None, 1.0, verdict)
    listed = matters_html.diagnoses([(Site("p", "SE_2_1", 2, 1, 64, 8), found)])
    assert f'<tr class="idle"><th scope="row">{OPENS_SE_2_1}</th><td>{verdict}: ' in listed


def test_what_was_not_squeezed_has_no_descriptors_to_speak_of(handlers, photo):
    record = ask(trace, "lab_resnet_nosqueeze", photo, [INTACT])
    found = ask(effects, record.model, record.image)
    assert "no z drives it" in matters._strongest(record, found)


def test_shut_is_around_0_where_gates_may_be_negative():
    site = Site("p", "SE_2_1", 2, 1, 2, 1, "tanh")
    table = matters_html.diagnoses([(site, diagnose("SE_2_1", np.float32([-0.5, 0.01]), None))])
    assert "|s| &lt; 0.05" in table
    assert "entropy" not in table


def test_a_gate_that_no_descriptor_moves_is_told(record, monkeypatch):
    found = ask(effects, record.model, record.image)
    still = Drivers("SE_2_1", 0, record.z["SE_2_1"][0], np.zeros(64, np.float32))
    monkeypatch.setattr(matters, "ask", lambda *args, **kwargs: still)
    assert "No z moves it" in matters._strongest(record, found)
