import json
from dataclasses import replace

from seviz.__main__ import main
from seviz.bench import measurements, visitors
from seviz.bench.rows import Row, Skipped
from seviz.bench.visitors import Load
from seviz.measuring import hardware


def test_bench_prints_rows_and_names_what_they_were_measured_on(capsys, monkeypatch):
    row = Row("capture", 1.01, 1.0, 1.02, 1.05, 50.5, 50.0)
    over = Row("arms", 1.25, 1.0, 1.3, 1.05, 125.0, 100.0)
    skipped = Skipped("startup", "gradio is not installed")
    monkeypatch.setattr(measurements, "bench", lambda only: iter([row, over, skipped]))
    monkeypatch.setattr(hardware, "hardware", lambda: "NVIDIA H100")
    assert main(["bench", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "hardware": "NVIDIA H100",
        "rows": [vars(row), vars(over)],
        "skipped": [vars(skipped)],
    }
    assert main(["bench"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Measured on NVIDIA H100",
        "capture               1.010 × bare [1.000, 1.020], within 1.05  (50.5 ms, bare 50.0 ms)",
        "arms                  1.250 × bare [1.000, 1.300], OVER 1.05  (125.0 ms, bare 100.0 ms)",
        "startup               not measured: gradio is not installed",
    ]


def test_only_the_rows_that_are_named_are_measured(capsys, monkeypatch):
    asked = []
    monkeypatch.setattr(measurements, "bench", lambda only: asked.append(only) or iter([]))
    assert main(["bench", "--rows", "capture", "startup", "--json"]) == 0
    assert asked == [["capture", "startup"]]
    capsys.readouterr()
    assert main(["bench", "--rows", "captures"]) == 2
    assert "There is no row “captures”; choose from capture, arms," in capsys.readouterr().err
    assert len(asked) == 1


def test_an_interrupted_bench_tells_the_rows_that_there_are(capsys, monkeypatch):
    def interrupted(_):
        yield Row("capture", 1.01, 1.0, 1.02, 1.05, 50.5, 50.0)
        raise KeyboardInterrupt

    monkeypatch.setattr(measurements, "bench", interrupted)
    assert main(["bench", "--json"]) == 130
    assert [row["name"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["capture"]


LOAD = Load(
    visitors=10,
    questions=20,
    seconds=4.0,
    rate=5.0,
    against_serial=1.25,
    first=(1.0, 2.5),
    p50={"trace": 0.5, "compare": 0.25},
    p95={"trace": 1.5, "compare": 0.75},
    errors=1,
    refused=2,
    wrong=0,
    before=1000.0,
    peak=1200.0,
    after=1100.0,
)


def test_bench_of_visitors_prints_what_they_got(capsys, monkeypatch):
    asked = []
    without = replace(LOAD, before=None, peak=None, after=None)
    monkeypatch.setattr(visitors, "loads", lambda *of: asked.append(of) or iter([LOAD, without]))
    monkeypatch.setattr(hardware, "hardware", lambda: "two cores")
    assert main(["bench", "--visitors", "10", "50", "--questions", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["hardware"] == "two cores"
    assert said["visitors"][0] == {**vars(LOAD), "first": [1.0, 2.5]}
    assert main(["bench", "--visitors", "10"]) == 0
    assert asked == [([10, 50], 2), ([10], 4)]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "Measured on two cores",
        "10 at once, 20 questions: 5.0 answers a second (1.25 × one after the other); 1 errors, "
        "2 refused, 0 wrong",
        "  seconds, median and 95 %: first answer 1.00 and 2.50, /trace 0.50 and 1.50, "
        "/compare 0.25 and 0.75",
        "  resident memory of the server before, at most, after: 1,000 → 1,200 → 1,100 MB",
    ]
    assert lines[-1].endswith(": ? → ? → ? MB")
