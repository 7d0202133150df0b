"""The endpoints about a data set, as functions; their types are published by test_questions."""

import gradio as gr
import pytest

from seviz.answers.classes import classes_report, selectivity_report
from seviz.ui.api.dataset import classes, selectivity


def test_the_endpoints_give_what_the_library_gives():
    assert classes("SE_2_1", ["lion", "0"], order="mean") == classes_report(
        "embedded", "SE_2_1", ["lion", "0"], order="mean"
    )
    assert selectivity() == selectivity_report("embedded")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"classes": ["lionn"]}, "did you mean “lion”"),
        ({"classes": "lion"}, "classes is a list of names"),
        ({"classes": list("0123456")}, "At most 6 classes"),
        ({"block": "x" * 300}, "At most 200 characters"),
        ({"block": ["SE_2_1"]}, "give a text"),
        ({"order": "size"}, "no order “size”"),
        ({"model": "no such"}, "no network “no such”"),
    ],
)
def test_a_bad_argument_gets_one_sentence(asked: dict, says: str):
    with pytest.raises(gr.Error, match=says):
        classes(**asked)
