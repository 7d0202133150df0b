"""The tab “Two photographs”, without a browser."""

from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qsl

import gradio as gr
import numpy as np
import pytest
from made_pair import FIRST, SECOND, THREE
from made_profile import made_block, made_profile
from PIL import Image

from seviz.analysis.photo_pair import compare_photographs
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui import app
from seviz.ui.explore.two_photos import html as pair_html
from seviz.ui.explore.two_photos import tab as pair
from seviz.ui.explore.two_photos.layout import lay_out
from seviz.ui.parts.photo_field import example_named, offered
from seviz.ui.parts.upload import read_marked
from seviz.words.photo_pair import pair_words


@pytest.fixture(scope="module")
def handlers() -> pair.Handlers:
    with gr.Blocks():
        return pair.Handlers(lay_out(), "pair")


@pytest.fixture(scope="module")
def record(photo: Image.Image) -> Trace:
    return ask(trace, "embedded", photo, [INTACT, IDENTITY])


SEA = Image.new("RGB", (90, 60), "teal")


def compared(handlers: pair.Handlers, record: Trace, measure: str = "cosine") -> dict:
    return handlers.upload(SEA, record, measure)


def test_a_second_photograph_is_answered_and_compared_at_once(handlers, record):
    said, p = compared(handlers, record), handlers.parts
    second = ask(trace, "embedded", SEA, [INTACT])
    headline, more = pair_words(
        compare_photographs(record, second, reference("embedded")), "cosine"
    )
    assert said[p.headline] == pair_html.headline(headline, more)
    assert record.top(0, 1)[0].label in said[p.both]
    assert second.top(0, 1)[0].label in said[p.both]
    assert said[p.both].count("data:image/png") == 2
    assert "these two photographs" in [drawn.name for drawn in said[p.depth].data]
    assert said[p.channels].count("<tr") == 11
    assert said[p.channels].count("data-channel=") == 10
    assert said[p.examples] == offered("embedded")
    assert said[p.shown].first is record


def test_the_other_distance_is_told_of_the_same_photographs(handlers, record):
    p = handlers.parts
    shown = compared(handlers, record)[p.shown]
    said = handlers.draw("difference", shown)
    assert "mean |Δs|" in said[p.depth].layout.yaxis.title.text
    assert set(said) == {p.headline, p.depth, p.channels}


def test_the_first_photograph_changes_while_the_tab_is_open(handlers, record):
    p, other = handlers.parts, ask(trace, "embedded", Image.new("RGB", (64, 64), "red"), [INTACT])
    shown = compared(handlers, record)[p.shown]
    said = handlers.arrive("pair", other, SEA, "cosine", shown)
    assert said[p.shown].first is other
    np.testing.assert_array_equal(said[p.shown].second.image, shown.second.image)


def test_the_first_photograph_changes_behind_another_tab(handlers, record):
    p, other = handlers.parts, ask(trace, "embedded", Image.new("RGB", (64, 64), "red"), [INTACT])
    shown = compared(handlers, record)[p.shown]
    said = handlers.arrive("gates", other, SEA, "cosine", shown)
    assert (said[p.shown], said[p.both], said[p.headline]) == (None, "", pair_html.WAITING)
    assert not said[p.results].visible
    assert handlers.arrive("gates", other, SEA, "cosine", None) == gr.skip()
    assert handlers.open(other, SEA, "cosine", None)[p.shown].first is other


def test_what_off_means_changes_nothing_here(handlers, record):
    shown = compared(handlers, record)[handlers.parts.shown]
    again = replace(record, arms=(INTACT,))
    assert handlers.arrive("pair", again, SEA, "cosine", shown) == gr.skip()


def test_the_first_photograph_stands_alone_until_there_is_a_second(handlers, record):
    p = handlers.parts
    alone = {p.both: pair_html.first_alone(record), p.examples: offered("embedded")}
    assert handlers.open(record, None, "cosine", None) == alone
    assert handlers.open(None, SEA, "cosine", None) == gr.skip()


def test_a_second_photograph_that_is_removed_takes_its_results_with_it(handlers, record):
    said, p = handlers.upload(None, record, "cosine"), handlers.parts
    assert (said[p.shown], said[p.headline]) == (None, pair_html.WAITING)
    assert said[p.both] == pair_html.first_alone(record)
    assert not said[p.results].visible
    assert handlers.upload(None, None, "cosine")[p.both] == ""


def test_a_second_photograph_waits_for_the_first(handlers, notices):
    said = handlers.upload(SEA, None, "cosine")
    assert set(said) == {handlers.parts.headline}
    assert "as soon as the first photograph is answered" in said[handlers.parts.headline]
    assert not notices


def test_without_two_photographs_there_is_nothing_to_compare(handlers, record, notices):
    p = handlers.parts
    assert handlers.draw("cosine", None) == gr.skip()
    assert ["upload it (again)" in text for text in notices] == [True]
    shown = compared(handlers, record)[p.shown]
    other = replace(record, image=record.image + 1)
    said = handlers.arrive("pair", other, None, "cosine", shown)  # the second was removed
    assert said[p.shown] is None
    assert said[p.both] == pair_html.first_alone(other)


@pytest.mark.parametrize("query", ["", "photo2=nowhere", "photo=lion"])
def test_an_address_without_a_second_photograph_changes_nothing(handlers, query):
    assert handlers.restore(asked_for(query)) == gr.skip()


def test_the_address_names_the_second_photograph(handlers):
    p = handlers.parts
    assert handlers.restore(asked_for("photo2=lion")) == {p.photo: str(example_named("lion"))}
    said = handlers.restore(asked_for("photo2=own"))
    assert set(said) == {p.headline}
    assert "which is not kept" in said[p.headline]


def test_the_second_photograph_goes_back_and_forward(handlers):
    p, went = handlers.parts, lambda **query: SimpleNamespace(_data=query)
    lion = read_marked(example_named("lion"))
    assert handlers.return_to(went(photo2="lion"), None) == {p.photo: str(example_named("lion"))}
    assert handlers.return_to(went(photo2="lion"), lion) == gr.skip()
    assert handlers.return_to(went(), lion) == {p.photo: None}
    assert handlers.return_to(went(), None) == gr.skip()
    assert handlers.return_to(went(photo2="own"), SEA) == gr.skip()  # it is still there
    assert set(handlers.return_to(went(photo2="own"), lion)) == {p.headline}


def asked_for(query: str) -> SimpleNamespace:
    return SimpleNamespace(query_params=dict(parse_qsl(query)))


def test_a_photograph_that_cant_be_read_is_a_notice_and_the_result_stays(handlers, record, notices):
    assert handlers.upload(UserError("One sentence."), record, "cosine") == gr.skip()
    assert notices == ["One sentence."]


def test_a_network_that_cant_be_had_leaves_no_results_of_another(handlers, record, notices):
    p = handlers.parts
    shown, gone = compared(handlers, record)[p.shown], replace(record, model="seresnet50.a1_in1k")
    assert handlers.arrive("pair", gone, SEA, "cosine", shown)[p.shown] is None
    assert handlers.upload(SEA, gone, "cosine") == gr.skip()
    assert all("not on this machine" in text for text in notices)
    assert len(notices) == 2


def test_a_forged_distance_is_the_first(handlers, record):
    p = handlers.parts
    shown = compared(handlers, record)[p.shown]
    assert "cosine" in handlers.draw("sideways", shown)[p.depth].layout.yaxis.title.text


def test_what_handlers_change_is_what_gradio_lets_them_change(record):
    found = [fn for fn in app.build().fns.values() if isinstance(self_of(fn), pair.Handlers)]
    assert {fn.name for fn in found} == {
        *("restore", "return_to", "upload", "arrive", "open", "draw")
    }
    own = self_of(found[0])
    said = compared(own, record)
    drawn = own.draw("cosine", said[own.parts.shown])
    restored = [own.restore(asked_for(f"photo2={name}")) for name in ("lion", "own")]
    for fn in found:
        changed = {**said, **own._without_second(record)}
        if fn.name != "upload":
            changed = {
                "draw": drawn,
                "restore": restored[0] | restored[1],
                "return_to": restored[0] | restored[1],
            }.get(fn.name, changed)
        assert set(changed) <= set(fn.outputs)


def self_of(fn: object) -> object:
    return getattr(fn.fn, "__self__", None)


def test_channels_are_listed_with_their_gates_and_escaped():
    profile = made_profile(made_block(), made_block(s_std=THREE))
    found = compare_photographs(FIRST, SECOND, profile, k=5).channels
    told = pair_html.channels([replace(found[3], site="<b>")], placed=True)
    assert "<b>" not in told
    assert 'data-name="&lt;b&gt;" data-channel="1"' in told
    cells = ["1", "0.500", "0.400", "−0.100", "0.5"]
    assert "".join(f"<td>{cell}</td>" for cell in cells) in told
    assert "deviations" not in pair_html.channels(found, placed=False)
    assert "The 5 channels that differ most, sorted by |Δs|, the largest first" in (
        pair_html.channels(found, placed=True)
    )
    assert "<td></td>" in pair_html.channels(found, placed=True)  # a gate that never changed


def test_labels_from_anywhere_are_escaped():
    first = replace(FIRST, labels=("<script>", "b", "c"))
    assert "<script>" not in pair_html.both(first, replace(SECOND, labels=first.labels), "<b>", k=2)
    assert "<b>" not in pair_html.both(FIRST, SECOND, "<b>", k=2)
    assert "<script>" not in pair_html.first_alone(first)


def test_both_photographs_stand_side_by_side_with_their_own_answers():
    second = replace(SECOND, logits=np.float32([[0.0, 5.0, 0.0]]))
    told = pair_html.both(FIRST, second, "made", k=1)
    columns, table = told.split("<details")
    one, two = columns.split("Second photograph")
    assert "First photograph" in one
    best = [answers.split("<li>")[1] for answers in (one, two)]
    assert '"label">a</span> <span class="share">58 %' in best[0]
    assert '"label">b</span> <span class="share">99 %' in best[1]
    assert table.count("<tr") == 3  # a head, and the first answer to each
    assert '<th scope="row">b</th><td>21 %</td><td>99 %</td><td>+77.5</td>' in table
