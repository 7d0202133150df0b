from pathlib import Path

import pytest

from seviz.answers.overview import overview_report
from seviz.errors import UserError


def test_a_blocks_sheet_is_drawn_where_it_is_asked_for(tmp_path: Path):
    report = overview_report("embedded", "layer1.0.se", folder=tmp_path, steps=1)
    assert (report.site, report.steps, len(report.s)) == ("SE_2_1", 1, 64)
    assert Path(report.file) == tmp_path / "SE_2_1.webp"
    assert report.summary.startswith("64 pictures, one for each gate of SE_2_1; of the ")
    assert (report.images, report.all_images) == (512, 100_000)
    assert report.summary.endswith("(a sample of 512 of the 100,000 reference images).")


@pytest.mark.parametrize(
    ("block", "steps", "says"),
    [("SE_2_9", 1, "There is no block “SE_2_9” in"), ("SE_2_1", -1, "steps is -1; give 1 or more")],
)
def test_what_cant_be_asked_is_a_sentence(tmp_path, block, steps, says):
    with pytest.raises(UserError, match=says):
        overview_report("embedded", block, folder=tmp_path, steps=steps)
