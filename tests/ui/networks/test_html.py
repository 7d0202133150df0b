from dataclasses import replace

import numpy as np
from made import made_trace

from seviz.records.network_pair import BY_NAME, ClassMatch, NetworkView
from seviz.ui.networks import html
from seviz.zoo.catalogue import find

SE = "lab_resnet_se"


def view(logits, labels, *, crop_box=(0, 0, 8, 8), **known) -> NetworkView:
    trace = replace(made_trace([logits]), model=SE, labels=labels, **known)
    return NetworkView(trace, crop_box, {})


A = view([2.0, 1.0, 0.0], ("cat", "dog", "ant"))
B = view([0.0, 3.0, 1.0], ("tabby", "bee", "dog"))
CLASSES = ClassMatch(((0, 0), (1, 2)), (BY_NAME,), ("ant",), ("bee",))


def test_a_class_of_both_is_one_row_and_of_one_network_the_other_has_no_number():
    said = html.answers((A, B), CLASSES, 2)
    rows = said.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    assert [row.split('scope="row">')[1].split("<")[0] for row in rows] == [
        "cat / tabby",
        "dog",
        "bee",
    ]
    assert rows[2].count("not a class") == 1
    assert "not a class" not in rows[0] + rows[1]
    assert '<td class="difference"></td>' in rows[2]
    assert "A says cat" in said and "A does not know bee" in said


def test_a_network_without_a_head_has_no_column_of_numbers():
    bare = view([], ())
    nothing = ClassMatch((), (), A.trace.labels, ())
    said = html.answers((A, bare), nothing, 2)
    assert "A says cat" in said and "B without a head no class" in said
    assert said.count("not a class") == 2
    assert "<table" not in html.answers((bare, bare), ClassMatch((), (), (), ()), 2)


def test_the_photograph_is_shown_once_where_both_see_the_same_and_else_twice():
    assert html.crops((A, A), "your photograph").count("<figure") == 1
    other = view([2.0, 1.0, 0.0], A.trace.labels, crop_box=(2, 0, 8, 8))
    said = html.crops((A, other), "your photograph")
    assert said.count("<figure") == 2
    assert "as A sees it" in said and "as B sees it" in said
    grey = view([1.0], ("a",), image=np.zeros((1, 8, 8), np.float32))
    assert "pixels, grey." in html.crops((A, grey), "it")


def test_what_is_fetched_is_told_with_its_size_before_it_is():
    assert html.waiting("A", find("embedded")) == (
        '<p class="headline waiting">Asking A, SE-ResNet-50 slim · embedded …</p>'
    )
    said = html.waiting("B", find("resnet50.a1_in1k"))
    assert "after fetching its weights (" in said and " MB) …" in said


def test_names_from_anywhere_are_escaped():
    bad = view([1.0, 0.0], ("<b>", "b"))
    same = ClassMatch(((0, 0), (1, 1)), (BY_NAME,), (), ())
    assert "<b>" not in html.answers((bad, bad), same, 2)
    assert "<i>" not in html.crops((bad, bad), "<i>")
