from pathlib import Path

import numpy as np
import pytest

from seviz.records.pictures import Overview, PictureTask


def test_each_row_has_a_seed():
    assert PictureTask("SE_2_1", (3, 4), "open", (0, 1)).seeds == (0, 1)
    with pytest.raises(ValueError, match="2 channels, 1 seeds"):
        PictureTask("SE_2_1", (3, 4))


def test_pictures_lie_row_by_row_on_a_sheet():
    sheet = Overview("SE_2_1", Path("x.webp"), np.zeros(70, np.float32), 32, 48, 64, 32)
    assert sheet.place(0) == (0, 0)
    assert sheet.place(33) == (64, 48)
