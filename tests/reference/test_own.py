import threading
from contextvars import copy_context
from dataclasses import replace

import pytest
from made_profile import made_block, made_profile

from seviz.reference import own
from seviz.reference.gather import reference, set_reference
from seviz.zoo.catalogue import find

MINE = replace(made_profile(made_block()), model="embedded", weights=find("embedded").digest)
WITHOUT = "lab_resnet_tanh"  # a network that has no statistics in these tests


def test_a_visitors_own_come_first_only_where_they_are_preferred():
    shipped = reference("embedded")
    with own.using(own.OwnStatistics((MINE,))):
        assert reference("embedded") is shipped
    with own.using(own.OwnStatistics((MINE,), preferred=True)):
        assert reference("embedded") is MINE
    assert reference("embedded") is shipped


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_they_stand_in_where_a_network_has_none_and_the_latest_holds():
    source = find(WITHOUT)
    older = replace(MINE, model=source.identity, weights=source.digest)
    newer = replace(older, data="more")
    assert reference(WITHOUT) is None
    with own.using(own.OwnStatistics((older, newer, MINE))):
        assert reference(WITHOUT) is newer
    set_reference(older)
    with own.using(own.OwnStatistics((newer,))):
        assert reference(WITHOUT) is older


def test_threads_of_a_context_know_them_and_others_do_not():
    seen = []

    def look() -> None:
        seen.append(own.current())

    with own.using(own.OwnStatistics((MINE,))):
        context = copy_context()
        for target in (look, lambda: context.run(look)):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        assert own.current().profiles == (MINE,)
    assert [len(each.profiles) for each in seen] == [0, 1]
    assert own.current() == own.NONE


def test_a_fingerprint_tells_profiles_of_one_name_apart():
    other = made_profile(made_block(s_mean=MINE.blocks["SE_2_1"].s_mean + 0.1))
    other = replace(other, data=MINE.data)
    assert own.fingerprint(MINE) == own.fingerprint(replace(MINE))
    assert own.fingerprint(MINE) != own.fingerprint(other)
    assert own.fingerprint(None) == ""
