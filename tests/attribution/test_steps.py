import pytest

from seviz.attribution.steps import check_steps
from seviz.errors import UserError


def test_a_method_takes_2_to_1024_steps_or_its_own():
    for steps in (None, 2, 1024):
        check_steps(steps)
    for steps in (-3, 0, 1, 1025):
        with pytest.raises(UserError, match=f"^--steps is {steps}; give 2 to 1024"):
            check_steps(steps)
