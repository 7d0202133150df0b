from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.gates.grammar import parse_arm
from seviz.records.analysis import AlphaPath
from seviz.records.arms import INTACT, Edit
from seviz.words.surgery import edit_words, edited_headline, tops_along


def edits(text: str) -> tuple[Edit, ...]:
    return parse_arm(text).edits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SE_4_6[10:20]=0", "SE_4_6, channels 10 to 19: silenced (gate 0)"),
        ("SE_4_6[10:20,33]*=0", "SE_4_6, channels 10 to 19 and 33: silenced (gate 0)"),
        ("SE_4*=static", "stage 4: each gate held at its mean (static)"),
        ("identity", "all blocks: each gate at 1 (identity)"),
        ("layer1.0.se[7]*=-0.5", "layer1.0.se, channel 7: each gate scaled by −0.5"),
        ("SE_2_1[1,2,3]=0.25", "SE_2_1, channels 1, 2 and 3: each gate set to 0.25"),
        ("uniform", "all blocks: each gate at the mean of its block's gates (uniform)"),
        ("shuffle@7", "all blocks: the gates shuffled among the channels (seed 7)"),
        (
            "mix(0.3,static)",
            "all blocks: 30 % of the way to “each gate held at its mean (static)”",
        ),
        ("resample@a.jpg", "all blocks: the gates recorded from a.jpg (resample)"),
    ],
)
def test_an_edit_in_words(text: str, words: str):
    assert edit_words(*edits(text)) == words


LOG3 = float(np.log(3.0))


@pytest.mark.parametrize(
    ("logits", "text", "says"),
    [
        ([0.0, LOG3], "static", "With these edits the network says b (75 %) instead of a (75 %)."),
        ([0.1, 0.0], "static", "With these edits the network still says a: 52 % instead of 75 %."),
        ([LOG3, 0.0], "intact", "Nothing is edited: the network says a (75 %)."),
    ],
)
def test_what_the_edited_network_says(logits: list[float], text: str, says: str):
    both = replace(made_trace([[LOG3, 0.0], logits]), arms=(INTACT, parse_arm(text)))
    assert edited_headline(both) == says


def test_inputs_far_from_training_are_told_of_the_column_as_surgery_names_it():
    trace = made_trace([[LOG3, 0.0], [0.0, LOG3]])
    far = replace(
        trace, arms=(INTACT, parse_arm("static")), shift={"SE_2_1": np.float32([0.0, 8.3])}
    )
    assert edited_headline(far).endswith("8.3 standard deviations off: read “edited” with care.")


def test_the_answers_along_a_path_are_paired_with_those_at_its_beginning():
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.3, 0.1, 0.6]], np.float32))
    path = AlphaPath("static", np.array([0, 1], np.float32), logits)
    pairs = tops_along(path, 1, ("lion", "tabby", "bee"), k=1)
    assert [first.label for first, _ in pairs] == ["lion", "bee"]
    assert [first.probability for first, _ in pairs] == pytest.approx([0.7, 0.1])
    assert [there.probability for _, there in pairs] == pytest.approx([0.3, 0.6])
