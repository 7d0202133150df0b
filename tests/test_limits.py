"""Limits: their environment variables, and what is said over one."""

from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.limits import LIMITS, Limit, table

LIMIT = Limit("arms", 2, "arms in one question")


def test_as_much_as_the_limit_is_allowed_and_one_more_is_not():
    LIMIT.check(2)
    with pytest.raises(UserError, match=r"^At most 2 arms in one question; these are 3\.$"):
        LIMIT.check(3)


def test_the_environment_sets_another(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_ARMS", "1000")
    LIMIT.check(1000)
    with pytest.raises(UserError, match=r"At most 1,000 arms"):
        LIMIT.check(1001)


@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "²"])
def test_what_is_no_number_is_told(monkeypatch, text: str):
    monkeypatch.setenv("SEVIZ_MAX_ARMS", text)
    with pytest.raises(UserError, match="SEVIZ_MAX_ARMS is a whole number"):
        _ = LIMIT.value


def test_each_has_a_variable_of_its_own():
    assert len({limit.variable for limit in LIMITS}) == len(LIMITS)


def test_the_table_lists_them_all():
    assets = Path(__file__).parents[1] / "assets"
    assert assets.joinpath("limits.md").read_text("utf-8").endswith("\n".join(table()) + "\n")


def test_the_sentence_tells_whose_number_it_is():
    with pytest.raises(UserError, match=r"^At most 2 arms in one question; top is 1,000\.$"):
        LIMIT.check(1000, "top is")
