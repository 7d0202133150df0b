"""What an explanation asks a GPU for; its results are tested as `attribution_report`'s."""

from seviz.answers.explain import ExplainOptions, explain
from seviz.passes.gpu_seconds import count_rows
from seviz.records.arms import IDENTITY, INTACT


def rows(small, photo, *methods: str, steps: int | None = None, trust: bool = False) -> int:
    asked = ExplainOptions(methods, steps=steps, trust=trust)
    return count_rows(explain, small, photo, [INTACT, IDENTITY], asked=asked, recorded={})


def test_rows_are_those_of_all_methods_and_more_where_maps_are_measured(small, photo):
    one = rows(small, photo, "gradcam")
    both = rows(small, photo, "gradcam", "occlusion")
    assert 0 < one < both
    assert both + rows(small, photo) == one + rows(small, photo, "occlusion")
    assert rows(small, photo, "gradcam", trust=True) > one + 100
    few, many = (rows(small, photo, "smoothgrad", steps=steps) for steps in (2, 20))
    assert few < many
