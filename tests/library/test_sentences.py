import pickle

import numpy as np
import pytest

from seviz.errors import UserError
from seviz.library.sentences import names_arguments
from seviz.passes.logits import ForwardError


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("--limit is 0; give 1 or more.", "limit is 0; give 1 or more."),
        ("It has no label; give --labels none.", "It has no label; give labels=False."),
        ("It takes neither --head nor --labels.", "It takes neither head nor labels."),
        ("Give it too: --arch ARCH.", 'Give it too: architecture="…".'),
        ("Give another --arch.", "Give another architecture."),
        ("Read --columns IMAGE LABEL.", 'Read columns=["IMAGE", "LABEL"].'),
        ("Nothing else -- nothing.", "Nothing else -- nothing."),
    ],
)
def test_arguments_are_named_in_place_of_options(sentence: str, told: str):
    @names_arguments
    def ask() -> None:
        raise UserError(sentence)

    with pytest.raises(UserError) as raised:
        ask()
    assert str(raised.value) == told


def test_an_error_that_is_kept_stays_as_it_is_and_is_told_as_its_own_kind():
    kept = ForwardError("--limit is 0.", "a reason")

    @names_arguments
    def ask() -> None:
        raise kept

    for _ in range(2):
        with pytest.raises(ForwardError) as raised:
            ask()
        assert (str(raised.value), raised.value.reason) == ("limit is 0.", "a reason")
        assert str(kept) == "--limit is 0."
        assert str(pickle.loads(pickle.dumps(raised.value))) == "limit is 0."


def test_what_is_asked_keeps_its_name_its_words_and_its_answer():
    @names_arguments
    def ask(what: int, *, more: int = 1) -> int:
        """Add."""
        return what + more

    assert (ask.__name__, ask.__doc__, ask(2, more=3)) == ("ask", "Add.", 5)
    with pytest.raises(ZeroDivisionError):
        names_arguments(lambda: 1 // 0)()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": 3}, "text is 3; give a text."),
        ({"count": 2.5}, "count is 2.5; give a whole number."),
        ({"count": True}, "count is True; give a whole number."),
        ({"share": "x"}, "share is 'x'; give a number or None."),
        ({"either": None}, "either is None; give a text or a whole number."),
        ({"flag": 1}, "flag is 1; give True or False."),
        ({"text": "x" * 500}, ""),
        ({"count": np.int64(2), "share": np.float32(0.5), "flag": False, "either": 3}, ""),
        ({"share": None, "other": object()}, ""),
    ],
)
def test_a_plain_argument_of_another_kind_gets_a_sentence(given: dict, told: str):
    @names_arguments
    def ask(
        text: str = "",
        count: int = 1,
        share: float | None = None,
        either: str | int = "",
        flag: bool = False,
        other: "Anything" = None,  # noqa: F821
    ) -> str:
        return ""

    if not told:
        assert not ask(**given)
        return
    with pytest.raises(UserError) as raised:
        ask(**given)
    assert str(raised.value) == told
