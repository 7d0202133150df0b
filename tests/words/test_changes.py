import numpy as np
import pytest
from made_drift import made_drift, made_passed
from made_profile import made_block, made_profile

from seviz.photos.changes import CHANGES
from seviz.words.changes import LESSONS, change_headline, holding_words, lesson_words

EVENLY = (np.arange(33) / 32).astype(np.float32)
MOVES = np.float32([0.1, 0.2, 0.3])  # deviations of gates that move


def profile(first: float, second: float):
    """Pairs of reference images whose largest distances are these, a block each."""
    blocks = [
        made_block(s_std=MOVES[:count], cosine_quantiles=EVENLY * most)
        for count, most in ((2, first), (3, second))
    ]
    return made_profile(*blocks)


FAR = made_passed(4, [0.8, 0.6], [0.5, 0.4, 0.8], logits=(0.0, 2.0, 0.0), static=(3.0, 0.0, 0.0))
NEAR = made_passed(2, [0.7, 0.8], [0.5, 0.5, 0.5])
DRIFT = made_drift(made_passed(1), NEAR, FAR)


def test_every_change_has_a_lesson():
    assert list(LESSONS) == [change.name for change in CHANGES]
    assert all(lesson.text.endswith(".") for lesson in LESSONS.values())


def test_the_headline_tells_of_the_answer_and_the_gates():
    said, more = change_headline(DRIFT, FAR, None)
    assert said == (
        "Cut into shuffled tiles (tiles along each side: 4), the photograph is “b” to the network "
        "(79 %), no longer “a”."
    )
    assert more == (
        "The gates with the change and without it differ most at SE_2_2: by 0.1333 on average."
    )
    assert (
        "is still “a” to the network (58 %, as it is 58 %)" in change_headline(DRIFT, NEAR, None)[0]
    )
    nothing, _ = change_headline(DRIFT, DRIFT.unchanged, None)
    assert nothing == "At this strength the photograph is as it is, and so is every gate."


def test_without_answers_the_headline_is_of_the_gates_alone():
    said, _ = change_headline(made_drift(made_passed(1), FAR, labels=()), FAR, None)
    assert said.startswith("The gates with the change and without it differ most")
    assert holding_words(made_drift(made_passed(1), FAR, labels=())) == ""


# The first block's gates are 0.04 apart, the second's about 0.042.
@pytest.mark.parametrize(
    ("change", "pairs", "verdict"),
    [
        ("jigsaw", (0.1, 0.05), "So it is here: at SE_2_1 the gates move by 0.04"),
        ("jigsaw", (0.05, 0.1), "Not so here: at SE_2_1 the gates move by 0.04"),
        ("mirrored", (0.1, 0.1), "So it is here:"),
        ("mirrored", (0.1, 0.05), "Not so here: at SE_2_1"),
        ("cropped", (0.1, 0.05), "So it is here:"),
        ("cropped", (0.05, 0.1), "Not so here:"),
        ("blurred", (0.1, 0.05), "Not so here:"),
        ("blurred", (0.05, 0.1), "So it is here:"),
    ],
)
def test_a_lesson_is_checked_on_this_photograph(change: str, pairs, verdict: str):
    said = lesson_words(made_drift(made_passed(1), FAR, change=change), FAR, profile(*pairs))
    assert said.startswith(LESSONS[change].text)
    assert verdict in said
    assert "farther than 40 % of reference pairs" in said or pairs[0] == 0.05


def test_a_lesson_without_reference_or_change_has_no_verdict():
    said = lesson_words(DRIFT, FAR, None)
    assert "Here at SE_2_1 the gates move by 0.04 (cosine distance), at SE_2_2 by" in said
    assert "here:" not in said
    assert lesson_words(DRIFT, DRIFT.unchanged, None) == LESSONS["jigsaw"].text


def test_it_is_said_up_to_where_each_answer_holds():
    assert holding_words(DRIFT) == (
        "How far each first answer stays, at the strengths measured (tiles along each side): with "
        "gates "
        "up to 2; with every gate frozen at its average to the end."
    )
    at_once = made_drift(made_passed(1), FAR)
    assert "with gates not even at the weakest" in holding_words(at_once)
    mirrored = made_drift(made_passed(0), FAR, change="mirrored")
    assert holding_words(mirrored) == (
        "The network's first answer: it stays with every gate frozen at its average; it becomes "
        "another with gates."
    )
    assert holding_words(made_drift(made_passed(1))) == ""
