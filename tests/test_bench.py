import pytest

from seviz import bench


def test_ratios_are_ours_over_theirs_pair_by_pair(monkeypatch):
    clock = {"now": 0.0}
    monkeypatch.setattr(bench.time, "perf_counter", lambda: clock["now"])

    def lasting(seconds: float):
        def call() -> None:
            clock["now"] += seconds

        return call

    assert bench.ratios_of(lasting(3.0), lasting(2.0), 4) == pytest.approx([1.5] * 4)


def test_a_row_compares_a_question_with_bare_passes(small, monkeypatch):
    monkeypatch.setattr(bench, "PAIRS", 3)
    monkeypatch.setattr(bench, "SIDE", 64)
    row = bench._row("capture", small, small.model, [bench.INTACT])
    assert row.name == "capture"
    assert 0 < row.low <= row.ratio <= row.high


def test_the_app_starts_about_as_fast_as_its_imports(monkeypatch):
    ratios = bench.ratios_of(
        lambda: bench._python(bench.APP), lambda: bench._python(bench.IMPORTS), 2
    )
    assert min(ratios) < bench.STARTUP_LIMIT
