import pickle

import pytest

from seviz.errors import UserError, escape_controls
from seviz.passes.logits import ForwardError
from seviz.watch import Stopped


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\x9bK\x7f", r"a\x9bK\x7f"),
        ("a\u202egpj.exe", r"a\u202egpj.exe"),
        ("a\tb\rc\0", r"a\tb\rc\x00"),
        ("half \udc80", r"half \udc80"),
        ("two\nlines", "two\nlines"),
        ("Löwe 👩\u200d🔬 “−5 %”\u00a0", "Löwe 👩\u200d🔬 “−5 %”\u00a0"),
    ],
)
def test_what_a_terminal_obeys_is_escaped_and_no_more(name: str, shown: str):
    assert escape_controls(name) == shown
    assert str(UserError(f"There is no {name}.")) == f"There is no {shown}."


def test_an_error_passes_between_processes():
    assert str(pickle.loads(pickle.dumps(UserError("a\x1b")))) == r"a\x1b"
    assert str(UserError()) == ""
    assert str(pickle.loads(pickle.dumps(Stopped()))) == str(Stopped())
    failed = pickle.loads(pickle.dumps(ForwardError("It fails.", "ValueError")))
    assert (type(failed), str(failed), failed.reason) == (ForwardError, "It fails.", "ValueError")
