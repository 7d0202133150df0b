import argparse

import pytest

from seviz.cli.explaining import add_explaining, steps
from seviz.errors import UserError


def parsed(*words: str) -> argparse.Namespace:
    command = argparse.ArgumentParser()
    add_explaining(command)
    return command.parse_args(words)


def test_grad_cam_at_the_last_block_is_the_default():
    options = parsed()
    assert (options.method, options.layer, steps(options)) == (["gradcam"], "", None)


@pytest.mark.parametrize("count", [2, 1024])
def test_as_many_steps_as_a_method_takes(count: int):
    assert steps(parsed("--steps", str(count))) == count


@pytest.mark.parametrize("count", [1, 1025, -3])
def test_no_other_number_of_steps(count: int):
    with pytest.raises(UserError, match=f"--steps is {count}; give 2 to 1024"):
        steps(parsed("--steps", str(count)))
