"""The equations: one for every way of the laboratory, in the article's terms."""

from seviz.nets.block import EXCITATIONS, SQUEEZES
from seviz.nets.residual import INTEGRATIONS
from seviz.nets.variants import PLAIN
from seviz.words import equations


def test_every_way_of_the_laboratory_has_its_equation():
    assert set(equations.SQUEEZES) == set(SQUEEZES)
    assert set(equations.FUNCTIONS) == set(EXCITATIONS)
    assert set(equations.INTEGRATIONS) == {*INTEGRATIONS, PLAIN}


def test_the_excitation_names_its_gate_and_works_by_position_without_a_squeeze():
    assert equations.excitation("sigmoid") == (
        r"\mathbf{s} = \sigma\big(\mathbf{W}_2\, \delta(\mathbf{W}_1 \mathbf{z})\big)"
    )
    assert equations.excitation("tanh", "none") == (
        r"\mathbf{s}(i, j) = \tanh\big(\mathbf{W}_2\, \delta(\mathbf{W}_1 \mathbf{z}(i, j))\big)"
    )
    assert "(i, j)" in equations.scale("none")
    assert "(i, j)" not in equations.scale()


def test_equations_are_set_on_lines_of_their_own():
    assert equations.shown("a", "b") == "$$\na\n$$\n\n$$\nb\n$$"
