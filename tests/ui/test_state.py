from dataclasses import replace

import pytest

from seviz.records.arms import IDENTITY, STATIC
from seviz.reference.gather import reference, set_reference
from seviz.ui.state import OFF, off_choices

HELD, SET_TO_ONE = "each gate at its mean (static)", "each gate at 1 (identity)"


def test_static_is_offered_where_there_are_statistics():
    assert {HELD: STATIC, SET_TO_ONE: IDENTITY} == OFF
    assert off_choices("embedded") == [HELD, SET_TO_ONE]


@pytest.mark.parametrize("key", ["seresnet50.a1_in1k", "lab_vgg_se"])
def test_identity_alone_is_offered_where_there_are_none_until_somebody_brings_some(key: str):
    assert off_choices(key) == [SET_TO_ONE]
    set_reference(replace(reference("embedded"), model=key))
    assert off_choices(key) == [HELD, SET_TO_ONE]
