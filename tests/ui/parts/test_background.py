"""Long work: followed, stopped, and given up for other work."""

import time

import pytest

from seviz.ui.parts.background import Estimates, Work, Works
from seviz.watch import Stopped


def endless(watch):
    """Go on until it is told to stop."""
    while True:
        watch.report(0.5)
        time.sleep(0.01)


def test_work_tells_how_far_it_is_and_returns_its_result():
    def task(watch):
        watch.report(0.25)
        time.sleep(0.4)
        return "done"

    work = Work(task)
    assert set(work.shares()) == {0.25}
    assert work.result() == "done"


def test_what_a_task_raises_is_raised_where_its_result_is_asked_for():
    def task(watch):
        raise ValueError("no")

    work = Work(task)
    assert list(work.shares()) == []
    with pytest.raises(ValueError, match="no"):
        work.result()


def test_work_is_stopped_within_half_a_second():
    works = Works()
    work = works.start("page", "explain", endless)
    shares, began = work.shares(), time.perf_counter()
    next(shares)
    works.stop("page", "explain")
    assert list(shares) is not None
    with pytest.raises(Stopped):
        work.result()
    assert time.perf_counter() - began < 0.65
    assert not work.unwanted


def test_work_of_a_kind_takes_the_place_of_the_last_but_not_of_another_pages():
    works = Works()
    first, elsewhere = works.start("page", "explain", endless), works.start("b", "explain", endless)
    second = works.start("page", "explain", endless)
    assert (first.unwanted, second.unwanted, elsewhere.unwanted) == (True, False, False)
    for session in ("page", "b"):
        works.discard(session)
    for session, work in (("page", first), ("page", second), ("b", elsewhere)):
        list(work.shares())
        works.forget(session, work)
    assert len(works) == 0


def test_a_page_that_asks_no_more_stops_its_work():
    work = Work(endless)
    shares = work.shares()
    next(shares)
    shares.close()
    with pytest.raises(Stopped):
        work.result()


def test_estimates_come_from_what_was_measured():
    known = Estimates()
    assert known.seconds("a", "occlusion", 100) is None
    known.record("a", "saliency", 2, seconds=50.0)  # too few rows to tell anything
    assert known.seconds("a", "occlusion", 100) is None
    known.record("a", "occlusion", 100, seconds=4.0)
    assert known.seconds("a", "occlusion", 200) == pytest.approx(8.0)
    assert known.seconds("a", "smoothgrad", 50) == pytest.approx(2.0)
    assert known.seconds("b", "occlusion", 100) is None
