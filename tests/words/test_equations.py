"""Equations that are made of several parts."""

from seviz.words import equations


def test_a_block_without_se_and_one_without_a_shortcut_have_their_own_equations():
    every = {
        equations.whole_block(way, shortcut=shortcut)
        for way in ("plain", "standard")
        for shortcut in (True, False)
    }
    assert len(every) == 4
    assert {"SE" in equation for equation in every} == {True, False}
    assert "F_{tr}" in equations.whole_block("plain", shortcut=False)


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
    assert equations.display_math("a", "b") == "$$\na\n$$\n\n$$\nb\n$$"
