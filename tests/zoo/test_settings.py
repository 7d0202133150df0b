from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.zoo.settings import Settings, check_settings, numbers


@pytest.mark.parametrize(
    ("settings", "classes", "says"),
    [
        (Settings(head="sigmoid"), 0, "f has no head, so it takes neither --head nor --labels"),
        (Settings(labels=Path("a")), 0, "f has no head"),
        (Settings(head="softmax"), 1, "f has one output, whose softmax is always 100 %"),
        (Settings(size=(0,)), 3, "--input-size 0 is not possible"),
        (Settings(size=(64, 2049)), 3, "--input-size 64 2049 is not possible"),
        (Settings(mean=(0.5, 0.5)), 3, "--mean has 2 numbers; f takes one number, or 3"),
        (Settings(std=(0.0,)), 3, "--std 0 is not possible; give numbers from 0.001 to 1"),
        (Settings(mean=(float("nan"),)), 3, "--mean nan is not possible"),
    ],
)
def test_what_is_not_possible_gets_one_sentence(settings: Settings, classes: int, says: str):
    with pytest.raises(UserError, match=says):
        check_settings(settings, "f", classes=classes, channels=3)


def test_what_is_possible_passes():
    check_settings(Settings(), "f", classes=0, channels=1)
    whole = Settings(Path("a"), "softmax", (64, 2048), (0.0, 0.5, 1.0), (0.001,))
    check_settings(whole, "f", classes=2, channels=3)


def test_numbers_are_written_as_options_take_them():
    assert numbers((64, 0.5, 1.0)) == "64 0.5 1"
