"""The tab “Explanations” without a browser."""

import re
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
from seviz.records.arms import IDENTITY, INTACT, SHUFFLED, STATIC, TWIN
from seviz.records.sites import Site
from seviz.records.target import Gate
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.ui.explore.explanations import html as explanations_html
from seviz.ui.explore.explanations import question as explanations_question
from seviz.ui.explore.explanations import tab as explanations
from seviz.ui.explore.explanations.gates import Handlers as GateHandlers
from seviz.ui.explore.explanations.layout import CLASS, EDITED, GATE, OFF, lay_out
from seviz.ui.explore.explanations.question import (
    KEPT,
    Fields,
    Question,
    Shown,
    Trusted,
    understood,
)
from seviz.ui.explore.explanations.trust import Handlers as TrustHandlers
from seviz.ui.explore.inspector.layout import lay_out_fields
from seviz.ui.explore.layout import lay_out_answers, lay_out_rail, states
from seviz.ui.parts.background import Works
from seviz.ui.state import Asked
from seviz.watch import Stopped

PAGE = SimpleNamespace(session_hash="page")
OPENED = SimpleNamespace(target="the tab")
LOOK = (0.0, 0.8, "both")
EDITS = History(parse_arm("SE_4*=0").edits)


@pytest.fixture(scope="module")
def asked() -> Asked:
    with gr.Blocks():
        rail, answers = lay_out_rail("embedded", None), lay_out_answers(None)
        return Asked(**rail, **answers, **lay_out_fields(None), **states(), first=None)


@pytest.fixture(scope="module")
def handlers(asked) -> explanations.Handlers:
    with gr.Blocks():
        works, (parts, trust, _) = Works(), lay_out(gr.State(), gr.State())
        return explanations.Handlers(asked, parts, TrustHandlers(trust, works), works)


@pytest.fixture(scope="module")
def gates(asked) -> GateHandlers:
    with gr.Blocks():
        return GateHandlers(asked, lay_out(gr.State(), gr.State())[-1], Works())


@pytest.fixture(scope="module")
def record(photo) -> Trace:
    arms = [INTACT, STATIC, IDENTITY]
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
    shown=None,
    method="gradcam",
    layer="SE_5_3",
    target=None,
    arm="static",
    other=OFF,
    edits=None,
    of=CLASS,
    gate=("SE_4_6", 17),
) -> tuple:
    return (edits, target, arm, *gate, method, layer, other, of, *LOOK, shown)


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
    assert ("stage 5 (SE_5_3)", "SE_5_3") in said[p.layer].choices
    assert f"for “{best.label}”" in said[p.headline]
    assert "Grad-CAM at the end of SE_5_3" in said[p.facts]
    assert f"Red speaks for “{best.label}”" in said[p.scale]
    titles = [said[view].layout.annotations[0].text for view in (p.first, p.second, p.difference)]
    assert titles == ["with gates", "gates at their mean", "first − second"]
    assert not said[p.other].visible  # nothing is edited
    assert not said[p.run.start].visible
    np.testing.assert_array_equal(
        np.asarray(said[p.first].data[0].z), said[p.shown].found.pixels[0]
    )


@pytest.mark.parametrize("changed", ["record", "choice"])
def test_nothing_is_computed_for_another_tab_or_without_a_photograph(
    handlers, record, tasks, changed
):
    event = SimpleNamespace(target=getattr(handlers.asked, changed))
    assert steps(handlers, record, event, tab="gates") == [gr.skip()]
    assert steps(handlers, None) == [gr.skip()]
    assert not tasks


def test_a_photograph_that_arrives_while_the_tab_is_open_is_explained(handlers, record):
    arrived = SimpleNamespace(target=handlers.asked.record)
    said = merged(steps(handlers, record, arrived))
    assert said[handlers.parts.shown].record is record


def test_another_class_or_column_is_explained_while_the_tab_is_open(handlers, record, shown, tasks):
    p, q, second = handlers.parts, handlers.asked, record.top(0, 2)[1]
    event = SimpleNamespace(target=q.choice)
    said = merged(steps(handlers, record, event, target=second.index, shown=shown))
    assert f"for “{second.label}”" in said[p.headline]
    event, asked = SimpleNamespace(target=q.choice), {"target": target(record), "shown": shown}
    said = merged(steps(handlers, record, event, arm="identity", **asked))
    assert said[p.shown].found.arms == (INTACT, IDENTITY)
    assert "With every gate fully open (1)" in said[p.headline]
    assert said[p.second].layout.annotations[0].text == "gates at 1"
    assert tasks.count("attribute") == 2


def test_the_twin_is_a_column_like_others(handlers, photo):
    arms = [INTACT, STATIC, TWIN]
    beside = ask(trace, "embedded", photo, arms, recorded=recorded_for("embedded", arms))
    said, p = seen(handlers, beside, arm="twin"), handlers.parts
    assert said[p.second].layout.annotations[0].text == "trained without SE"
    assert said[p.shown].found.arms == (INTACT, TWIN)
    assert "rained without SE" in said[p.headline]
    assert not np.array_equal(*said[p.shown].found.pixels)
    measured = merged(list(handlers.trust.measure(PAGE, said[p.shown], None)))
    assert '<th scope="col">trained without SE</th>' in measured[handlers.trust.parts.table]


def test_a_slow_method_waits_for_its_button_and_says_what_is_still_shown(
    handlers, record, shown, tasks
):
    asked = {"method": "smoothgrad", "target": target(record), "shown": shown}
    said, p = seen(handlers, record, **asked), handlers.parts
    assert "attribute" not in tasks
    assert said[p.run.start].visible
    assert said[p.run.start].value == "Explain"  # how long it will take is not known yet
    assert "The pictures are those of Grad-CAM" in said[p.run.progress]
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
    assert (again[p.other].visible, again[p.other].value) == (True, OFF)
    assert p.shown not in again  # and what is shown stays
    asked = {"target": target(record), "other": EDITED, "shown": shown}
    said = seen(handlers, record, edits=EDITS, **asked)
    assert said[p.shown].found.arms[1].edits == EDITS.edits
    assert said[p.second].layout.annotations[0].text == "edited"
    assert "ith the edited gates" in said[p.headline]
    assert said[p.other].value == EDITED
    undone = seen(handlers, record, edits=History(), **{**asked, "shown": said[p.shown]})
    assert (undone[p.other].visible, undone[p.other].value) == (False, OFF)
    assert undone[p.shown].found is shown.found


def test_another_photograph_takes_the_last_ones_figures_away_and_starts_quickly(
    handlers, record, shown
):
    other = Image.new("RGB", (64, 64), (200, 30, 30))
    arms = [INTACT, STATIC]
    fresh = ask(trace, "embedded", other, arms, recorded=recorded_for("embedded", arms))
    first, *_, last = steps(handlers, fresh, method="occlusion", shown=shown, target=3)
    p = handlers.parts
    assert first[p.first] is first[p.sweep] is first[p.shown] is None
    assert first[p.facts] == first[p.scale] == first[handlers.trust.parts.table] == ""
    assert (last[p.shown].question.method, last[p.shown].question.target) == ("gradcam", 3)
    # The slow method stays chosen, and can be started.
    assert last[p.method].value == "occlusion"
    assert last[p.run.start].visible
    assert "The pictures are those of Grad-CAM" in last[p.run.progress]


def test_a_choice_that_does_not_suit_another_network_gives_way(handlers, record):
    said = seen(handlers, record, method="lrp", layer="SE_9_9", target=-1, arm="none")
    question = said[handlers.parts.shown].question
    assert question == Question("gradcam", "SE_5_3", target(record), STATIC)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ({"method": "saliency"}, ("saliency", CLASS)),
        ({"method": "lrp", "explained": "nothing"}, (None, CLASS)),
        ({"explained": "gate"}, (None, GATE)),
    ],
)
def test_the_address_names_the_method_and_what_is_explained(handlers, said, chosen):
    p, request = handlers.parts, SimpleNamespace(query_params=said)
    restored, back = handlers.restore(request), handlers.return_to(SimpleNamespace(_data=said))
    assert (restored.get(p.method), restored[p.of]) == chosen
    assert (back[p.method], back[p.of]) == (chosen[0] or p.method.value, chosen[1])


def test_the_address_names_the_layer_and_whether_the_edits_are_compared(handlers, notices):
    p = handlers.parts
    named = {"layer": "SE_3_4", "other": "edited"}
    restored = handlers.restore(SimpleNamespace(query_params=named))
    assert (restored[p.layer].value, restored[p.other]) == ("SE_3_4", EDITED)
    wrong = handlers.restore(SimpleNamespace(query_params={"layer": "SE_9", "other": "<b>"}))
    assert p.layer not in wrong
    assert wrong[p.other] == OFF
    assert notices == ["There is no block “SE_9” here; did you mean SE_5_3?"]


def test_a_method_that_came_back_is_asked_where_the_tab_is_open(handlers, record):
    asked = fields(method="saliency")
    assert list(handlers.again(PAGE, "gates", record, *asked)) == [gr.skip()]
    said = merged(list(handlers.again(PAGE, "explain", record, *asked)))
    assert said[handlers.parts.shown].question.method == "saliency"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"method": "lrp"}, "There is no such method for this network"),
        ({"target": 200}, "There is no such class"),
        ({"target": "0; drop"}, "There is no such class"),
        ({"layer": "SE_9_9"}, "There is no block “SE_9_9” here; did you mean"),
    ],
)
def test_what_clients_forge_gets_a_sentence(handlers, record, shown, notices, wrong, says):
    asked = {"target": target(record), "shown": shown, **wrong}
    assert pressed(handlers, record, **asked) == [gr.skip()]
    assert says in notices[0]


def test_a_method_that_is_not_right_is_not_offered_and_the_reason_is_said(handlers, record):
    refused = {"deeplift": "one ReLU serves several of its places"}
    question = Question("gradcam", "SE_5_3", 0, STATIC)
    asked = Fields(*fields())
    said = handlers._offer(record, asked, question, refused=refused, before=None)
    assert "deeplift" not in [name for _, name in said[handlers.parts.method].choices]
    assert "DeepLift (one ReLU serves several" in said[handlers.parts.says]


def test_the_selected_gate_can_be_explained_in_place_of_the_class(handlers, record, shown):
    said = seen(handlers, record, of=GATE, shown=shown, target=target(record))
    found = said[handlers.parts.shown]
    assert found.question.target == Gate("SE_4_6", 17)
    assert found.found.layer == "SE_4_5"  # the nearest before the gate
    assert "gate SE_4_6[17]" in said[handlers.parts.headline]
    offered = [name for _, name in said[handlers.parts.layer].choices]
    assert offered == ["SE_2_3", "SE_3_4", "SE_4_5"]  # each stage's last block before the gate
    back = seen(handlers, record, layer="SE_4_5", shown=found, target=target(record))
    assert back[handlers.parts.layer].value == "SE_5_3"  # SE_4_5 ends no stage
    again = merged(
        list(
            handlers.pick(
                PAGE,
                record,
                *fields(of=GATE, gate=("SE_3_2", 5), shown=found, target=target(record)),
            )
        )
    )
    assert again[handlers.parts.shown].question.target == Gate("SE_3_2", 5)
    assert list(handlers.pick(PAGE, record, *fields(gate=("SE_3_2", 5), shown=found))) == [
        gr.skip()
    ]


def test_a_layer_before_the_gate_stays_and_a_gate_of_another_network_is_none(record):
    asked = Fields(*fields(of=GATE, layer="SE_3_4", target=3))
    assert understood(record, asked, refused={}, fresh=False).layer == "SE_3_4"
    other = Fields(*fields(of=GATE, gate=("SE_9_9", 1), target=3))
    assert understood(record, other, refused={}, fresh=False).target == 3
    later = Fields(*fields(of=GATE, layer="SE_5_3", target=3))
    assert understood(record, later, refused={}, fresh=False).layer == "SE_4_5"
    slow = Fields(*fields(of=GATE, method="occlusion", target=3))
    assert understood(record, slow, refused={}, fresh=False).at_once(record).layer == "SE_4_5"
    first = {"of": GATE, "gate": ("SE_2_1", 3), "target": 3}
    at_once = understood(record, Fields(*fields(**first)), refused={}, fresh=False)
    assert (at_once.method, at_once.layer) == ("saliency", "")
    slow = Fields(*fields(**first, method="occlusion"))
    assert understood(record, slow, refused={}, fresh=False).at_once(record) == at_once


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
    said = merged(list(handlers.trust.measure(PAGE, shown, None)))
    assert said[p.table].count("<tr") == 1 + 11  # Grad-CAM claims no completeness
    for name in ("with gates", "gates at their mean", "random map"):
        assert f'<th scope="col">{name}</th>' in said[p.table]
        assert f"</svg> {name}</span>" in said[p.verdict]
    assert len(said[p.deletion].data) == len(said[p.insertion].data) == 10
    assert "headline" in said[p.verdict]
    assert list(said[p.trusted].kept) == [shown.question]  # for the report


def test_what_was_measured_is_kept_as_long_as_the_photograph_is_the_same(record):
    trust = made_trust(map_trust("intact", (0.3, 0.3)))
    questions = [Question("saliency", "", i, STATIC) for i in range(KEPT + 1)]
    trusted = Trusted(record, {})
    for question in questions:
        trusted = trusted.then(question, trust)
    assert list(trusted.kept) == questions[1:]


def test_measuring_is_stopped_and_refused_with_a_sentence(handlers, shown, notices, monkeypatch):
    from seviz.ui.explore.explanations import trust as explanations_trust

    assert list(handlers.trust.measure(PAGE, None, None)) == [gr.skip()]
    assert "upload it (again)" in notices.pop()
    slow(monkeypatch, explanations_trust)
    going = handlers.trust.measure(PAGE, shown, None)
    next(going)
    handlers.trust.runner.stop(PAGE)
    assert handlers.trust.parts.table not in list(going)[-1]
    assert notices == [str(Stopped())]


@pytest.fixture(scope="module")
def shared(gates, record) -> dict:
    return merged(list(gates.share(PAGE, record, target(record), "static")))


def test_the_answer_is_shared_out_among_the_gates(gates, record, shared):
    p = gates.parts
    assert shared[p.table].count("<button") == 20
    assert record.labels[target(record)] in shared[p.headline]
    assert "Compared with their mean over the training images" in shared[p.headline]
    (off,) = re.findall(r"\(([\d.]+) % off", shared[p.headline])
    assert float(off) < 5
    rows = shared[p.atlas].data
    assert [row.meta for row in rows] == list(shared[p.blocks].data[0].ids) == list(record.s)


def test_the_column_that_is_compared_is_the_reference(gates, record):
    said = merged(list(gates.share(PAGE, record, target(record), "identity")))
    assert "Compared with 1, this photograph’s gates" in said[gates.parts.headline]


@pytest.mark.parametrize(
    ("arm", "says"), [(TWIN, "has no gates to compare with"), (SHUFFLED, "not from “shuffled”")]
)
def test_columns_without_such_gates_are_not_offered_and_say_why(gates, record, notices, arm, says):
    beside, p = replace(record, arms=(INTACT, STATIC, arm)), gates.parts
    said = gates.offer(PAGE, beside, arm.name)
    assert says in said[p.headline]
    assert not said[p.run.start].visible
    list(gates.share(PAGE, beside, target(record), arm.name))
    assert says in notices[0]


def test_what_was_shared_out_of_another_answer_is_taken_away(gates, record):
    said, p = gates.offer(PAGE, record, "static"), gates.parts
    assert said[p.run.start].visible
    assert said[p.atlas] is said[p.blocks] is None
    assert said[p.headline] == said[p.table] == ""
    assert gates.offer(PAGE, None, "static") == gr.skip()


@pytest.mark.parametrize("class_", [-1, 200, None, "0; drop"])
def test_forged_questions_about_gates_get_a_sentence(gates, record, notices, class_):
    assert merged(list(gates.share(PAGE, record, class_, "static"))).keys() <= set(
        gates.parts.shown
    )
    assert "no such class" in notices[0]
    assert list(gates.share(PAGE, None, 0, "static")) == [gr.skip()]


def test_the_table_of_measures_leaves_out_what_was_not_measured():
    trust = made_trust(map_trust("<b>", (0.3, 0.25)))
    listed = explanations_html.measures(trust, {})
    assert "<b>" not in listed
    for measure, value, of_control in (
        ("insertion − deletion, blur", "0.200", "0.000"),
        ("deletion, blur", "0.100", "0.100"),
        ("insertion, blur", "0.300", "0.100"),
        ("insertion, mean", "0.250", "0.100"),
        ("infidelity", "0.25", ""),
        ("Spearman", "0.00", "0.00"),
    ):
        row = f'<th scope="row">{measure}</th><td>{value}</td><td>{of_control}</td>'
        assert row in listed
    assert "Infidelity (captum" in listed
    for missing in ("sensitivity</th>", "Sensitivity (", "error</th>", "completeness"):
        assert missing not in listed  # of no map


def test_channels_without_a_z_are_listed_without_one():
    record = replace(
        made_trace([[0.0, 1.0]]),
        z={"SE_2_1": np.full((1, 1), np.nan, np.float32)},
        s={"SE_2_1": np.full((1, 1), -0.5, np.float32)},
    )
    shares = replace(made_shares(), shares={"SE_2_1": np.float32([0.25])})
    told = explanations_html.channels(shares, record, {"SE_2_1": np.float32([1.0])})
    assert "<td>+0.250</td><td>none</td><td>−0.500</td><td>1.000</td>" in told
