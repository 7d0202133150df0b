from functools import cache

import pytest

from seviz.bench import profiling
from seviz.bench.rows import Unmeasured
from seviz.reference.work import Work


@pytest.fixture
def few(monkeypatch):
    """Let a row be measured over few images, twice."""
    monkeypatch.setattr(profiling, "IMAGES", 12)
    monkeypatch.setattr(profiling, "PAIRS", 2)


def test_gathering_is_compared_with_the_bare_passes_of_the_same_images(few, monkeypatch):
    gathered, take = [], Work.take

    def counted(work, **options):
        take(work, **options)
        gathered.append(work.gathering.accumulator.images)

    monkeypatch.setattr(Work, "take", counted)
    row = profiling.profile("profile", None)
    assert set(gathered) == {12}
    assert row.name == "profile"
    assert min(row.ours, row.theirs) > 0
    assert row.limit == pytest.approx(1.0526, abs=1e-4)


def test_two_processes_are_compared_with_one(few, monkeypatch):
    measured = cache(lambda *command, measure=profiling._seconds: measure([*command]))
    monkeypatch.setattr(profiling, "_seconds", lambda command: measured(*command))
    row = profiling.two_processes("profile_two", None)
    assert measured.cache_info().currsize == 2
    assert row.ratio == pytest.approx(row.ours / row.theirs)
    assert row.limit == 0.625


def test_where_they_cannot_run_it_says_why(few, monkeypatch):
    monkeypatch.setattr(profiling, "GATHER", "raise SystemExit('no gloo')")
    with pytest.raises(Unmeasured, match="it failed: no gloo"):
        profiling.two_processes("profile_two", None)
    monkeypatch.setattr(profiling, "cores", lambda: 1)
    with pytest.raises(Unmeasured, match="this machine has one core"):
        profiling.two_processes("profile_two", None)
