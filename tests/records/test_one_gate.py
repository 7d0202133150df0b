import pytest
from made_data_set import made_data_set

from seviz.answers.gate import one_gate


@pytest.mark.parametrize(("count", "opens", "shuts"), [(1, 1, 1), (2, 2, 1), (9, 2, 1)])
def test_no_class_both_opens_and_shuts_a_gate(count: int, opens: int, shuts: int):
    _, profile, images = made_data_set()
    found = one_gate(profile, images, ("SE_2_1", 0), names={})
    assert found.opens_for(count) == found.classes[:opens]
    assert found.shuts_for(count) == found.classes[::-1][:shuts]
