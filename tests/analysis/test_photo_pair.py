from dataclasses import replace

import numpy as np
import pytest
from made_pair import FIRST, SECOND, SITES, THREE, made_trace
from made_profile import made_block, made_profile

from seviz.analysis.photo_pair import compare_photographs
from seviz.errors import UserError
from seviz.reference.streams import Sample


def test_distances_by_hand():
    one, two = compare_photographs(FIRST, SECOND, None).blocks
    assert (one.site, two.site) == ("SE_2_1", "SE_2_2")
    assert one.cosine == pytest.approx(1 - 0.96, abs=1e-7)
    assert one.difference == pytest.approx(0.2, abs=1e-7)
    assert two.cosine == pytest.approx(1 - 0.85 / np.sqrt(0.75 * 1.05), abs=1e-7)
    assert two.difference == pytest.approx(0.4 / 3, abs=1e-7)
    assert (one.cosine_place, one.difference_place, one.constant) == (None, None, False)


def test_the_distances_are_those_that_the_reference_images_were_measured_by():
    rows = np.random.default_rng(0).random((2, 3)).astype(np.float32)
    sample = Sample(2, 3)
    sample.add(np.arange(2), rows)
    cosine, difference = sample.distances()
    traces = [made_trace([0.5, 0.5], row.tolist()) for row in rows]
    block = compare_photographs(*traces, None).blocks[1]
    assert (block.cosine, block.difference) == pytest.approx((cosine[0], difference[0]), rel=1e-12)


def test_gates_that_hardly_differ_keep_their_distance():
    near = made_trace([0.6, 0.8], [0.5, 0.5, 0.5 + 2**-24])
    block = compare_photographs(FIRST, near, None).blocks[1]
    assert block.cosine == pytest.approx((2 / 3) * 2.0**-48 / 2 / 0.75, rel=1e-4)


def test_the_same_photograph_twice_is_nowhere_apart():
    pair = compare_photographs(FIRST, FIRST, made_profile(made_block(), made_block(s_std=THREE)))
    for block in pair.blocks:
        assert (block.cosine, block.difference) == (0, 0)
        assert (block.cosine_place, block.difference_place) == (0, 0)


def test_shut_gates_are_half_a_distance_from_any_other():
    shut = made_trace([0.0, 0.0], [0.5, 0.5, 0.5])
    assert compare_photographs(FIRST, shut, None).blocks[0].cosine == pytest.approx(0.5)


def test_each_distance_is_placed_among_those_of_reference_images():
    spread = np.arange(33) / 32
    still = made_block(s_std=np.zeros(3, np.float32), difference_quantiles=np.zeros(33, np.float32))
    profile = made_profile(
        made_block(
            cosine_quantiles=(spread / 20).astype(np.float32),  # 0.04 is at 80 %
            difference_quantiles=spread.astype(np.float32),
        ),
        still,
    )
    pair = compare_photographs(FIRST, SECOND, profile)
    one, two = pair.blocks
    assert pair.data == "numbers"
    assert (one.cosine_place, one.difference_place) == pytest.approx((80, 20), abs=1e-3)
    assert (one.constant, two.constant) == (False, True)
    assert two.difference_place == 100


def test_a_reference_of_one_image_has_no_pairs():
    unknown = np.full(33, np.nan, np.float32)
    lonely = made_block(cosine_quantiles=unknown, difference_quantiles=unknown)
    profile = made_profile(lonely, replace(lonely, s_std=THREE))
    pair = compare_photographs(FIRST, SECOND, profile)
    assert {(b.cosine_place, b.difference_place) for b in pair.blocks} == {(None, None)}


def test_the_channels_that_differ_most_come_first_and_ties_by_depth():
    found = compare_photographs(FIRST, SECOND, None, k=4).channels
    assert [(c.site, c.channel) for c in found[:1]] == [("SE_2_2", 2)]
    assert {(c.site, c.channel) for c in found[1:3]} == {("SE_2_1", 0), ("SE_2_1", 1)}
    assert (found[3].site, found[3].channel) == ("SE_2_2", 1)
    assert (found[0].first, found[0].second) == pytest.approx((0.5, 0.8))
    assert found[0].deviations is None
    same = compare_photographs(FIRST, FIRST, None, k=9).channels  # there are but five
    assert [(c.site, c.channel) for c in same] == [
        ("SE_2_1", 0),
        ("SE_2_1", 1),
        ("SE_2_2", 0),
        ("SE_2_2", 1),
        ("SE_2_2", 2),
    ]


def test_differences_are_told_in_deviations_where_there_are_some():
    profile = made_profile(made_block(), made_block(s_std=THREE))
    found = compare_photographs(FIRST, SECOND, profile, k=5).channels
    of_second = {c.channel: c.deviations for c in found if c.site == "SE_2_2"}
    assert of_second == {0: 0, 1: pytest.approx(0.5), 2: None}


@pytest.mark.parametrize("change", [{"model": "other"}, {"sites": SITES[:1]}])
def test_traces_of_two_networks_are_refused(change):
    with pytest.raises(UserError, match="ask one network about both"):
        compare_photographs(FIRST, replace(SECOND, **change), None)
