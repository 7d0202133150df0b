import pytest

from seviz.records.target import Contrast, Difference, Followed, GateAnswer
from seviz.records.trace import Answer
from seviz.words.target import (
    answer_words,
    chance_axis,
    chance_name,
    chance_noun,
    class_score_noun,
    score_name,
    score_noun,
    score_title,
    target_hint,
)

LION = Answer(0, "lion", 0.5, 1.0)
PAIR = Contrast(0, "lion rather than lynx", 0.75, 1.0986, 2, ("lion", "lynx"))
GATE = GateAnswer("SE_4_6", 17, "gate SE_4_6[17]", 0.2647, -1.0216)


@pytest.mark.parametrize(
    ("answer", "words", "scored", "read"),
    [
        (LION, "lion: 50 %, logit 1", "the logit of lion", "the probability of lion"),
        (
            PAIR,
            "lion rather than lynx: 75 % if only these two counted, lead 1.099 (logit of lion − "
            "logit of lynx)",
            "the lead of lion over lynx (logit of lion − logit of lynx)",
            "the probability of lion, if only it and lynx counted",
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


def test_titles_are_short():
    assert [score_title(answer) for answer in (LION, PAIR, GATE)] == [
        "logit of lion",
        "lead of lion over lynx",
        "pre-activation of the gate SE_4_6[17]",
    ]
    assert [score_name(answer) for answer in (LION, PAIR, GATE)] == [
        "logit",
        "lead",
        "pre-activation",
    ]
    assert [chance_name(of) for of in (LION, GATE, 3)] == ["probability", "gate s", "probability"]
    two = [chance_name(PAIR), chance_name(Difference(0, 2))]
    assert two == ["probability if only these two counted"] * 2
    assert chance_axis(PAIR) == "probability if only<br>these two counted"
    assert chance_axis(LION) == "probability"


def test_a_target_without_an_answer_is_named_alike():
    labels = ("lion", "cat", "lynx")
    assert class_score_noun(0, labels) == score_noun(LION)
    assert class_score_noun(Difference(0, 2), labels) == score_noun(PAIR)


def test_what_two_classes_percentage_is_is_explained():
    assert target_hint(PAIR) == (
        "Followed is the lead of lion over lynx (logit of lion − logit of lynx): what speaks "
        "for lion rather than for lynx. Its percentage is the probability of lion if only these "
        "two classes counted."
    )
    assert target_hint(LION) == ""
    assert target_hint(GATE).startswith("Explained is the gate that the block computes")
