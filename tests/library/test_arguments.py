import hashlib

import numpy as np
import pytest

import seviz
from seviz.library.arguments import read_arms, read_given, read_statistics, texts_of
from seviz.nets.embedded import ASSETS
from seviz.photos.file import file_of
from seviz.records.arms import Arm, Edit, Rule

TEXTS = ["intact", "static", "SE_5*=1", "half: SE_4*=0.5; SE_5_1[0:8]*=0", "twin"]


def test_arms_are_texts_or_arms():
    arms = read_arms(TEXTS)
    assert arms == seviz.parse_arms(TEXTS)
    assert texts_of(arms) == TEXTS
    assert read_arms(arms) == arms
    assert read_arms((seviz.STATIC, "intact")) == [seviz.STATIC, seviz.INTACT]
    named = Arm("mine", (Edit(Rule("identity")),))
    assert read_arms([named]) == [named]


@pytest.mark.parametrize("arms", ["static", [], seviz.STATIC, [3], {"intact": 1}])
def test_what_are_no_arms_is_a_sentence(arms):
    with pytest.raises(seviz.UserError, match=r"Give a list of arms|Name one arm or more"):
        read_arms(arms)


def test_a_photograph_keeps_the_record_of_its_file(photo, tmp_path):
    path = tmp_path / "a.png"
    photo.save(path)
    of_path = read_given(path)
    assert file_of(of_path.picture).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (of_path.name, of_path.given) == ("photo", path)
    for other in (path.read_bytes(), photo, np.asarray(photo), np.asarray(photo) / 255):
        np.testing.assert_array_equal(read_given(other, "other").picture, of_path.picture)


def test_statistics_are_a_profile_or_its_file():
    file = ASSETS / "seresnet50_slim.profile.safetensors"
    known = read_statistics(file)
    assert read_statistics(known) is known
    assert read_statistics(None) is None
    assert read_statistics(str(file)).weights == known.weights
    with pytest.raises(seviz.UserError, match=r"profile is a seviz\.Profile, or the path of its"):
        read_statistics(5)
