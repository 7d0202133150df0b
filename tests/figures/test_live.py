from dataclasses import replace

import numpy as np
from made import made_trace

from seviz.figures import style
from seviz.figures.gates import GateScale
from seviz.figures.live import colour_table, levels

GATES = {"first": np.array([[0.0, 0.5], [1.0, 1.0]]), "second": np.array([[1.0, 0.2, 2.0]] * 2)}


def test_each_gate_of_the_network_as_trained_is_a_byte_on_the_scale():
    trace = replace(made_trace([[1.0, 0.0], [0.0, 1.0]]), s=GATES)
    assert list(levels(trace, GateScale(0.0, 1.0, ()))) == [0, 128, 255, 51, 255]
    signed = list(levels(trace, GateScale(-1.0, 1.0, ())))
    assert signed == [128, 191, 255, 153, 255]  # 0 is the middle, and 2 the end's level


def test_the_colours_of_levels_are_those_of_the_scale_from_end_to_end():
    table = np.frombuffer(colour_table(style.GATES), np.uint8).reshape(-1, 3)
    assert table.shape == (256, 3)
    assert [tuple(table[0]), tuple(table[-1])] == [(68, 1, 84), (253, 231, 37)]  # Viridis's ends
    blue, red = np.frombuffer(colour_table(style.SIGNED), np.uint8).reshape(-1, 3)[[0, -1]]
    assert blue[2] > blue[0]
    assert red[0] > red[2]
