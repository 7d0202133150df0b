import pytest

from seviz.gates.grammar import parse_arm
from seviz.words.gate_page import edited_words, here_words, no_gate_words


def test_a_wrong_gate_is_named_with_the_one_that_is_shown():
    assert no_gate_words("SE_9_9[3]", "SE-ResNet", "SE_4_6[17]") == (
        "There is no gate SE_9_9[3] in SE-ResNet; shown is SE_4_6[17]."
    )
    assert len(no_gate_words("x" * 200, "", "")) < 140


def test_the_photograph_heads_the_page_where_it_is_answered():
    assert here_words("SE_4_6[17]", 0.26471) == "SE_4_6[17] is 0.265 on this photograph."
    assert "no photograph and no statistics" in here_words("SE_4_6[17]", None)


@pytest.mark.parametrize(
    ("text", "others", "says"),
    [
        ("", 0, "This gate is not edited."),
        ("", 2, "This gate is not edited. 2 other edits of the tab Surgery hold, too."),
        ("SE_4_6[17]=0", 0, "SE_4_6, channel 17: "),
        ("SE_4_6[17]=0", 1, ". 1 other edit of the tab Surgery holds, too."),
    ],
)
def test_the_gates_own_edit_is_told_with_how_many_others_there_are(text, others, says):
    own = parse_arm(text).edits[0] if text else None
    assert says in edited_words(own, others)
