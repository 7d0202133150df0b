from dataclasses import replace

import pytest
from made_ranges import made_network, made_ranges, made_tensor

from seviz.words.ranges import block_words, gap_words, ranges_words, resolution_words


@pytest.mark.parametrize(
    ("before", "gate"),
    [
        (0.25, "before the gate it is 25 %, so the gate makes it worse"),
        (0.75, "before the gate it is 75 %, so the gate makes it better"),
        (0.49, "before the gate it is 49 %, so the gate is not the cause"),
    ],
)
def test_a_block_that_would_lose_resolution_gets_one_sentence(before: float, gate: str):
    assert block_words(made_ranges("SE_4_6", before, 0.5)) == (
        "In int8 with one scale for s·U, SE_4_6 would lose resolution: 50 % of its channels have "
        f"fewer than 16 of the 256 steps; {gate}."
    )


def test_a_block_that_would_not_gets_none():
    assert block_words(made_ranges("SE_4_6", 0.9, 0.24)) == ""
    assert resolution_words("SE_4_6", before=None, after=None) == ""


def test_the_blocks_are_named_or_counted():
    one, calm = made_ranges("SE_2_1", 0.2, 0.5, gap=12.0), made_ranges("SE_2_2", 0.2, 0.1, gap=8.0)
    assert ranges_words(made_network(one, calm)) == (
        "In SE_2_1 int8 with one scale would take the resolution of a quarter of the channels or "
        "more. What one scale for all channels costs against one for each, in dB, is more behind "
        "the gate than before it in 1 of 2 blocks."
    )
    assert ranges_words(made_network(calm)).startswith("In none of the 1 blocks would int8 with")
    five = [replace(one, site=f"SE_2_{i}") for i in range(5)]
    assert ranges_words(made_network(*five, calm)).startswith("In 5 of the 6 blocks int8 with one")


def test_the_gap_is_what_one_scale_costs():
    assert gap_words(made_tensor(0.5, gap=10.25)) == "10.2"
    assert gap_words(made_tensor(0.5, gap=-1.5)) == "−1.5"
    assert gap_words(replace(made_tensor(0.5), channel_noise_ratio=None)) == "0.0"
