import pytest
from made import made_trace
from made_data_set import made_data_set

from seviz.errors import UserError
from seviz.reference import gather
from seviz.ui.gate import chosen
from seviz.ui.gate.chosen import (
    Shown,
    existing,
    known_gates,
    named_gate,
    other_gate,
    stepped,
    trace_of,
)

GATES = {"SE_2_1": 3, "SE_2_2": 5}


@pytest.fixture
def statistics(monkeypatch):
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    gather.set_reference(*made_data_set()[1:])


def test_a_gate_has_a_name():
    assert Shown("m", "SE_4_6", 17).name == "SE_4_6[17]"
    assert Shown("m", "SE_4_6", 17).gate == ("SE_4_6", 17)


def test_a_trace_or_else_the_statistics_tell_a_networks_gates(statistics):
    trace = made_trace([[1.0, 0.0]])
    assert known_gates("embedded", None) == GATES
    assert known_gates(trace.model, trace) == {s.name: s.channels for s in trace.sites}
    assert known_gates("seresnet50.a1_in1k", trace) == {}
    assert trace_of(trace.model, trace) is trace
    assert trace_of("another", trace) is trace_of(trace.model, None) is None


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("SE_2_2[4]", ("SE_2_2", 4)),
        *(("SE_2_2[5]", None), ("SE_9_9[0]", None), ("SE_2_2", None), ("", None), ("[0]", None)),
    ],
)
def test_a_text_names_a_gate_or_none(text, gate):
    assert named_gate(text, GATES) == gate


@pytest.mark.parametrize(
    ("block", "channel"),
    [("x", 0), (["SE_2_1"], 0), (None, 0), *(("SE_2_1", c) for c in (3, -1, 0.5, "0", None))],
)
def test_values_that_a_client_made_up_are_no_gate(block, channel):
    assert existing(block, channel, GATES) is None
    assert existing("SE_2_1", 2.0, GATES) == ("SE_2_1", 2)


def test_where_no_gate_is_named_it_is_explores_the_most_telling_or_the_first(monkeypatch):
    trace = made_trace([[1.0, 0.0]])
    monkeypatch.setattr(chosen, "telling_gate", lambda of: ("SE_2_2", 2) if of is trace else None)
    assert other_gate(GATES, ("SE_2_2", 1), trace) == ("SE_2_2", 1)
    assert other_gate(GATES, None, trace) == ("SE_2_2", 2)
    assert other_gate(GATES, None, None) == ("SE_2_1", 0)


@pytest.mark.parametrize(
    ("step", "block", "channel", "expected"),
    [(0, "SE_2_2", 4, 4), (1, "SE_2_2", 4, 0), (-1, "SE_2_1", 0, 2), (1, "SE_2_1", 1, 2)],
)
def test_after_the_last_channel_comes_the_first(step, block, channel, expected):
    assert stepped(GATES, block, channel, step=step) == (block, expected)


@pytest.mark.parametrize(
    ("block", "channel", "says"),
    [
        ("SE_9_9", 0, "There is no block SE_9_9 in this network; choose one."),
        ("SE_2_1", 3, "SE_2_1 has the channels 0 to 2; choose one."),
        ("SE_2_1", None, "SE_2_1 has the channels 0 to 2; choose one."),
        ("SE_2_1", "x", "SE_2_1 has the channels 0 to 2; choose one."),
        (["x"], 0, "There is no block"),
    ],
)
def test_fields_that_name_no_gate_are_refused(block, channel, says):
    with pytest.raises(UserError) as error:
        stepped(GATES, block, channel, step=0)
    assert str(error.value).startswith(says)
