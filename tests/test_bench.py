import subprocess
import sys
from pathlib import Path

import pytest

from seviz import bench
from seviz.lab import measure

ROOT = Path(__file__).parent.parent


def test_ratios_are_ours_over_theirs_pair_by_pair(monkeypatch):
    clock = {"now": 0.0}
    monkeypatch.setattr(measure.time, "perf_counter", lambda: clock["now"])

    def lasting(seconds: float):
        def call() -> None:
            clock["now"] += seconds

        return call

    assert bench.ratios_of(lasting(3.0), lasting(2.0), 4) == pytest.approx([1.5] * 4)


def test_a_row_has_the_median_and_the_quartiles_of_its_ratios():
    row = bench._summed("capture", [1.0, 1.1, 1.2, 1.3, 9.0], 1.05)
    assert (row.low, row.ratio, row.high) == pytest.approx((1.05, 1.2, 5.15))


def test_a_row_asks_the_probed_network_and_passes_the_bare_one_by(small, monkeypatch):
    asked = []

    def ratios_of(ours, theirs, pairs):
        ours()
        asked.append(("looked", small.probe.ask.cache))
        theirs()
        return [1.0, 1.0]

    bare_calls = []
    monkeypatch.setattr(bench, "SIDE", 64)
    monkeypatch.setattr(small.probe, "ask", Counting(small.probe.ask), raising=False)
    monkeypatch.setattr(bench, "ratios_of", ratios_of)
    bench._row("capture", small, bare_calls.append, [bench.INTACT])
    assert asked == [("looked", [[bench.INTACT]])]
    assert [x.shape for x in bare_calls] == [(1, 3, 64, 64)]


class Counting:
    """Remembers what was asked."""

    def __init__(self, ask):
        self.ask, self.cache = ask, []

    def __call__(self, arms):
        self.cache.append(arms)
        return self.ask(arms)


STARTED = """
import plotly.basedatatypes as plotly, sys
whole, drawn = plotly.BaseFigure.__init__, []
plotly.BaseFigure.__init__ = lambda *a, **k: (drawn.append("a figure"), whole(*a, **k))[1]
{app}
print(drawn + [name for name in {later} if name in sys.modules])
"""


def test_the_start_draws_and_imports_nothing_that_only_a_later_question_needs():
    # What made it slow when it crept in; the start itself is timed by `python -m seviz bench`.
    later = ["captum", "scipy.optimize", "skimage", "sklearn", "torchmetrics"]
    code = STARTED.format(app=bench.APP, later=later)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
