from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.errors import UserError
from seviz.ui.parts import html
from seviz.ui.parts import progress as module
from seviz.ui.parts.progress import Run, Runner, Unwanted, session_of

REQUEST = SimpleNamespace(session_hash="page")
RUN = Run("start", "stop", "progress")  # in place of components


class FakeWork:
    """Work that is at these moments (seconds) at these shares."""

    unwanted = False

    def __init__(self, moments: list[tuple[float, float]], result: object = "result") -> None:
        self.moments, self.seconds, self.given = moments, 0.0, result

    def shares(self):
        for seconds, share in self.moments:
            self.seconds = seconds
            yield share

    def result(self) -> object:
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


class FakeWorks:
    """Starts the work that it was made for, and remembers what it is asked."""

    def __init__(self, work: FakeWork) -> None:
        self.work, self.asked = work, []

    def start(self, session, kind, task):
        self.asked.append(("start", session, kind, task))
        return self.work

    def forget(self, session, work):
        self.asked.append(("ended", session, work))

    def stop(self, session, kind):
        self.asked.append(("stop", session, kind))


def followed(work: FakeWork) -> tuple[list[dict], object, FakeWorks]:
    """Follow work to its end: the steps, what came of it, and who was asked."""
    works = FakeWorks(work)
    steps, following = [], Runner(works, "explain", RUN).follow(REQUEST, "task", {"said": 1})
    while True:
        try:
            steps.append(next(following))
        except StopIteration as end:
            return steps, end.value, works


@pytest.fixture(autouse=True)
def buttons(monkeypatch) -> None:
    monkeypatch.setattr(module.gr, "Button", lambda visible: visible)


def busy(share: float, seconds: float) -> dict:
    said = {"start": False, "stop": True, "progress": html.progress(share, seconds)}
    return {"said": 1, **said}


def test_news_are_told_no_more_often_than_people_can_read_them():
    work = FakeWork([(0.1, 0.1), (0.5, 0.2), (0.8, 0.3), (1.0, 0.4)])
    steps, found, works = followed(work)
    assert steps == [busy(0.2, 0.5), busy(0.4, 1.0)]  # the first after 0.4 s, then 0.4 s later
    assert found == ("result", 1.0)
    assert works.asked == [("start", "page", "explain", "task"), ("ended", "page", work)]


def test_what_has_newly_formed_is_told_at_once_and_only_once():
    work = FakeWork([(0.1, 0.1), (0.2, 0.2), (0.3, 0.3), (0.7, 0.7)])
    formed = iter([None, None, "first", "first", "first"])
    following = Runner(FakeWorks(work), "explain", RUN).follow(
        REQUEST, "task", {"said": 1}, news=lambda: next(formed)
    )
    assert list(following) == [busy(0.2, 0.2), busy(0.7, 0.7)]


def test_what_the_work_raises_is_raised_after_it_was_ended():
    works = FakeWorks(FakeWork([(0.1, 0.1)], UserError("no")))
    with pytest.raises(UserError, match="no"):
        list(Runner(works, "explain", RUN).follow(REQUEST, "task", {}))
    assert works.asked[-1][0] == "ended"


def test_unwanted_work_has_no_result_even_where_it_failed():
    work = FakeWork([], UserError("no"))
    work.unwanted = True
    with pytest.raises(Unwanted):
        list(Runner(FakeWorks(work), "explain", RUN).follow(REQUEST, "task", {}))


def ended_well(error: Exception | None, *, start: bool = True) -> list:
    def steps():
        yield {"a": 1}
        if error:
            raise error

    runner = Runner(FakeWorks(FakeWork([])), "explain", RUN)
    return list(runner.ending_well(steps(), start=start))


def test_a_refused_run_ends_idle_with_its_sentence(notices: list[str]):
    idle = {"start": True, "stop": False, "progress": ""}
    assert ended_well(None) == [{"a": 1}]
    assert ended_well(UserError("no")) == [{"a": 1}, idle]
    assert ended_well(gr.Error("no GPU")) == [{"a": 1}, idle]
    assert notices == ["no", "no GPU"]
    assert ended_well(UserError("no"), start=False)[-1] == idle | {"start": False}


def test_an_unwanted_run_ends_without_a_word(notices: list[str]):
    assert ended_well(Unwanted()) == [{"a": 1}, gr.skip()]
    assert notices == []
    with pytest.raises(ValueError, match="broken"):
        ended_well(ValueError("broken"))


def test_the_button_stops_the_work_of_its_page_and_kind():
    works = FakeWorks(FakeWork([]))
    runner = Runner(works, "explain", RUN)
    runner.stop(REQUEST)
    assert works.asked == [("stop", "page", "explain")]
    assert runner.idle(start=False) == {"start": False, "stop": False, "progress": ""}
    assert session_of(SimpleNamespace(session_hash=None)) == ""
