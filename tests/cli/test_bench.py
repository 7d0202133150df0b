import json

from seviz.__main__ import main
from seviz.bench import measurements
from seviz.bench.rows import Row, Skipped
from seviz.measuring import hardware


def test_bench_prints_rows_and_names_what_they_were_measured_on(capsys, monkeypatch):
    row = Row("capture", 1.01, 1.0, 1.02, 1.05, 50.5, 50.0)
    over = Row("arms", 1.25, 1.0, 1.3, 1.05, 125.0, 100.0)
    skipped = Skipped("startup", "gradio is not installed")
    monkeypatch.setattr(measurements, "bench", lambda: iter([row, over, skipped]))
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


def test_an_interrupted_bench_tells_the_rows_that_there_are(capsys, monkeypatch):
    def interrupted():
        yield Row("capture", 1.01, 1.0, 1.02, 1.05, 50.5, 50.0)
        raise KeyboardInterrupt

    monkeypatch.setattr(measurements, "bench", interrupted)
    assert main(["bench", "--json"]) == 130
    assert [row["name"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["capture"]
