import numpy as np
import pytest

from seviz.records.analysis import AlphaPath
from seviz.records.target import Difference
from seviz.words.alpha_path import path_words

LABELS = ("lion", "tabby cat", "sofa")
LION = [0.75, 0.125, 0.125]
CAT = [0.25, 0.5, 0.25]


def path(*rows: list[float]) -> AlphaPath:
    alphas = np.linspace(0, 1, len(rows), dtype=np.float32)
    return AlphaPath("static", alphas, np.log(np.float32(rows)))


@pytest.mark.parametrize(
    ("along", "target", "said"),
    [
        (
            path(LION, LION, [0.5, 0.25, 0.25]),
            0,
            "The first answer stays lion (75 %) all the way; at α = 1 (all gates at their mean "
            "over the training images), it has 50 %.",
        ),
        (
            path(LION, LION, CAT, CAT, CAT),
            0,
            "The first answer changes from lion (75 %) to tabby cat between α = 0.25 and 0.50; at "
            "α = 1 (all gates at their mean over the training images), it is tabby cat (50 %). The "
            "probability of lion goes from 75 % to 25 %.",
        ),
    ],
)
def test_it_says_where_the_first_answer_changes_and_what_is_at_the_end(
    along: AlphaPath, target: int, said: str
):
    assert " ".join(path_words(along, LABELS, target)).strip() == said


def test_what_is_followed_is_told_where_it_is_not_the_first_answer():
    _, said = path_words(path(LION, LION), LABELS, 2)
    assert said == "The probability of sofa goes from 13 % to 13 %."
    _, lead = path_words(path(LION, CAT), LABELS, Difference(0, 1))
    assert "if only it and tabby cat counted, goes from 86 % to 33 %." in lead
