import argparse

import pytest

from seviz.cli.changing import add_change, asked_changing
from seviz.errors import UserError
from seviz.records.drift import Changing


def asked(*words: str) -> Changing | None:
    command = argparse.ArgumentParser()
    add_change(command)
    return asked_changing(command.parse_args(words))


def test_a_change_is_read_with_what_is_usual_where_nothing_is_said():
    assert asked() is None
    assert asked("--change", "noisy") == Changing("noisy", (10.0,))
    more = ["--strength", "30", "--seed", "5"]
    assert asked("--change", "noisy", *more) == Changing("noisy", (30.0,), 5)
    assert asked("--change", "painted", "--region", "top").region == "top"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--seed", "1"], "--seed is about --change CHANGE; give both."),
        (["--change", "magic"], "magic"),
        (["--change", "noisy", "--strength", "99"], "99"),
    ],
)
def test_what_is_no_change_gets_a_sentence(words: list[str], sentence: str):
    with pytest.raises(UserError, match=sentence):
        asked(*words)
