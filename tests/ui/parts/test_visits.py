"""What each visitor has uploaded of late."""

from types import SimpleNamespace

import pytest

from seviz.errors import UserError
from seviz.ui.parts import visits
from seviz.ui.parts.visits import MB, Visits


def test_an_address_may_send_so_many_photographs_and_others_go_on(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "2")
    known = Visits()
    known.add("a", [("one", 5), ("two", 5)])
    known.add("a", [("one", 5)])  # the same again
    with pytest.raises(UserError, match=r"^At most 2 photographs from one address .* are 3\.$"):
        known.check("a")
    known.check("b")


def test_megabytes_are_counted_of_one_and_of_all(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_VISIT_MB", "10")
    monkeypatch.setenv("SEVIZ_MAX_TEMPORARY_MB", "12")
    known = Visits()
    known.add("a", [("one", 10 * MB)])
    with pytest.raises(UserError, match="At most 10 MB of files from one address"):
        known.check("a")
    known.check("b")
    known.add("b", [("two", 2 * MB)])
    with pytest.raises(UserError, match="At most 12 MB of files from all visitors"):
        known.check("c")


def test_an_hour_later_it_is_forgotten(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "1")
    now = 100.0
    monkeypatch.setattr(visits, "time", SimpleNamespace(monotonic=lambda: now))  # not everybody’s
    known = Visits()
    known.add("a", [("one", 5)])
    with pytest.raises(UserError):
        known.check("a")
    now += 3601
    known.check("a")


def test_programs_of_this_machine_count_among_all_alone(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "1")
    monkeypatch.setenv("SEVIZ_MAX_TEMPORARY_MB", "3")
    known = Visits()
    known.add("", [("one", MB), ("two", MB)])
    known.check("")
    known.add("", [("three", MB)])
    with pytest.raises(UserError, match="from all visitors"):
        known.check("")


def test_photographs_that_came_in_one_file_are_counted_each(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "3")
    known = Visits()
    known.count("a", ["one", "two"])
    known.count("a", ["one", "two", "three"])
    with pytest.raises(UserError, match=r"^At most 3 photographs from one address .* are 4\.$"):
        known.count("a", ["four"])
    known.count("b", ["four"])
    known.count("", [str(i) for i in range(9)])  # programs of this machine
