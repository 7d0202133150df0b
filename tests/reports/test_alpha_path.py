"""The part of a report about the path to reference gates (it is made in full in test_files)."""

import numpy as np

from seviz.records.analysis import AlphaPath
from seviz.reports.alpha_path import alpha_section
from seviz.words.alpha_path import path_words

PATH = AlphaPath("identity", np.float32([0, 1]), np.float32([[2, 0], [0, 1]]))


def test_it_has_the_sentence_and_the_curve_of_the_class_that_is_followed():
    part = alpha_section(PATH, ("lion", "sofa"), 1)
    assert (part.headline, *part.lines) == path_words(PATH, ("lion", "sofa"), 1)
    ((figure, _),) = part.charts
    assert [line.name for line in figure.data] == ["sofa", "lion"]
