from dataclasses import replace

from made_collection import made_collection
from made_profile import made_block, made_profile

from seviz.records.collection import Photographs
from seviz.words.collection import (
    NO_REFERENCE,
    answer_words,
    collection_words,
    kept_words,
    left_out_words,
    own_words,
    reference_words,
    skipped_words,
    statistics_words,
)

GATES = {"SE_2_1": [[0.1, 0.9], [0.3, 0.7], [0.6, 0.2]]}
PROFILE = made_profile(made_block())


def test_how_many_are_right_is_said_of_those_in_known_folders():
    title = "A network"
    assert collection_words(made_collection(GATES, [""] * 3), title) == (
        "A network answered 3 photographs."
    )
    # The answers are ant, bee, cat; “hill” is none of the network's classes.
    assert collection_words(made_collection(GATES, ["cat", "bee", "hill"]), title) == (
        "A network answered 3 photographs, 1 of the 2 in folders it knows as their folders say "
        "(50 %)."
    )
    assert collection_words(made_collection(GATES, ["cat", "bee", "cat"]), title) == (
        "A network answered 3 photographs, 2 as their folders say (67 %)."
    )


def test_smaller_versions_are_told():
    photographs = made_collection(GATES, [""] * 3).photographs
    assert kept_words(photographs) == ""
    first, *rest = photographs.photos
    one = replace(photographs, photos=(replace(first, reduced=True), *rest))
    assert kept_words(one).startswith("1 photograph is kept and answered as a JPEG of at most 448")


def test_statistics_are_told_with_their_images_and_number():
    assert reference_words(PROFILE) == "numbers, 10 images"
    assert reference_words(None) == NO_REFERENCE
    assert statistics_words(PROFILE, own=False).endswith("are those of numbers (10 images).")
    mine = replace(PROFILE, data="your 3 photographs")
    assert statistics_words(mine, own=True).endswith("are those of your 3 photographs.")
    assert "has no reference statistics" in statistics_words(None, own=False)
    assert own_words(mine) == "gates compared with your 3 photographs"


def test_answers_and_skipped_files_are_named():
    collection = made_collection(GATES, [""] * 3)
    assert answer_words(collection, 1) == "bee, 79\u00a0%"  # e² / (e² + 2)
    assert "has no head" in answer_words(replace(collection, labels=()), 1)
    skipped = Photographs((), (("a\n.txt", "This is none."),))
    assert skipped_words(skipped) == ["a\\n.txt: This is none."]
    assert left_out_words(skipped) == "Left out: 1 file, for example a\\n.txt: This is none."
    twice = replace(skipped, skipped=skipped.skipped * 2)
    assert left_out_words(twice).startswith("Left out: 2 files, for example a")
    assert left_out_words(replace(skipped, skipped=())) == ""
