import numpy as np

from seviz.records.analysis import AlphaPath, ChannelEffect, Effects
from seviz.records.trace import Answer

TOP = (
    ChannelEffect("SE_2_1", 0, 0.5, 2.0, -0.25),
    ChannelEffect("SE_2_1", 3, 0.5, -1.5, 4.0),
    ChannelEffect("SE_3_1", 0, 0.5, 1.0, -1.0),
)
FOUND = Effects(Answer(0, "lion", 0.5, 1.0), {}, TOP)


def test_channels_are_ranked_by_the_size_of_their_exact_effects():
    assert [effect.exact for effect in FOUND.ranked] == [4.0, -1.0, -0.25]
    assert FOUND.top == TOP  # as measured


def test_an_exact_effect_is_found_where_it_was_measured():
    assert FOUND.exact("SE_2_1", 3) == 4.0
    assert FOUND.exact("SE_3_1", 0) == -1.0
    assert FOUND.exact("SE_3_1", 3) is None


def test_the_probabilities_of_a_path_sum_to_1_at_each_step():
    logits = np.log(np.float32([[0.75, 0.25], [0.5, 0.5]]))
    path = AlphaPath("static", np.float32([0, 1]), logits)
    np.testing.assert_allclose(path.probabilities, [[0.75, 0.25], [0.5, 0.5]], rtol=1e-6)
