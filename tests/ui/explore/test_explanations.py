"""The tab “Explanations” without a browser."""

import time
from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from made import made_shares, made_trace, made_trust, map_trust
from PIL import Image

from seviz.gates.grammar import parse_arm
from seviz.gates.history import History
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT, STATIC
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.explore import layout
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations import question as explanations_question
from seviz.ui.explore.explanations import tab as explanations
from seviz.ui.explore.explanations.gates import Handlers as GateHandlers
from seviz.ui.explore.explanations.layout import EDITED, OFF, lay_out
from seviz.ui.explore.explanations.question import Question, Shown
from seviz.ui.explore.explanations.trust import Handlers as TrustHandlers
from seviz.ui.parts.background import Works
from seviz.ui.state import Sought
from seviz.watch import Stopped

PAGE = SimpleNamespace(session_hash="page")
OPENED = SimpleNamespace(target="the tab")
LOOK = (0.0, 0.8, "both")
EDITS = History(parse_arm("SE_4*=0").edits)


@pytest.fixture(scope="module")
def handlers() -> explanations.Handlers:
    with gr.Blocks():
        asked, works, tabs = layout.lay_out_question("embedded", ""), Works(), gr.Tabs()
        parts, trust, gates = lay_out()
        return explanations.Handlers(
            asked,
            parts,
            TrustHandlers(trust, works),
            GateHandlers(asked, gates, works, tabs),
            works,
        )


@pytest.fixture(scope="module")
def record(photo) -> Trace:
    arms = [INTACT, STATIC]
    return ask(trace, "embedded", photo, arms, recorded=recorded_for("embedded", arms))


@pytest.fixture(scope="module")
def shown(handlers, record) -> Shown:
    return seen(handlers, record)[handlers.parts.shown]


@pytest.fixture
def tasks(monkeypatch) -> list[str]:
    """Collect the names of what is computed for maps."""
    names: list[str] = []

    def counted(task, *args, **kwargs):
        names.append(task.__name__)
        return ask(task, *args, **kwargs)

    monkeypatch.setattr(explanations, "ask", counted)
    return names


def fields(
    shown=None, method="gradcam", layer="SE_5_3", target=None, other=OFF, edits=None
) -> tuple:
    return (edits, method, layer, target, other, *LOOK, shown)


def steps(handlers, record, event=OPENED, tab="explain", **asked) -> list:
    return list(handlers.seek(event, PAGE, tab, record, *fields(**asked)))


def pressed(handlers, record, **asked) -> list:
    return list(handlers.press(PAGE, record, *fields(**asked)))


def merged(said: list) -> dict:
    """All that the steps say, as one dictionary."""
    found: dict = {}
    for news in said:
        found |= news if news != gr.skip() else {}
    return found


def seen(handlers, record, **asked) -> dict:
    return merged(steps(handlers, record, **asked))


def target(record: Trace) -> int:
    return record.top(0, 1)[0].index


def test_grad_cam_appears_at_once_with_all_that_can_be_asked(handlers, record):
    said, p = seen(handlers, record), handlers.parts
    best = record.top(0, 1)[0]
    assert said[p.target].value == best.index
    assert said[p.target].choices[0][0].startswith(best.label)
    assert len(said[p.target].choices) == len(record.labels)
    assert ("stage 5 (SE_5_3)", "SE_5_3") in said[p.layer].choices
    assert f"for “{best.label}”" in said[p.headline]
    assert "Grad-CAM at the end of SE_5_3" in said[p.facts]
    np.testing.assert_array_equal(
        np.asarray(said[p.first].data[0].z), said[p.shown].found.pixels[0]
    )


def test_nothing_is_computed_for_another_tab_or_without_a_photograph(handlers, record, tasks):
    arrived = SimpleNamespace(target=handlers.asked.record)
    assert steps(handlers, record, arrived, tab="gates") == [gr.skip()]
    assert steps(handlers, None) == [gr.skip()]
    assert not tasks


def test_a_photograph_that_arrives_while_the_tab_is_open_is_explained(handlers, record):
    arrived = SimpleNamespace(target=handlers.asked.record)
    said = merged(steps(handlers, record, arrived))
    assert said[handlers.parts.shown].record is record


def test_the_other_arms_answer_is_marked_and_comes_second(handlers, record):
    logits = record.logits.copy()
    logits[1] = np.roll(logits[0], 1)
    moved = replace(record, logits=logits)
    choices = seen(handlers, moved)[handlers.parts.target].choices
    assert choices[0] == (f"{moved.labels[target(moved)]} (the answer with gates)", target(moved))
    theirs = moved.top(1, 1)[0]
    assert choices[1] == (
        f"{theirs.label} (the answer with every gate frozen at its average)",
        theirs.index,
    )
    assert len({index for _, index in choices}) == len(choices)


def test_a_slow_method_waits_for_its_button_and_says_what_is_still_shown(
    handlers, record, shown, tasks
):
    asked = {"method": "smoothgrad", "target": target(record), "shown": shown}
    said, p = seen(handlers, record, **asked), handlers.parts
    assert "attribute" not in tasks
    assert said[p.run.start].visible
    assert said[p.run.start].value == "Explain"  # how long it will take is not known yet
    assert "still those of Grad-CAM" in said[p.run.progress]
    assert p.shown not in said
    assert "Saliency averaged" in said[p.says]
    found = merged(pressed(handlers, record, **asked))
    assert found[p.shown].found.steps == 24
    assert "SmoothGrad" in found[p.facts]
    assert "sensitivity" in found[p.headline]
    again = seen(handlers, record, **{**asked, "method": "occlusion", "shown": found[p.shown]})
    assert again[p.run.start].value.startswith("Explain (about ")


def test_maps_of_before_come_back_without_being_computed(handlers, record, shown, tasks):
    said = seen(handlers, record, method="saliency", target=target(record), shown=shown)
    later = said[handlers.parts.shown]
    assert tasks.count("attribute") == 1
    back = seen(handlers, record, target=target(record), shown=later)
    assert back[handlers.parts.shown].found is shown.found
    assert tasks.count("attribute") == 1


def test_another_class_and_layer_are_explained_at_once(handlers, record, shown):
    second = record.top(0, 2)[1]
    asked = {"layer": "SE_3_4", "target": second.index, "shown": shown}
    found = seen(handlers, record, **asked)[handlers.parts.shown].found
    assert (found.layer, found.target.label) == ("SE_3_4", second.label)


def test_the_edits_of_surgery_can_be_compared(handlers, record, shown):
    p = handlers.parts
    again = seen(handlers, record, target=target(record), edits=EDITS, shown=shown)
    assert [value for _, value in again[p.other].choices] == [OFF, EDITED]
    assert p.shown not in again  # and what is shown stays
    asked = {"target": target(record), "other": EDITED, "edits": EDITS, "shown": shown}
    said = seen(handlers, record, **asked)
    assert said[p.shown].found.arms[1].edits == EDITS.edits
    assert "with the edited gates" in said[p.second].layout.annotations[0].text
    assert said[p.other].value == EDITED


def test_another_photograph_takes_the_last_ones_figures_away_and_starts_quickly(
    handlers, record, shown
):
    other = Image.new("RGB", (64, 64), (200, 30, 30))
    arms = [INTACT, STATIC]
    fresh = ask(trace, "embedded", other, arms, recorded=recorded_for("embedded", arms))
    first, *_, last = steps(handlers, fresh, method="occlusion", shown=shown, target=3)
    p = handlers.parts
    assert first[p.first] is first[p.sweep] is first[p.shown] is None
    assert first[handlers.trust.parts.table] == first[handlers.gates.parts.table] == ""
    assert last[p.shown].question.method == "gradcam"
    assert last[p.method].value == "gradcam"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"method": "lrp"}, "There is no such method for this network"),
        ({"target": 200}, "There is no such class"),
        ({"target": "0; drop"}, "There is no such class"),
        ({"layer": "SE_9_9"}, "There is no block SE_9_9"),
        ({"other": "twin"}, "No gate is edited"),
        ({"other": EDITED}, "No gate is edited"),
    ],
)
def test_what_clients_forge_gets_a_sentence(handlers, record, shown, notices, asked, says):
    asked = {"target": target(record), "shown": shown, **asked}
    assert pressed(handlers, record, **asked) == [gr.skip()]
    assert says in notices[0]


def test_a_method_that_is_not_right_is_not_offered_and_the_reason_is_said(handlers, record):
    refused = {"deeplift": "one ReLU serves several of its places"}
    question = Question("gradcam", "SE_5_3", 0, STATIC)
    said = handlers._offer(record, None, question, refused=refused, before=None)
    assert "deeplift" not in [name for _, name in said[handlers.parts.method].choices]
    assert "DeepLift (one ReLU serves several" in said[handlers.parts.says]


def test_networks_without_stages_offer_their_blocks():
    sites = [Site("blocks.0.se", "blocks.0.se", None, None, 8, 4)]
    assert explanations_question.layers(sites) == [("blocks.0.se", "blocks.0.se")]


def test_opacity_signs_and_the_sweep_only_draw_anew(handlers, shown):
    p = handlers.parts
    said = handlers.look(0.0, 0.25, "against", shown)
    assert set(said) == {p.first, p.second, p.difference, p.sweep}
    assert said[p.first].data[0].opacity == 0.25
    moved = handlers.move(1.0, 0.25, "both", shown)
    np.testing.assert_array_equal(np.asarray(moved[p.sweep].data[0].z), shown.found.pixels[1])
    assert handlers.move(9, "x", None, shown)[p.sweep].data[0].opacity == 0.8
    assert handlers.move(0.0, 0.8, "both", None) == gr.skip()


def slow(monkeypatch, module) -> None:
    """Let work go on until it is stopped."""

    def endless(task, *args, watch=None, **kwargs):
        if watch is None:
            return ask(task, *args, **kwargs)
        while True:
            watch.report(0.25)
            time.sleep(0.01)

    monkeypatch.setattr(module, "ask", endless)


def test_stop_leaves_the_last_maps_and_says_so(handlers, record, shown, notices, monkeypatch):
    slow(monkeypatch, explanations)
    asked = fields(shown=shown, method="smoothgrad", target=target(record))
    going = handlers.press(PAGE, record, *asked)
    next(going)
    busy, p = next(going), handlers.parts
    assert busy[p.run.stop].visible
    assert not busy[p.run.start].visible
    assert "25 %" in busy[p.run.progress]
    began = time.perf_counter()
    handlers.runner.stop(PAGE)
    (last,) = list(going)[-1:]
    assert time.perf_counter() - began < 0.5
    assert notices == [str(Stopped())]
    assert p.shown not in last
    assert (last[p.run.stop].visible, last[p.run.start].visible) == (False, True)
    assert len(handlers.works) == 0


@pytest.mark.parametrize("how", ["leaves", "asks anew"])
def test_nobody_hears_of_work_that_is_not_wanted_any_more(
    handlers, record, shown, notices, monkeypatch, how
):
    slow(monkeypatch, explanations)
    asked = fields(shown=shown, method="smoothgrad", target=target(record))
    going = handlers.press(PAGE, record, *asked)
    next(going), next(going)
    if how == "leaves":
        handlers.leave(PAGE)
    else:
        monkeypatch.undo()
        seen(handlers, record, method="saliency", target=target(record), shown=shown)
    assert list(going)[-1] == gr.skip()
    assert not notices
    assert len(handlers.works) == 0


def test_maps_are_measured_beside_their_controls(handlers, shown):
    p = handlers.trust.parts
    said = merged(list(handlers.trust.measure(PAGE, shown)))
    assert said[p.table].count("<tr") == 1 + 5
    assert "random map" in said[p.table]
    assert len(said[p.deletion].data) == len(said[p.insertion].data) == 10
    assert "headline" in said[p.verdict]


def test_measuring_is_stopped_and_refused_with_a_sentence(handlers, shown, notices, monkeypatch):
    from seviz.ui.explore.explanations import trust as explanations_trust

    assert list(handlers.trust.measure(PAGE, None)) == [gr.skip()]
    assert "upload it (again)" in notices.pop()
    slow(monkeypatch, explanations_trust)
    going = handlers.trust.measure(PAGE, shown)
    next(going)
    handlers.trust.runner.stop(PAGE)
    assert handlers.trust.parts.table not in list(going)[-1]
    assert notices == [str(Stopped())]


@pytest.fixture(scope="module")
def shared(handlers, record) -> dict:
    return merged(list(handlers.gates.share(PAGE, record, target(record), "static")))


def test_the_answer_is_shared_out_among_the_gates(handlers, record, shared):
    p = handlers.gates.parts
    shares = shared[p.shares]
    assert shares.error < 0.05
    assert shared[p.table].count("<button") == 20
    assert record.labels[target(record)] in shared[p.headline]
    assert len(shared[p.atlas].data) == len(shared[p.blocks].data[0].x) == len(record.sites)


@pytest.mark.parametrize("click", ["click_cell", "click_row"])
def test_a_click_opens_the_channel_in_the_tab_gates(handlers, shared, click):
    q, shares = handlers.asked, shared[handlers.gates.parts.shares]
    event = SimpleNamespace(_data={"name": "SE_3_2", "position": 0})
    said = getattr(handlers.gates, click)(event, shares)
    first = int(shares.shares["SE_3_2"].argmax())
    channel = first if click == "click_cell" else 0
    assert said[q.sought] == Sought(shares.model, "SE_3_2", channel)
    assert said[q.open] == "gates"
    assert said[handlers.gates.tabs].selected == "gates"


@pytest.mark.parametrize("data", [{}, {"name": "SE_9_9", "position": 0}, None, {"name": "SE_2_1"}])
def test_a_forged_click_is_refused_with_a_sentence(handlers, shared, notices, data):
    shares = shared[handlers.gates.parts.shares]
    assert handlers.gates.click_row(SimpleNamespace(_data=data), shares) == gr.skip()
    assert handlers.gates.click_row(SimpleNamespace(_data={}), None) == gr.skip()
    assert notices[0] == "That click named no channel; click a cell, or a block."


@pytest.mark.parametrize(
    ("class_", "to", "says"),
    [(-1, "static", "no such class"), (0, "zero", "no such gates"), (None, "static", "no such")],
)
def test_forged_questions_about_gates_get_a_sentence(handlers, record, notices, class_, to, says):
    assert merged(list(handlers.gates.share(PAGE, record, class_, to))).keys() <= set(
        handlers.gates.parts.shown
    )
    assert says in notices[0]
    assert list(handlers.gates.share(PAGE, None, 0, "static")) == [gr.skip()]


def test_the_table_of_measures_leaves_out_what_was_not_measured():
    trust = made_trust(map_trust("<b>", (0.3, 0.25)))
    listed = explanations_html.measures(trust, {})
    assert "<b>" not in listed
    assert "<td>0.100</td><td>0.100</td><td>0.300</td><td>0.250</td><td>0.25</td>" in listed
    assert "<td></td><td></td><td></td><td>0.00</td>" in listed


def test_channels_without_a_z_are_listed_without_one():
    record = replace(
        made_trace([[0.0, 1.0]]),
        z={"SE_2_1": np.full((1, 1), np.nan, np.float32)},
        s={"SE_2_1": np.full((1, 1), -0.5, np.float32)},
    )
    shares = replace(made_shares(), shares={"SE_2_1": np.float32([0.25])})
    told = explanations_html.channels(shares, record, {"SE_2_1": np.float32([1.0])})
    assert "<td>+0.250</td><td>none</td><td>−0.500</td><td>1.000</td>" in told
