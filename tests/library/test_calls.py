from pathlib import Path

import numpy as np

from seviz.library.calls import Line, call


def test_a_call_is_written_with_what_is_said():
    given = {"name": "x", "top": 3, "arms": ["intact", "a"], "steps": None, "trust": False}
    assert call("f", ("photo", Path("a b.jpg")), **given, layer="") == (
        "f('a b.jpg', name='x', top=3, arms=['intact', 'a'])"
    )


def test_what_is_more_than_text_stands_as_a_variable():
    assert call("f", ("photo", np.zeros(3)), profile=object()) == "f(photo, profile=profile)"


def test_a_line_stands_as_it_is():
    assert call("a.f", ("other", Line("load('x')")), top=1) == "a.f(load('x'), top=1)"
