from made_classes import made_curves

from seviz.figures.classes import class_curves
from seviz.figures.standalone import divisions


def test_one_figure_brings_the_library_and_both_are_the_same_at_each_call():
    figures = [class_curves(made_curves()), class_curves(made_curves(0))]
    first, second = divisions(figures)
    assert len(first) > 1_000_000 > len(second)
    assert 'src="http' not in first[:2000]
    assert [*divisions(figures)] == [first, second]
