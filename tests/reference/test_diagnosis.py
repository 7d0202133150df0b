import numpy as np
import pytest
from made_profile import made_block
from made_ranges import made_ranges

from seviz.reference.diagnosis import STILL, diagnose, is_constant, moves
from seviz.reference.gather import reference


def gates(*counted: tuple[int, float]) -> np.ndarray:
    return np.concatenate([np.full(n, value, np.float32) for n, value in counted])


def test_the_figures_of_a_working_block_by_hand():
    block = made_block(s_std=np.float32([0.2, 0.1, 0.1, 0.005]))
    found = diagnose("SE_2_1", np.float32([0.5, 0.25, 0.99, 0.01]), block)
    assert (found.site, found.open, found.shut, found.verdict) == ("SE_2_1", 0.25, 0.25, "")
    by_hand = (1 + 0.811278 + 2 * 0.080793) / 4  # H(½), H(¼), H(0.99) = H(0.01) in bits
    assert found.entropy == pytest.approx(by_hand, abs=1e-5)
    assert (found.still, found.moving, found.channels) == (0.25, 3, 4)


@pytest.mark.parametrize(("gate", "entropy"), [(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)])
def test_entropy_at_the_ends_and_in_the_middle(gate: float, entropy: float):
    assert diagnose("SE_2_1", gates((4, gate)), None).entropy == entropy


@pytest.mark.parametrize("gate", [-0.1, 1.1])
def test_gates_that_are_no_shares_have_no_entropy(gate: float):
    assert diagnose("SE_2_1", gates((3, 0.5), (1, gate)), None).entropy is None


def test_without_reference_images_nothing_is_said_of_them():
    found = diagnose("SE_2_1", gates((4, 0.5)), None)
    assert (found.still, found.moving, found.verdict) == (None, None, "")


@pytest.mark.parametrize(
    ("s", "verdict"),
    [
        (gates((9, 0.04), (1, 0.5)), "dead"),
        (gates((8, 0.04), (2, 0.5)), ""),
        (gates((9, 0.96), (1, 0.5)), "saturated"),
        (gates((8, 0.96), (2, 0.5)), ""),
        (gates((10, 5.0)), ""),  # gates of a ReLU: wide open, but no identity
        (gates((10, -1.0)), ""),  # and of tanh: far from shut
    ],
)
def test_blocks_at_the_ends_are_named(s: np.ndarray, verdict: str):
    assert diagnose("SE_2_1", s, None).verdict == verdict


def test_the_ranges_of_a_block_are_told_where_they_are_known():
    found = diagnose("SE_2_1", gates((4, 0.5)), None, ranges=made_ranges("SE_2_1", 0.25, 0.5))
    assert (found.narrow_before, found.narrow) == (0.25, 0.5)
    unknown = diagnose("SE_2_1", gates((4, 0.5)), None)
    assert (unknown.narrow_before, unknown.narrow) == (None, None)


def test_a_channel_moves_where_its_deviation_is_over_the_limit():
    assert moves(STILL) == moves(np.float32(STILL)) == False  # noqa: E712
    assert moves(0.0101)
    assert moves(np.float32([0.0, 0.01, 0.0101, 0.87])).tolist() == [False, False, True, True]


def test_a_block_is_constant_only_where_no_channel_moves():
    still = made_block(s_std=gates((640, 0.0099)))
    moving = made_block(s_std=gates((624, 0.0001), (16, 0.3)))  # the mean deviation is 0.0076
    s = gates((640, 0.5))
    assert [diagnose("SE_2_1", s, b).verdict for b in (still, moving)] == ["constant", ""]
    assert diagnose("SE_2_1", s, moving).moving == 16
    shut = diagnose("SE_2_1", gates((640, 0.0)), still)
    assert (shut.verdict, is_constant(still)) == ("dead", True)  # the graver word


def test_the_embedded_network_is_told_apart_block_by_block():
    for name, block in reference("embedded").blocks.items():
        most = 0.9 * len(block.s_mean)
        opened = sum(mean > 0.95 for mean in block.s_mean.tolist()) >= most
        moving = sum(std > 0.01 for std in block.s_std.tolist())
        said = "saturated" if opened else "" if moving else "constant"
        found = diagnose(name, block.s_mean, block)
        assert (found.verdict, found.moving) == (said, moving)
