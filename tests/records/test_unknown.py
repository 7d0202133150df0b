from seviz.records.unknown import Unknown


def test_a_photograph_looks_unknown_below_the_threshold():
    assert Unknown(0.29, 0.3, 0.1, 0.4, 0.7, "k").below
    assert not Unknown(0.3, 0.3, 0.1, 0.4, 0.7, "k").below
