from seviz.nets.dissection import dissect
from seviz.nets.variants import PLAIN, Variant


def test_the_shapes_of_a_vgg_are_those_of_its_plan():
    blocks = dissect(Variant("vgg", PLAIN))
    assert [block.place for block in blocks] == ["1_1", "2_1", "3_1", "4_1", "4_2", "5_1", "5_2"]
    assert [block.y for block in blocks] == [
        (64, 64, 16),
        (32, 32, 32),
        (16, 16, 64),
        *[(8, 8, 96)] * 2,
        *[(4, 4, 128)] * 2,
    ]
    assert all(block.side is None and block.gating is None for block in blocks)
    assert blocks[0].x == (64, 64, 3)


def test_se_is_where_its_integration_puts_it_with_the_width_that_r_gives():
    first, *_ = dissect(Variant(integration="pre", r=8))
    gating = first.trunk[0]
    assert gating is first.gating
    assert (gating.channels, gating.width, gating.positions) == (first.x[2], first.x[2] // 8, 1)
    assert gating.u == first.x
