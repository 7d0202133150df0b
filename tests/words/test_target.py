import pytest

from seviz.records.target import Contrast, Followed, GateAnswer
from seviz.records.trace import Answer
from seviz.words.target import answer_words, chance_noun, score_noun

LION = Answer(0, "lion", 0.5, 1.0)
PAIR = Contrast(0, "lion − lynx", 0.75, 1.0986, 2)
GATE = GateAnswer("SE_4_6", 17, "gate SE_4_6[17]", 0.2647, -1.0216)


@pytest.mark.parametrize(
    ("answer", "words", "scored", "read"),
    [
        (LION, "lion: 50 %, logit 1", "the logit of “lion”", "the probability of “lion”"),
        (
            PAIR,
            "lion − lynx: logits differ by 1.099, 75 % of the two",
            "the difference of the logits “lion − lynx”",
            "the probability of “lion − lynx”",
        ),
        (
            GATE,
            "Gate SE_4_6[17]: s = 0.2647, pre-activation −1.022",
            "the pre-activation of the gate SE_4_6[17]",
            "the gate SE_4_6[17]",
        ),
    ],
)
def test_what_is_followed_is_said(answer: Followed, words: str, scored: str, read: str):
    assert answer_words(answer) == words
    assert score_noun(answer) == scored
    assert chance_noun(answer) == read
