import numpy as np

from seviz.answers.pictures import Made
from seviz.records.aims import OPEN, SHUFFLED, TRAINED
from seviz.records.pictures import Baselines, Overview, Pictures, PictureTask
from seviz.ui.gate.pictures import html


def pictures(weights: str = TRAINED) -> Pictures:
    task = PictureTask("SE_2_1", (3, 3), OPEN, (0, 1), weights)
    gates = np.array([0.5, 0.75], np.float32)
    return Pictures(task, 4, np.zeros((2, 8, 8, 3), np.uint8), gates, gates, gates)


def test_each_aim_has_a_row_of_pictures_with_what_the_gate_is_at_them():
    kinds = {(OPEN, TRAINED): pictures(), (OPEN, SHUFFLED): pictures(SHUFFLED)}
    made = Made("SE_2_1", 3, kinds, Baselines(0.1, 0.2))
    shown = str(html.made_pictures(made, "SE_2_1[3]"))
    assert shown.count("<section") == 2
    assert shown.count("data:image/webp;base64,") == 4
    assert 'alt="What opens the gate of SE_2_1[3], seed 2"' in shown
    assert "<p>s = 0.750</p>" in shown
    assert '<section class="control"><h3>Control: weights shuffled</h3>' in shown
    assert not html.made_pictures(None, "SE_2_1[3]")


def test_a_sheet_says_how_its_pictures_lie(tmp_path):
    found = Overview("SE_2_1", tmp_path / "x.webp", np.zeros(70, np.float32), 32, 64, 64, 32)
    shown = str(html.sheet(found, "file=x", "70 pictures."))
    assert 'data-block="SE_2_1" data-columns="32" data-rows="3" data-gates="70"' in shown
    assert 'src="file=x"' in shown
    assert not html.sheet(None, "", "")
