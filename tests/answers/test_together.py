import numpy as np
import pytest

from seviz.answers.necessity import BlockNecessity, Change, NecessityReport
from seviz.answers.together import together
from seviz.measuring.intervals import paired
from seviz.records.trace import Answer


def report(*alone: float, flipped: bool = False) -> NecessityReport:
    blocks = [
        BlockNecessity(f"SE_2_{n}", Change(by, 0.1, flipped), Change(-by, 0.1, not flipped))
        for n, by in enumerate(alone, start=1)
    ]
    return NecessityReport("made", "static", Answer(0, "lion", 0.5, 1.0), blocks, "")


def test_the_block_that_moves_answers_most_is_first():
    reports = [report(0.5, -2.0), report(0.1, -1.0, flipped=True), report(0.3, 0.0)]
    first, second = together(reports)
    assert (first.site, second.site) == ("SE_2_2", "SE_2_1")
    assert first.alone.logit == paired(np.array([-2.0, -1.0, 0.0]))
    assert first.onward.logit.mean == pytest.approx(1.0)
    assert (first.alone.flips, first.onward.flips) == (1, 2)
