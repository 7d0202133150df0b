from made_ranges import made_ranges


def test_a_block_loses_resolution_where_a_quarter_of_its_channels_do():
    assert made_ranges("SE_2_1", 0.0, 0.25).loses
    assert not made_ranges("SE_2_1", 0.9, 0.24).loses
