import os
import subprocess
import sys

import pytest

from seviz.bench import served
from seviz.bench.served import Served, serve
from seviz.errors import UserError


def test_the_memory_of_a_process_is_in_megabytes():
    mb = Served("", os.getpid()).resident()
    assert mb is None or 50 < mb < 100_000
    assert Served("", 2**30).resident() is None


def test_an_app_that_does_not_come_up_is_told(monkeypatch):
    with pytest.raises(UserError, match="did not come up"), serve("--no-such-option"):
        pass


def test_an_app_that_does_not_end_is_killed(monkeypatch):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
    made = []

    def popen(command, **options):
        made.append(start([sys.executable, "-c", stubborn]))
        return made[0]

    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(served, "END", 0.1)
    monkeypatch.setattr(served, "_wait", lambda *of: None)
    with serve() as app:
        assert app.pid == made[0].pid
    assert made[0].returncode is not None
