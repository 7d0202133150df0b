import sys
import time
from pathlib import Path

import pytest

from seviz.gpu import tasks as module
from seviz.gpu.tasks import Outcome, Task, run_stages, run_task

FAR = 3600.0


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(module, "LEAST_SECONDS", 0.05)
    monkeypatch.setattr(module, "GRACE_SECONDS", 1.0)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.txt"


def task(name: str, *command: str, seconds: float = FAR, **more) -> Task:
    return Task(name, command, Path.cwd(), seconds, **more)


def run(given: Task, log: Path, left: float = FAR) -> Outcome:
    return run_task(given, log, time.monotonic() + left)


def test_what_a_task_prints_is_its_answer_and_in_the_log(log: Path):
    outcome = run(task("tell", "echo", '{"top1": 0.5}', prints_json=True), log)
    assert (outcome.status, outcome.exit, outcome.result) == ("done", 0, {"top1": 0.5})
    assert "== tell: echo" in log.read_text()
    assert log.read_text().endswith('{"top1": 0.5}\n')


def test_what_is_no_answer_is_none(log: Path):
    assert run(task("tell", "echo", "no JSON", prints_json=True), log).result is None
    assert run(task("print", "echo", "[1]"), log).result is None
    assert (
        run(task("missing", "true", read_result=lambda: (log / "none").read_text()), log).result
        is None
    )
    assert run(task("made", "true", read_result=lambda: [2]), log).result == [2]


def test_a_command_that_fails_tells_its_exit_status(log: Path):
    outcome = run(task("fail", sys.executable, "-c", "raise SystemExit(3)"), log)
    assert (outcome.status, outcome.exit) == ("failed", 3)
    assert run(task("none", "/no/such/program"), log).exit == 127
    assert "/no/such/program" in log.read_text()


def test_a_command_that_takes_too_long_is_interrupted(log: Path):
    outcome = run(task("slow", "sleep", "600", seconds=0.2), log)
    assert (outcome.status, outcome.exit) == ("timed out", None)
    assert outcome.seconds < 600


def test_a_command_that_does_not_heed_an_interrupt_is_killed(log: Path):
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"
    assert run(task("deaf", sys.executable, "-c", deaf, seconds=0.2), log).status == "timed out"


def test_nothing_begins_without_its_files_or_time(log: Path, tmp_path: Path):
    lacking = task("lacking", "true", needs=(log.parent, tmp_path / "weights"))
    assert run(lacking, log) == Outcome("skipped", "weights is missing")
    assert run(task("late", "true"), log, left=0.0) == Outcome("skipped", "no time was left")
    assert not log.exists()


def test_stages_follow_each_other_whatever_became_of_the_earlier(log: Path, tmp_path: Path):
    made, told = tmp_path / "made", {}

    def stages():
        yield [task("slow", "sleep", "600", seconds=0.2), task("fail", "false")]
        assert set(told) == {"slow", "fail"}  # what comes next may depend on them
        yield [task("make", "touch", str(made))]
        yield [task("use", "cat", str(made), needs=(made,))]

    ends = time.monotonic() + FAR
    run_stages(
        stages(), log, ends, report=lambda of, outcome: told.update({of.name: outcome.status})
    )
    assert told == {"slow": "timed out", "fail": "failed", "make": "done", "use": "done"}
