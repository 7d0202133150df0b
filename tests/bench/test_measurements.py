import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from seviz.bench import measurements as bench
from seviz.bench import peers
from seviz.bench.rows import Networks, Row, Skipped, Unmeasured
from seviz.measuring import measure

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def networks() -> Networks:
    return Networks.make("seresnet50_slim", 64)


def test_ratios_are_ours_over_theirs_pair_by_pair(monkeypatch):
    clock = {"now": 0.0}
    monkeypatch.setattr(measure, "clock", lambda kind: clock["now"])

    def lasting(seconds: float):
        def call() -> None:
            clock["now"] += seconds

        return call

    assert measure.ratios_of(lasting(3.0), lasting(2.0), 4) == pytest.approx([1.5] * 4)
    assert measure.times_of(lasting(3.0), lasting(2.0), 1) == [pytest.approx((3.0, 2.0))]


def ask_once(monkeypatch, called: list[str]) -> None:
    """Let measurements call either side once, ours first."""

    def once(name, ours, theirs, *, limit, pairs):
        called.append("ours")
        ours()
        called.append("theirs")
        theirs()
        return Row(name, 1.0, 1.0, 1.0, limit, 1.0, 1.0)

    for module in (bench, peers):
        monkeypatch.setattr(module, "compare", once)


class Counting:
    """Remembers what was asked."""

    def __init__(self, ask):
        self.ask, self.asked = ask, []

    def __call__(self, arms, *args, **kwargs):
        self.asked.append([arm.name for arm in arms])
        return self.ask(arms, *args, **kwargs)


def test_a_row_asks_the_probed_network_and_passes_the_bare_one_by(networks, monkeypatch):
    rows: list[int] = []
    ask_once(monkeypatch, [])
    bench.first_answer("first_answer", networks)  # the first one proves that rows may branch
    probe = networks.loaded.probe
    monkeypatch.setattr(probe, "ask", Counting(probe.ask), raising=False)
    monkeypatch.setattr(probe, "branch", Counting(probe.branch), raising=False)
    counted = replace(networks, bare=lambda x: rows.append(len(x)))
    bench.capture([bench.INTACT, bench.IDENTITY], "arms", counted)
    assert (probe.ask.asked, rows) == ([["intact", "identity"]], [2])
    bench.first_answer("first_answer", counted)
    assert (probe.branch.asked, rows) == ([["intact", "static"]], [2, 1])


def test_every_row_that_is_of_one_process_is_measured(networks, monkeypatch):
    called: list[str] = []
    ask_once(monkeypatch, called)
    monkeypatch.setattr(peers, "IG_STEPS", 2)
    monkeypatch.setattr(bench.Networks, "make", lambda: networks)
    for long in ("startup", "evaluate", "profile", "profile_two"):
        monkeypatch.delitem(bench.MEASURES, long)
    monkeypatch.delitem(bench.MEASURES, "training")
    found = list(bench.bench())
    assert [one.name for one in found] == list(bench.MEASURES)
    skipped = {one.name for one in found if isinstance(one, Skipped)}
    assert skipped <= {"gradcam_peer", "integrated_gradients_bfloat16"}
    assert len(called) == 2 * (len(found) - len(skipped))


def test_what_can_not_be_measured_says_why_and_the_others_go_on(monkeypatch):
    row = Row("four", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)

    def broken(name, networks):
        raise RuntimeError("no engine\nat all")

    def unfit(name, networks):
        raise Unmeasured("it is too far off")

    table = {
        "one": ("gradio_of_another_name", broken),
        "two": ("", broken),
        "three": ("", unfit),
        "four": ("torch", lambda name, networks: row),
    }
    monkeypatch.setattr(bench, "MEASURES", table)
    monkeypatch.setattr(bench.Networks, "make", lambda: None)
    assert list(bench.bench()) == [
        Skipped("one", "gradio_of_another_name is not installed"),
        Skipped("two", "it failed: RuntimeError: no engine"),
        Skipped("three", "it is too far off"),
        row,
    ]
    assert list(bench.bench(["four"])) == [row]


def test_the_start_and_the_peers_need_what_may_be_missing():
    needs = {name: library for name, (library, _) in bench.MEASURES.items() if library}
    assert needs["startup"] == "gradio"
    assert {library for name, library in needs.items() if "grad" in name} == {
        "captum",
        "pytorch_grad_cam",
    }


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
    drawn = ["a figure"] * 4  # of the example that the page opens with
    assert done.stdout.splitlines()[-1] == str(drawn)


def test_sweeps_over_images_are_compared_with_a_row_an_arm_and_image(networks, monkeypatch):
    rows: list[int] = []
    ask_once(monkeypatch, [])
    probe, asked = networks.loaded.probe, []
    real = probe.branch

    def branch(arms, *args, **options):
        asked.append((len(arms), options["images"]))
        return real(arms, *args, **options)

    monkeypatch.setattr(probe, "branch", branch, raising=False)
    counted = replace(networks, bare=lambda x: rows.append(len(x)))
    found = bench.sweeps("alone", counted, cumulative=False)
    assert (asked[-1], rows.pop(), found.limit) == ((17, 2), 2 * 17, 0.65)
    found = bench.sweeps("all", counted, cumulative=True)
    assert (asked[-1], rows.pop(), found.limit) == ((46, 2), 2 * 49, 0.75)
