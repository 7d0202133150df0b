from dataclasses import replace

import numpy as np
import pytest
from made_profile import made_block, made_profile

from seviz.errors import UserError
from seviz.reference.classes import (
    ChosenClasses,
    class_labels,
    few_classes,
    find_block,
    find_classes,
)
from seviz.reference.profile import Profile

NAMES = {"ant": "garden ant", "cat": "goldfish"}


@pytest.fixture
def profile() -> Profile:
    return made_profile(made_block(), made_block(class_mean=np.float32([[0.5, 0.5]] * 3)))


def many(count: int, labels: dict[int, str] | None = None) -> Profile:
    """Return a profile of so many classes, whose mean gates lie ever farther apart."""
    means = np.float32([[i * i / count**2, 0.5] for i in range(count)])
    classes = tuple((labels or {}).get(i, f"c{i}") for i in range(count))
    block = made_block(class_mean=means, class_std=np.zeros_like(means))
    return replace(made_profile(block), classes=classes, class_counts=(3,) * count)


@pytest.mark.parametrize("text", ["goldfish", "Goldfish", "cat", " 2 "])
def test_a_class_is_found_by_name_folder_and_number(profile: Profile, text: str):
    assert find_classes(profile, [text], NAMES) == [2]


def test_a_class_named_twice_is_drawn_once(profile: Profile):
    assert find_classes(profile, ["cat", "0", "goldfish"], NAMES) == [2, 0]


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["goldfisch"], "no class “goldfisch” among the data set's 3; did you mean “goldfish”"),
        (["bee"], "no images of “bee” in numbers; choose a class that .*, such as “garden ant”"),
        (["9"], "no class 9; they are numbered 0 to 2"),
    ],
)
def test_a_class_that_is_not_there_gets_one_sentence(profile, texts: list[str], says: str):
    with pytest.raises(UserError, match=says):
        find_classes(profile, texts, NAMES)


def test_at_most_six_classes():
    assert find_classes(many(8), list("012345"), {}) == [0, 1, 2, 3, 4, 5]
    with pytest.raises(UserError, match=r"At most 6 classes .*; these are 7\."):
        find_classes(many(8), list("0123456"), {})


def test_statistics_without_classes_say_so(profile: Profile):
    with pytest.raises(UserError, match="know no classes: they were measured without labels"):
        find_classes(replace(profile, class_counts=(0, 0, 0)), [], NAMES)


def test_few_classes_are_the_articles_or_like_these_and_then_the_farthest():
    assert few_classes(many(9, {3: "cliff", 5: "tench", 6: "dog", 8: "airplane"}), {}) == [
        5,
        6,
        8,
        3,
    ]
    # From 0 the farthest is 8; then 6 (64 − 36 = 28 of 8) and then 4 (16 of 0, 20 of 6).
    assert few_classes(many(9), {}) == [0, 8, 6, 4]
    assert few_classes(many(2), {}) == [0, 1]


def test_a_block_is_found_or_the_most_selective_one_is_taken(profile: Profile):
    assert find_block(profile, "SE_2_2") == "SE_2_2"
    assert find_block(profile, "") == "SE_2_1"
    with pytest.raises(UserError, match=r"no block “SE_3_1” in these .*; did you mean SE_2_1"):
        find_block(profile, "SE_3_1")


def test_curves_are_the_profiles_to_the_last_bit(profile: Profile):
    gates = {"SE_2_1": np.float32([0.1, 0.2])}
    found = ChosenClasses(profile, (2, 0), NAMES, gates).curves("SE_2_1")
    block = profile.blocks["SE_2_1"]
    for curve, k in zip(found.classes, (2, 0), strict=True):
        assert curve.mean.tobytes() == block.class_mean[k].tobytes()
        assert curve.std.tobytes() == block.class_std[k].tobytes()
        assert (curve.images, curve.folder) == (5, profile.classes[k])
    assert [curve.label for curve in found.classes] == ["goldfish", "garden ant"]
    assert found.overall.tobytes() == block.s_mean.tobytes()
    assert found.photo is gates["SE_2_1"]
    assert ChosenClasses(profile, (0,), NAMES).curves("SE_2_1").photo is None


def test_classes_without_a_name_keep_their_folders(profile: Profile):
    assert class_labels(profile, NAMES) == ("garden ant", "bee", "goldfish")
