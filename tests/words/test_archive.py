from dataclasses import replace

from made import made_trace

from seviz.gates.grammar import parse_arm
from seviz.records.arms import INTACT, STATIC, TWIN
from seviz.words.archive import BESIDE, archive_words, report_words

TRACE = replace(
    made_trace([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]),
    arms=(INTACT, STATIC, parse_arm("SE_2_1[3]=0"), TWIN),
)


def test_the_read_me_says_which_row_is_which_arm():
    lines = archive_words(TRACE).splitlines()
    rows = lines[lines.index("The rows (first axis) of every array are the arms:") + 1 :][:4]
    assert rows == [
        "  0  intact: with gates (intact)",
        "  1  static: gates at their mean (static)",
        "  2  SE_2_1[3]=0: edited (SE_2_1[3]=0)",
        "  3  twin: trained without SE (twin); another network without gates, so its z and s are "
        "NaN",
    ]


def test_it_gives_shapes_units_and_blocks():
    text = archive_words(TRACE)
    assert "  z/BLOCK           4 × C " in text
    assert "  logits            4 × 2, one column a class" in text
    assert "a factor\n                           from 0 to 1, without a unit" in text
    assert text.endswith("  SE_2_1: layer1.0.se, 12, 8\n")
    assert "does not squeeze" not in text
    unsqueezed = replace(TRACE, sites=tuple(replace(s, squeezed=False) for s in TRACE.sites))
    assert "This network does not squeeze" in archive_words(unsqueezed)


def test_files_that_a_report_has_only_on_demand_are_described_where_it_has_them():
    plain = report_words([], shares=False)
    assert not [name for name in BESIDE if name in plain]
    told = report_words([], shares=False, beside=["trust.json"])
    assert told == plain + BESIDE["trust.json"]
