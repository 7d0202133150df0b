import pickle
import threading
from multiprocessing import get_context

import pytest

from seviz import watch as watching
from seviz.errors import UserError
from seviz.watch import (
    Asker,
    Bar,
    Progress,
    Stopped,
    Watch,
    asked_by,
    check_asker,
    taking_long,
    untimed,
)


def work(watch: Watch) -> str:
    """Go on until told to stop, in another process."""
    try:
        for step in range(10_000_000):
            watch.report(0.25 + step * 1e-9)
    except Stopped:
        return "stopped"
    return "done"


def test_it_tells_how_far_the_work_is_and_stops_it():
    watch = Watch()
    assert (watch.share, watch.stopped) == (0, False)
    watch.report(0.5)
    assert watch.share == 0.5
    watch.report(3.0)  # a guess that was too low
    assert watch.share == 1
    watch.stop()
    with pytest.raises(Stopped, match="Stopped"):
        watch.report(0.6)
    with pytest.raises(Stopped):
        watch.check()
    assert watch.share == 0.6
    watch.close()
    assert not watch.path.exists()


def test_a_part_of_the_work_is_told_to_the_watch_of_all_of_it():
    watch = Watch()
    progress = Progress(watch, expected=8, passed=2)
    part = progress.part(4)
    part.report(0.5)
    assert watch.share == 0.5
    part.report(9)
    assert watch.share == 0.75
    watch.stop()
    for stopped in (part.check, lambda: part.report(0), progress.check, lambda: progress.add(1)):
        with pytest.raises(Stopped):
            stopped()
    watch.close()


def test_rows_are_counted_and_a_part_of_a_part_is_where_it_belongs():
    watch = Watch()
    progress = Progress(watch, expected=4)
    progress.add(2)
    assert (progress.passed, watch.share) == (2, 0.5)
    inner = Progress(progress.part(1), expected=10)
    inner.add(5)
    assert watch.share == 0.625
    inner.restart(20)
    inner.add(15)
    assert (inner.passed, watch.share) == (15, 0.6875)
    watch.close()


def test_without_a_watch_rows_are_counted_alone():
    progress = Progress(expected=3)
    progress.add(2)
    progress.check()
    assert (progress.passed, progress.part(1)) == (2, None)


def test_a_watch_that_travelled_looks_at_the_same_work():
    here = Watch()
    there = pickle.loads(pickle.dumps(here))
    there.report(0.75)
    assert here.share == 0.75
    here.stop()
    assert there.stopped
    here.close()


def test_another_process_is_followed_and_stopped():
    watch = Watch()
    with get_context("spawn").Pool(1) as pool:
        result = pool.apply_async(work, (watch,))
        deadline = threading.Event()
        for _ in range(300):
            if watch.share >= 0.25:
                break
            deadline.wait(0.1)
        watch.stop()
        assert result.get(timeout=30) == "stopped"
    watch.close()


def test_a_bar_shows_nothing_where_the_output_is_no_terminal(capsys):
    with Bar("lion") as bar:
        bar.report(0.3)
        assert bar.share == pytest.approx(0.3)
    assert capsys.readouterr().err == ""
    assert not bar.path.exists()


def test_work_ends_when_its_asker_has_gone():
    here = True
    with asked_by(Asker(lambda: here)):
        check_asker()
        Progress().add(1)
        here = False
        for checked in (check_asker, Progress().check, lambda: Progress().add(1)):
            with pytest.raises(Stopped):
                checked()
    check_asker()  # nobody asks any more


def test_work_ends_at_its_deadline_and_downloads_do_not_count(monkeypatch):
    now = 100.0
    monkeypatch.setenv("SEVIZ_MAX_SECONDS", "7")
    monkeypatch.setattr(watching.time, "monotonic", lambda: now)
    with untimed():  # the command line's work has no asker
        now += 1
    with asked_by(Asker()):
        now += 6
        with untimed():
            now += 1000
        check_asker()
        now += 2
        with pytest.raises(UserError, match=r"^At most 7 seconds for one question here .*; ask"):
            check_asker()


def test_work_that_people_see_form_and_can_stop_may_take_longer(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_LONG_SECONDS", "1")
    with taking_long():
        check_asker()  # nobody asks: it has no end
    with asked_by(Asker(ends=-1.0)):
        with taking_long():
            check_asker()
        with pytest.raises(UserError, match="SEVIZ_MAX_SECONDS"):
            check_asker()
    with asked_by(Asker(lambda: False)), taking_long(), pytest.raises(Stopped):
        check_asker()
