from pathlib import Path

import numpy as np
import pytest

from seviz.answers.overview import count_beyond, overview_report
from seviz.errors import UserError
from seviz.records.pictures import Overview
from seviz.reference.gather import reference, reference_images
from seviz.zoo.catalogue import find


def test_a_blocks_sheet_is_drawn_where_it_is_asked_for(tmp_path: Path):
    report = overview_report("embedded", "layer1.0.se", folder=tmp_path, steps=1)
    assert (report.site, report.steps, len(report.s)) == ("SE_2_1", 1, 64)
    assert Path(report.file) == tmp_path / "SE_2_1.webp"
    assert report.summary.startswith("64 pictures, one for each gate of SE_2_1; of the ")


def test_gates_beyond_99_of_100_images_are_counted_among_those_that_move():
    block, images = reference("embedded").blocks["SE_2_1"], reference_images("embedded")
    sample = images.blocks["SE_2_1"].sample.astype(float)
    live = block.s_std > 0.01
    s = np.quantile(sample, 0.99, axis=0).astype(np.float32) - 0.001
    s[np.flatnonzero(live)[:5]] += 0.002
    s[np.flatnonzero(~live)[:2]] += 0.002  # these stand still, and do not count
    found = Overview("SE_2_1", Path("x"), s, 32, 64, 64, 32)
    assert count_beyond("embedded", found) == (int(live.sum()), 5)


def test_without_images_nothing_is_counted():
    key = find("seresnet50.a1_in1k").key
    assert count_beyond(key, Overview("SE_2_1", Path("x"), np.zeros(3), 1, 1, 1, 1)) == (None, None)


@pytest.mark.parametrize(
    ("block", "steps", "says"),
    [("SE_2_9", 1, "There is no block “SE_2_9” in"), ("SE_2_1", -1, "steps is -1; give 1 or more")],
)
def test_what_cant_be_asked_is_a_sentence(tmp_path, block, steps, says):
    with pytest.raises(UserError, match=says):
        overview_report("embedded", block, folder=tmp_path, steps=steps)
