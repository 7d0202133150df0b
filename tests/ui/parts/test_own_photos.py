import gc
from dataclasses import replace

import pytest
from made_collection import made_collection
from made_profile import made_block, made_profile

from seviz.errors import UserError
from seviz.records.collection import Photographs
from seviz.ui.parts import own_photos
from seviz.ui.parts.own_photos import FOLDER, OWN, REFERENCE, Own, Passed, hold, own_of

GATES = {"SE_2_1": [[0.1, 0.9], [0.3, 0.7]]}


def passed(model: str) -> Passed:
    collection = replace(made_collection(GATES, ["", ""]), model=model)
    return Passed(collection, replace(made_profile(made_block()), model=model), object())


def test_the_networks_that_were_asked_last_are_kept():
    own = Own(Photographs(()), images=OWN)
    for model in ("a", "b", "a", "c"):
        own = own.with_passed(passed(model))
    assert [each.collection.model for each in own.passed] == ["a", "c"]
    assert own.images == OWN
    assert own.collection("b") is None
    assert own.collection("c") is own.passed[1].collection


def test_the_choice_of_images_says_whose_statistics_hold():
    mine, servers = passed("a"), passed("a")
    own = Own().with_passed(mine).with_folder(servers)
    assert own.images == FOLDER
    assert own.collection("a") is servers.collection
    assert own.statistics.profiles == (servers.profile,)
    assert own.statistics.images_of(servers.profile) is servers.images
    assert own.statistics.images_of(mine.profile) is None
    back = replace(own, images=REFERENCE)
    assert back.statistics.profiles == (mine.profile,)
    assert [each.statistics.preferred for each in (own, back)] == [True, False]
    assert back.collection("a") is mine.collection


@pytest.mark.parametrize("value", [None, "forged", {"images": OWN}])
def test_what_was_put_away_is_nothing(value):
    own = own_of(value)
    assert (own.photographs, own.statistics.profiles, own.images) == (None, (), REFERENCE)
    assert own_of(mine := Own()) is mine


def test_the_memory_of_all_visitors_is_limited_as_long_as_it_is_held(monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_COLLECTIONS_MB", "2")
    monkeypatch.setattr(own_photos, "HELD", type(own_photos.HELD)())
    photo = made_collection(GATES, ["", ""]).photographs.photos[0]
    large = replace(photo, data=bytes(1_500_000))
    first = Photographs((large,))
    hold(first)
    second = Photographs((large,))
    with pytest.raises(UserError, match="Too many collections are here at a time"):
        hold(second)
    del first
    gc.collect()
    hold(second)
