import gradio as gr
import pytest

from seviz.answers.study import study_report
from seviz.measuring.costs import costs as counted
from seviz.ui.api.laboratory import TASKS, costs, study
from seviz.words.costs import cost_lines


def test_costs_are_those_counted_without_a_time():
    found = costs("seresnet50_slim")
    expected = counted("embedded", timed=False)
    assert (found.key, found.r) == ("embedded", 16)
    assert (found.parameters_added, found.formula) == (445_648, 431_616)
    assert (found.biases, found.rounding, found.other) == (6_352, 7_680, 0)
    assert (found.parameters, found.macs) == (expected.parameters, expected.macs)
    assert found.blocks == list(expected.blocks)
    assert found.said == list(cost_lines(expected))
    assert not hasattr(found, "latency")


def test_the_study_is_told_whole_or_by_name():
    assert study("r") == study_report("r")
    assert study() == study_report("")
    assert (study, costs) == TASKS


def test_what_there_is_not_gets_one_sentence():
    with pytest.raises(gr.Error, match="no study “stag”; did you mean stage"):
        study("stag")
    with pytest.raises(gr.Error, match="no network “nonsense”"):
        costs("nonsense")
    with pytest.raises(gr.Error, match="has no Squeeze-and-Excitation block"):
        costs("twin")
