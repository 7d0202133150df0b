import re

import pytest
from made_module import labelled, pixels, wrapped

import seviz
from seviz.library.result import check_choice, find_row
from seviz.words.provenance import provenance_words

KINDS = ("trace", "attribute", "necessity", "channels", "pair", "change", "profile")


@pytest.fixture(scope="module")
def results():
    with wrapped(labels=["<b>a</b>", "b", "c"], name="<i>mine</i>") as own:
        profiled = own.profile(labelled(), loaders=1, quiet=True)
        yield {
            "trace": own.trace(pixels()),
            "attribute": own.attribute(pixels(), shares=True),
            "necessity": own.necessity(pixels()),
            "channels": own.channels(pixels()),
            "pair": own.compare(pixels(), pixels(1)),
            "change": own.compare(pixels(), change="darker"),
            "profile": profiled,
        }


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_shows_itself_escaped_and_from_nowhere_else(results, kind: str):
    shown = results[kind]._repr_html_()
    assert shown.count("<table") == 1
    assert shown.count("<tr>") > 2
    assert not re.search(r"<(b|i|img|script|link|iframe)\b|http|url\(", shown)
    heads, rows = shown.count("<th "), shown.count("<td ")
    assert rows % heads == 0
    assert results[kind].provenance.command.replace("'", "&#39;").replace("<", "&lt;")[:20] in shown
    assert repr(results[kind]).startswith(f"<seviz.{type(results[kind]).__name__}: ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_has_a_figure_arrays_and_where_it_is_from(results, kind: str):
    result = results[kind]
    assert result.figure().data
    arrays = result.to_arrays()
    assert arrays and all(array.size for array in arrays.values())
    plain = result.to_dict()
    assert plain["provenance"]["network"]["title"] == "<i>mine</i>"
    assert plain["provenance"]["command"] == result.provenance.command
    assert len(plain["provenance"]["network"]["sha256"]) == 64
    assert "file" in plain["why_null"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_printed_with_what_it_is_of(results, kind: str):
    of = results[kind].provenance
    told = results[kind].figure().layout.meta["source"]
    assert told == f"{provenance_words(of)} · {of.command}"


def test_a_choice_is_one_of_those_offered():
    check_choice("figure", "atlas", ("atlas", "depth"))
    with pytest.raises(seviz.UserError, match="no figure “atlass” here; choose atlas or depth"):
        check_choice("figure", "atlass", ("atlas", "depth"))


def test_an_arm_is_found_by_name_or_number():
    arms = seviz.parse_arms(["intact", "SE_5*=1"])
    assert [find_row(arms, arm) for arm in ("intact", "SE_5*=1", 0, 1)] == [0, 1, 0, 1]
    for wrong in ("static", 2, -1):
        with pytest.raises(
            seviz.UserError, match=r"choose intact or SE_5\*=1, or a number from 0 to"
        ):
            find_row(arms, wrong)
