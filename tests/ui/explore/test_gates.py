"""The handlers of the tab “Gates”, without a browser."""

from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from photos import disc

from seviz.figures.atlas import BY_NUMBER, LARGEST_FIRST
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, SHUFFLED, TWIN
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.percentiles import percentiles
from seviz.ui.explore.first_answer import first_answer
from seviz.ui.explore.gates.html import atlas_help
from seviz.ui.explore.gates.layout import SIDES, SORTS, lay_out
from seviz.ui.explore.gates.tab import Handlers, ordering
from seviz.words.arms import arm_title
from seviz.words.gates import difference_words, terms_words

ARMS = [INTACT, IDENTITY, SHUFFLED, TWIN]


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out(None))


@pytest.fixture(scope="module")
def record() -> Trace:
    return ask(trace, "embedded", disc(), ARMS, recorded={})


@pytest.fixture(scope="module")
def tanh() -> Trace:
    return ask(trace, "lab_resnet_tanh", disc(), [INTACT, IDENTITY], recorded={})


def drawn(
    handlers: Handlers, record: Trace, arm="identity", *, show="s", side="with", sort="channel"
):
    return handlers.draw(record, arm, show, side, sort)[handlers.parts.atlas]


def row(figure, block: int = 0) -> np.ndarray:
    return np.asarray(figure.data[block].z)[0]


def test_a_new_trace_is_drawn_with_how_to_read_it(handlers, record):
    said, p = handlers.arrive(record, "identity", "s", "with", "channel"), handlers.parts
    assert set(said) == {p.atlas, p.atlas_help, p.depth, p.depth_help}
    np.testing.assert_array_equal(row(said[p.atlas]), record.s["SE_2_1"][0])
    assert handlers.arrive(None, "identity", "s", "with", "channel") == gr.skip()


def test_the_atlas_is_drawn_anew_only_where_there_is_something_to_draw(handlers, record, notices):
    assert handlers.draw(None, "identity", "s", "with", "channel") == gr.skip()
    assert "upload it (again)" in notices[0]
    said = handlers.draw(record, "identity", "z", "without", "s")
    assert set(said) == {handlers.parts.atlas, handlers.parts.atlas_help}


def test_what_an_address_fills_in_is_drawn_once_there_is_a_trace(handlers, record, notices):
    assert handlers.draw_restored(None, "identity", "z", "with", "channel") == gr.skip()
    assert not notices
    seen = (record, "identity", "z", "with", "channel")
    assert handlers.draw_restored(*seen).keys() == handlers.draw(*seen).keys()


@pytest.mark.parametrize(
    ("arm", "at"), [("identity", 1), ("shuffled", 2), ("no such", 1), (None, 1)]
)
def test_each_pass_shows_its_own_gates_and_their_difference(handlers, record, arm, at: int):
    computed = record.s_computed["SE_4_6"]
    depth = [site.name for site in record.sites].index("SE_4_6")
    for side, values in (
        ("with", computed[0]),
        ("without", computed[at]),
        ("difference", computed[0] - computed[at]),
    ):
        np.testing.assert_array_equal(row(drawn(handlers, record, arm, side=side), depth), values)
    assert {side for _, side in SIDES} == {"with", "without", "difference"}


@pytest.mark.parametrize("side", ["without", "difference"])
def test_the_twins_atlas_is_empty_and_says_why(handlers, record, side: str):
    figure = drawn(handlers, record, "twin", side=side, sort="difference")
    assert not figure.data
    assert "it has no gates" in figure.layout.annotations[0].text
    assert drawn(handlers, record, "twin").data


def test_a_trace_without_another_arm_differs_from_nothing(handlers, record):
    alone = replace(
        record,
        arms=(INTACT,),
        **{
            group: {n: v[:1] for n, v in getattr(record, group).items()}
            for group in ("z", "s", "s_computed")
        },
    )
    assert not row(drawn(handlers, alone, side="difference", sort="difference")).any()


def test_channels_are_ordered_by_what_is_chosen(record):
    block, profile = "SE_4_6", reference("embedded")
    s, z = record.s[block], record.z[block]
    expected = {
        "s": s[0],
        "z": z[0],
        "difference": abs(s[0] - s[2]),
        "percentile": percentiles(profile.blocks[block], s[0]),
        "constant": -profile.blocks[block].s_std,
    }
    for sort, keys in expected.items():
        np.testing.assert_array_equal(ordering(record, 2, sort)[0][block], keys)
    assert ordering(record, 2, "channel") == (None, BY_NUMBER)
    assert len({ordering(record, 2, sort)[1] for sort in expected}) == len(expected)
    assert {sort for _, sort in SORTS} == {*expected, "channel"}


@pytest.mark.parametrize("sort", ["", "no such", None, ["s"]])
def test_a_forged_order_is_that_of_the_numbers(handlers, record, sort):
    assert ordering(record, 1, sort) == (None, BY_NUMBER)
    np.testing.assert_array_equal(row(drawn(handlers, record, sort=sort)), record.s["SE_2_1"][0])


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_without_statistics_gates_are_ordered_by_what_there_is(tanh):
    name = tanh.sites[0].name
    keys, said = ordering(tanh, 1, "percentile")
    np.testing.assert_array_equal(keys[name], tanh.s[name][0])
    assert said == LARGEST_FIRST
    assert ordering(tanh, 1, "constant") == (None, BY_NUMBER)


def test_in_order_the_fixed_come_first_and_the_largest_of_all_else(handlers, record):
    fixed = np.asarray(drawn(handlers, record, sort="constant").data[0].customdata)[0]
    deviations = reference("embedded").blocks["SE_2_1"].s_std[fixed]
    assert (np.diff(deviations) >= 0).all()
    assert (np.diff(row(drawn(handlers, record, sort="s"))) <= 0).all()


def test_how_to_read_the_atlas_is_told_of_what_is_shown(record, tanh):
    own = atlas_help(record, 1, show="s", side="with")
    assert "Bright gates" in own
    assert terms_words(record.sites) in own.unescape()
    assert "blue ones (negative) flip its sign" in atlas_help(tanh, 1, show="s", side="with")
    said = atlas_help(record, 3, show="z", side="difference").unescape()
    assert difference_words("z", *(arm_title(arm) for arm in (INTACT, TWIN))) in said


def test_the_depth_profile_is_told_of_the_network_that_is_open(handlers, tanh):
    said = handlers.arrive(tanh, "identity", "s", "with", "channel")
    assert "|s| &lt; 0.05" in said[handlers.parts.depth_help]


def test_before_anything_is_asked_it_shows_the_examples_atlas():
    first = first_answer("embedded")
    with gr.Blocks():
        shown, empty = lay_out(first), lay_out(None)
    assert shown.atlas.value == first.atlas.to_json()
    assert shown.atlas_help.value == first.atlas_help
    assert (empty.atlas.value, empty.depth.value) == (None, None)
    assert shown.switches == [shown.show, shown.side, shown.sort]
