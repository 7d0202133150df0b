import pytest

from seviz.analysis.photo_pair import BlockDistance, PhotoPair
from seviz.words.photo_pair import pair_words


def made_pair(
    *places: float | None, constant: tuple[int, ...] = (), apart: float = 0.1
) -> PhotoPair:
    """A pair whose cosine distances stand at these places, a block each."""
    blocks = tuple(
        BlockDistance(f"SE_2_{i}", apart / i, apart / i, place, 0.0, i in constant)
        for i, place in enumerate(places, start=1)
    )
    return PhotoPair("made", "numbers", blocks, ())


GATES = "the gates of the two photographs, by cosine distance,"


@pytest.mark.parametrize(
    ("pair", "said", "more"),
    [
        (made_pair(10, 49), f"At every block {GATES} are closer than those of most pairs of", ""),
        (made_pair(51, 95), f"At every block {GATES} are farther apart than those of most", ""),
        (made_pair(91, 95), "are farther apart than those of 90 % of the pairs of", ""),
        (
            made_pair(10, 20, 60, 95),
            f"Up to SE_2_2 {GATES} are closer than those of most pairs of reference images; from "
            "SE_2_3 on they are farther apart than those of most of the pairs.",
            "",
        ),
        (
            made_pair(10, 90, 95),
            "from SE_2_2 on they are farther apart than those of 90 % of the pairs.",
            "",
        ),
        (
            made_pair(60, 20, 75, 30),
            "differ most at SE_2_3 (by cosine distance): more than those of 75 % of the pairs "
            "of reference images.",
            "At 2 of 4 blocks they are closer than those of most pairs.",
        ),
        (
            made_pair(10, 99, 60, constant=(2,)),
            "Up to SE_2_1 the gates",  # what a constant block does is no parting
            "1 block is left out (hollow in the chart): the gates there are almost the same for "
            "all photographs, so a distance means little.",
        ),
        (made_pair(None, None), "differ most at SE_2_1: by 0.1 on average.", ""),
        (made_pair(3, constant=(1,)), "gates are almost the same for all photographs.", ""),
        (made_pair(0, 0, apart=0.0), "are the same at every block.", ""),
    ],
)
def test_where_two_photographs_part(pair: PhotoPair, said: str, more: str):
    headline, rest = pair_words(pair, "cosine")
    assert said in headline
    assert rest == more


def test_where_they_part_is_told_by_the_distance_that_is_asked_for():
    said = pair_words(made_pair(99, 99), "difference")[0]
    assert "by mean |Δs|, are closer than those of most" in said


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            (10, 49, 20),
            "At all 2 blocks compared the gates of the two photographs, by cosine distance, are "
            "closer than",
        ),
        (
            (60, 95, 70),
            "At all 2 blocks compared the gates of the two photographs, by cosine distance, are "
            "farther",
        ),
    ],
)
def test_a_headline_that_leaves_blocks_out_does_not_speak_of_every_block(places, said: str):
    headline, rest = pair_words(made_pair(*places, constant=(2,)), "cosine")
    assert headline.startswith(said)
    assert rest.startswith("1 block is left out (hollow in the chart)")


def test_blocks_are_counted_among_those_compared():
    _, rest = pair_words(made_pair(60, 20, 75, 30, 99, constant=(5,)), "cosine")
    assert rest.startswith("At 2 of 4 blocks compared they are closer than those of most pairs.")
