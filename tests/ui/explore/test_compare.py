"""The tab “Compare”, without a browser."""

from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import parse_qsl

import gradio as gr
import numpy as np
import pytest
from made_pair import FIRST, SECOND, THREE
from made_profile import made_block, made_profile
from photos import disc
from PIL import Image

from seviz.analysis.photo_pair import compare_photographs
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.ui import app
from seviz.ui.explore.compare import html as pair_html
from seviz.ui.explore.compare import tab as pair
from seviz.ui.explore.compare.asked import Now
from seviz.ui.explore.compare.brush import brush_field, to_paint_on
from seviz.ui.explore.compare.layout import BRUSH, CHANGED, OTHER, lay_out
from seviz.ui.parts.photo_field import example_named, offered
from seviz.ui.parts.upload import read_marked
from seviz.words.photo_pair import pair_words


@pytest.fixture(scope="module")
def handlers() -> pair.Handlers:
    with gr.Blocks():
        return pair.Handlers(lay_out(gr.State()), "pair")


@pytest.fixture(scope="module")
def record(photo: Image.Image) -> Trace:
    return ask(trace, "embedded", photo, [INTACT, IDENTITY])


SEA = Image.new("RGB", (90, 60), "teal")
MASK = np.zeros((8, 8), np.bool_)
MASK[2:5] = True


USUAL = Now(None, None, None, "cosine", None, OTHER, "jigsaw", 4, 0, "centre", None, None)


def now(record: Trace | None, second: object = None, **known: object) -> Now:
    """What is asked with a first trace and a second photograph."""
    return USUAL._replace(record=record, second=second, **known)


def compared(handlers: pair.Handlers, record: Trace, measure: str = "cosine") -> dict:
    return handlers.upload(*now(record, SEA, measure=measure))


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
    said = handlers.draw(*now(None, measure="difference", shown=shown))
    assert "mean |Δs|" in said[p.depth].layout.yaxis.title.text
    assert set(said) == {p.headline, p.lesson, p.depth, p.channels, p.along}


def test_the_first_photograph_changes_while_the_tab_is_open(handlers, record):
    p, other = handlers.parts, ask(trace, "embedded", Image.new("RGB", (64, 64), "red"), [INTACT])
    shown = compared(handlers, record)[p.shown]
    said = handlers.arrive("pair", *now(other, SEA, shown=shown))
    assert said[p.shown].first is other
    np.testing.assert_array_equal(said[p.shown].second.image, shown.second.image)


def test_the_first_photograph_changes_behind_another_tab(handlers, record):
    p, other = handlers.parts, ask(trace, "embedded", Image.new("RGB", (64, 64), "red"), [INTACT])
    shown = compared(handlers, record)[p.shown]
    said = handlers.arrive("gates", *now(other, SEA, shown=shown))
    assert (said[p.shown], said[p.both], said[p.headline]) == (None, "", pair_html.WAITING)
    assert not said[p.results].visible
    assert handlers.arrive("gates", *now(other, SEA, shown=None)) == gr.skip()
    assert handlers.open(*now(other, SEA, shown=None))[p.shown].first is other


def test_what_off_means_changes_nothing_here(handlers, record):
    shown = compared(handlers, record)[handlers.parts.shown]
    again = replace(record, arms=(INTACT,))
    assert handlers.arrive("pair", *now(again, SEA, shown=shown)) == gr.skip()


def test_the_first_photograph_stands_alone_until_there_is_a_second(handlers, record):
    p = handlers.parts
    alone = {p.both: pair_html.first_alone(record), p.examples: offered("embedded")}
    assert handlers.open(*now(record, None, shown=None)) == alone
    assert handlers.open(*now(None, SEA, shown=None)) == gr.skip()


def test_a_second_photograph_that_is_removed_takes_its_results_with_it(handlers, record):
    said, p = handlers.upload(*now(record, None)), handlers.parts
    assert (said[p.shown], said[p.headline]) == (None, pair_html.WAITING)
    assert said[p.both] == pair_html.first_alone(record)
    assert not said[p.results].visible
    assert handlers.upload(*now(None, None))[p.both] == ""


def test_a_second_photograph_waits_for_the_first(handlers, notices):
    said = handlers.upload(*now(None, SEA))
    assert set(said) == {handlers.parts.headline}
    assert "as soon as the first photograph is answered" in said[handlers.parts.headline]
    assert not notices


def test_without_two_photographs_there_is_nothing_to_compare(handlers, record, notices):
    p = handlers.parts
    assert handlers.draw(*now(None, measure="cosine", shown=None)) == gr.skip()
    assert ["upload it (again)" in text for text in notices] == [True]
    shown = compared(handlers, record)[p.shown]
    other = replace(record, image=record.image + 1)
    said = handlers.arrive("pair", *now(other, None, shown=shown))  # the second was removed
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
    assert handlers.return_to(went(photo2="lion"), None, OTHER) == {
        p.photo: str(example_named("lion"))
    }
    assert handlers.return_to(went(photo2="lion"), lion, OTHER) == gr.skip()
    assert handlers.return_to(went(), lion, OTHER) == {p.photo: None}
    assert handlers.return_to(went(), None, OTHER) == gr.skip()
    assert handlers.return_to(went(photo2="own"), SEA, OTHER) == gr.skip()  # it is still there
    assert set(handlers.return_to(went(photo2="own"), lion, OTHER)) == {p.headline}


def asked_for(query: str) -> SimpleNamespace:
    return SimpleNamespace(query_params=dict(parse_qsl(query)))


def test_a_photograph_that_cant_be_read_is_a_notice_and_the_result_stays(handlers, record, notices):
    assert handlers.upload(*now(record, UserError("One sentence."))) == gr.skip()
    assert notices == ["One sentence."]


def test_a_network_that_cant_be_had_leaves_no_results_of_another(handlers, record, notices):
    p = handlers.parts
    shown, gone = compared(handlers, record)[p.shown], replace(record, model="seresnet50.a1_in1k")
    assert handlers.arrive("pair", *now(gone, SEA, shown=shown))[p.shown] is None
    assert handlers.upload(*now(gone, SEA)) == gr.skip()
    assert all("not on this machine" in text for text in notices)
    assert len(notices) == 2


def test_a_forged_distance_is_the_first(handlers, record):
    p = handlers.parts
    shown = compared(handlers, record)[p.shown]
    assert (
        "cosine"
        in handlers.draw(*now(None, measure="sideways", shown=shown))[
            p.depth
        ].layout.yaxis.title.text
    )


def test_what_handlers_change_is_what_gradio_lets_them_change(record):
    found = [fn for fn in app.build().fns.values() if isinstance(self_of(fn), pair.Handlers)]
    assert {fn.name for fn in found} == {
        *("restore", "return_to", "upload", "arrive", "open", "draw", "follow"),
        *("switch", "choose", "move", "paint"),
    }
    own = self_of(found[0])
    seen = now(record, SEA, photo=disc(), source=CHANGED)
    changed = own.open(*seen)
    painted = own.choose(*seen._replace(change="painted", shown=changed[own.parts.shown]))
    results = compared(own, record) | changed | own._without_results(record)
    shown = results | {own.parts.brush: painted[own.parts.brush]}
    restored = own.restore(asked_for("photo2=lion&change=jigsaw")) | own.restore(
        asked_for("photo2=own")
    )
    strokes = own.paint(MASK, *seen._replace(change="painted"))
    said = {
        "draw": own.draw(*seen._replace(shown=changed[own.parts.shown])),
        "restore": restored,
        "return_to": restored,
        "upload": results,
        "follow": own.follow(*seen._replace(shown=changed[own.parts.shown], target=3)),
        "switch": results | own.switch(*seen),
        "choose": painted,
        "paint": strokes,
    }
    for fn in found:
        assert set(said.get(fn.name, shown)) <= set(fn.outputs), fn.name


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


def asks(record: Trace, **known: object) -> Now:
    """What is asked about the photograph, changed."""
    return now(record, None, **{"photo": disc(), "source": CHANGED, **known})


@pytest.fixture(scope="module")
def jigsaw(handlers, record) -> dict:
    return handlers.open(*asks(record))


@pytest.fixture
def passes(monkeypatch) -> list[tuple[float, ...]]:
    """The strengths at which photographs passed."""
    asked: list[tuple[float, ...]] = []

    def spied(task, key, photo, changing, **how):
        asked.append(changing.strengths)
        return ask(task, key, photo, changing, **how)

    monkeypatch.setattr("seviz.ui.explore.compare.changing.ask", spied)
    return asked


def test_the_photograph_is_compared_with_itself_as_changed(handlers, record, jigsaw):
    p = handlers.parts
    shown = jigsaw[p.shown]
    assert shown.drift.strengths == (1, 2, 3, 4, 6, 8, 16)
    assert shown.drift.arms == record.arms
    assert "Cut into shuffled tiles (tiles along each side: 4)" in jigsaw[p.headline]
    assert "z of the first block is a mean over places" in jigsaw[p.lesson]
    assert jigsaw[p.both].count("data:image/png") == 2
    assert "<h2>As it is</h2>" in jigsaw[p.both]
    assert {"with gates", "gates at 1"} <= {line.name for line in jigsaw[p.depth].data}
    assert jigsaw[p.curve].layout.shapes[0].x0 == 4
    assert jigsaw[p.along].visible
    assert "as it is s" in jigsaw[p.channels]


def test_a_strength_of_the_curve_needs_no_pass_and_another_one_pass(
    handlers, record, jigsaw, passes
):
    p = handlers.parts
    moved = handlers.move(*asks(record, strength=8, shown=jigsaw[p.shown]))
    assert passes == []
    assert moved[p.curve].layout.shapes[0].x0 == 8
    beside = handlers.move(*asks(record, strength=5, shown=moved[p.shown]))
    assert passes == [(5,)]
    assert beside[p.shown].drift.strengths == (1, 2, 3, 4, 5, 6, 8, 16)
    assert handlers.move(*asks(record, strength=5, shown=beside[p.shown])) == gr.skip()
    again = handlers.move(*asks(record, strength=5, seed=1, shown=beside[p.shown]))
    assert len(passes) == 2
    assert again[p.shown].drift.changing.seed == 1


def test_the_strengths_that_were_tried_before_are_not_in_what_is_shown(handlers, record, jigsaw):
    p = handlers.parts
    beside = handlers.move(*asks(record, strength=5, shown=jigsaw[p.shown]))
    assert beside[p.curve].data[0].x == (1, 2, 3, 4, 5, 6, 8, 16)
    further = handlers.move(*asks(record, strength=7, shown=beside[p.shown]))
    assert further[p.curve].data[0].x == (1, 2, 3, 4, 6, 7, 8, 16)
    alone = handlers.move(*asks(record, strength=7, shown=jigsaw[p.shown]))
    assert further[p.lesson] == alone[p.lesson]
    assert further[p.headline] == alone[p.headline]
    followed = handlers.follow(*asks(record, strength=7, shown=further[p.shown], target=1))
    assert followed[p.curve].data[0].x == (1, 2, 3, 4, 6, 7, 8, 16)


def test_another_change_begins_at_its_usual_strength(handlers, record, jigsaw):
    p = handlers.parts
    said = handlers.choose(*asks(record, change="jpeg", shown=jigsaw[p.shown]))
    slider = said[p.strength]
    assert (slider.minimum, slider.maximum, slider.value) == (1, 100, 10)
    assert "quality; 100 is not compressed" in slider.label.lower()
    assert not said[p.seed].visible
    assert not said[p.region].visible
    assert said[p.shown].strength == 10
    assert not handlers.choose(*asks(record, change="mirrored"))[p.strength].visible
    assert handlers.choose(*asks(record, change="noisy"))[p.seed].visible


def test_a_region_or_the_brush_paints_over(handlers, record, notices):
    p = handlers.parts
    said = handlers.choose(*asks(record, change="painted"))
    assert said[p.region].visible
    assert said[p.brush].visible
    by_name = asks(record, change="painted", strength=100, shown=said[p.shown])
    top = handlers.move(*by_name._replace(region="top"))
    assert top[p.shown].drift.changing.region == "top"
    assert p.brush not in top  # what is painted there stays
    painted = handlers.paint(MASK, *by_name)
    assert painted[p.region] == BRUSH
    np.testing.assert_array_equal(painted[p.painted], MASK)
    np.testing.assert_array_equal(painted[p.shown].drift.changing.mask, MASK)
    assert handlers.paint(None, *by_name) == gr.skip()
    assert handlers.paint(None, *by_name._replace(painted=MASK)) == {p.painted: None}
    assert handlers.move(*by_name._replace(region=BRUSH)) == gr.skip()
    assert handlers.paint(UserError("One sentence."), *by_name) == gr.skip()
    assert notices == [
        "Nothing is painted over yet: paint on the picture, or choose a region.",
        "One sentence.",
    ]


def test_people_turn_from_one_comparison_to_the_other(handlers, record, jigsaw):
    p = handlers.parts
    to_other = handlers.switch(*now(record, SEA, photo=disc(), shown=jigsaw[p.shown]))
    assert to_other[p.shown].second is not None
    assert not to_other[p.along].visible
    assert to_other[p.lesson] == ""
    assert (to_other[p.another].visible, to_other[p.changing].visible) == (True, False)
    without = handlers.switch(*now(record, None, photo=disc(), shown=jigsaw[p.shown]))
    assert (without[p.shown], without[p.headline]) == (None, pair_html.WAITING)
    back = handlers.switch(*asks(record, shown=to_other[p.shown]))
    assert back[p.shown].drift.changing.change == "jigsaw"
    assert (back[p.another].visible, back[p.changing].visible) == (False, True)
    assert handlers.upload(*asks(record, shown=None)) == gr.skip()


def test_other_columns_or_another_photograph_are_asked_anew(handlers, record, jigsaw, passes):
    p = handlers.parts
    assert handlers.open(*asks(record, shown=jigsaw[p.shown])) == gr.skip()
    alone = replace(record, arms=record.arms[:1])
    said = handlers.open(*asks(alone, shown=jigsaw[p.shown]))
    assert said[p.shown].drift.arms == (INTACT,)
    teal = ask(trace, "embedded", SEA, [INTACT])
    handlers.arrive("pair", *asks(teal, photo=SEA, shown=said[p.shown]))
    assert len(passes) == 2
    gone = handlers.arrive("gates", *asks(teal, photo=SEA, shown=said[p.shown]))
    assert gone[p.shown] is None


def test_a_photograph_that_was_not_answered_is_not_changed(handlers, record, notices):
    p = handlers.parts
    assert handlers.move(*asks(record, photo=SEA)) == gr.skip()
    assert "not the one that was answered" in notices[0]
    assert handlers.move(*asks(record, photo=None)) == {p.headline: pair_html.UNCHANGED}
    assert handlers.move(*asks(None)) == {p.headline: pair_html.UNCHANGED}


@pytest.mark.parametrize(
    ("forged", "says"),
    [
        ({"change": "jigsow"}, "no change"),
        ({"change": None}, "no change"),
        ({"strength": "9"}, "strength is 9; for jigsaw"),
        ({"strength": None}, "strength is None"),
        ({"seed": -4}, "seed is -4"),
        ({"change": "painted", "strength": 9, "region": ["top"]}, "no region"),
    ],
)
def test_forged_fields_get_one_sentence(handlers, record, notices, forged: dict, says: str):
    assert handlers.move(*asks(record, **forged)) == gr.skip()
    assert says in notices[0]
    assert len(notices) == 1


def test_another_class_is_followed_without_a_pass(handlers, record, jigsaw, passes):
    p = handlers.parts
    said = handlers.follow(*asks(record, target=7, shown=jigsaw[p.shown]))
    assert record.labels[7] in said[p.curve].layout.yaxis.title.text
    assert passes == []
    assert handlers.follow(*now(record)) == gr.skip()


def test_the_other_distance_of_a_change(handlers, record, jigsaw):
    p = handlers.parts
    said = handlers.draw(*asks(record, measure="difference", shown=jigsaw[p.shown]))
    assert "mean |Δs|" in said[p.depth].layout.yaxis.title.text


def test_an_address_names_a_change_and_its_strength(handlers, notices):
    p = handlers.parts
    said = handlers.restore(asked_for("change=jpeg&strength=25"))
    assert (said[p.source], said[p.change]) == (CHANGED, "jpeg")
    assert said[p.strength].value == 25
    assert said[p.changing].visible
    assert handlers.restore(asked_for("change=jpeg"))[p.strength].value == 10
    assert not notices
    assert handlers.restore(asked_for("change=jigsam")) == gr.skip()
    assert notices == ["There is no change “jigsam”; did you mean jigsaw?"]
    went = SimpleNamespace(_data={})
    assert handlers.return_to(went, None, CHANGED)[p.source] == OTHER


@pytest.mark.parametrize("strength", ["much", "1e9", "nan", "-inf", "2.5"])
def test_a_strength_that_an_address_cant_have_is_said(handlers, notices, strength: str):
    said = handlers.restore(asked_for(f"change=jpeg&strength={strength}"))
    assert said[handlers.parts.strength].value == 10
    (notice,) = notices
    assert notice.endswith(" give a whole number from 1 to 100.")


def test_an_address_names_the_seed_and_the_region_of_a_change(handlers, notices):
    p = handlers.parts
    said = handlers.restore(asked_for("change=noisy&strength=30&seed=5&region=left half"))
    assert (said[p.seed].value, said[p.region].value) == (5, "centre")  # noise has no region
    said = handlers.restore(asked_for("change=painted&seed=5&region=left half"))
    assert (said[p.seed].value, said[p.region].value) == (0, "left half")
    assert not notices
    restored = handlers.restore(asked_for("change=noisy&seed=6"))[p.restored]
    assert restored != handlers.restore(asked_for("change=noisy&seed=7"))[p.restored]
    said = handlers.restore(asked_for("change=noisy&seed=-1"))
    assert said[p.seed].value == 0
    said = handlers.restore(asked_for("change=painted&region=<b>"))
    assert said[p.region].value == "centre"
    assert [notice.split(";")[0] for notice in notices] == [
        "seed is -1.0",
        "There is no region “<b>”",
    ]


def test_an_address_names_the_distance_together_with_what_is_compared(handlers):
    p = handlers.parts
    said = handlers.restore(asked_for("change=jigsaw&distance=difference"))
    assert said[p.measure] == "difference"
    assert p.measure not in handlers.restore(asked_for("change=jigsaw&distance=<b>"))
    went = SimpleNamespace(_data={"distance": "difference"})
    assert handlers.return_to(went, None, "")[p.measure] == "difference"


class TestBrush:
    """What is painted, as the browser sends it."""

    field = brush_field("brush")

    def send(self, strokes: bytes, name: str = "one", kind: str = "layer") -> None:
        blob = {"type": kind, "index": "0", "id": name, "file": b""}
        self.field.accept_blobs(SimpleNamespace(data=blob, files=[("file", strokes)]))

    def read(self, name: str | None = "one") -> object:
        return self.field.preprocess(SimpleNamespace(id=name))

    def png(self, *box: int) -> bytes:
        image, file = Image.new("RGBA", (256, 256)), BytesIO()
        if box:
            image.paste((0, 0, 0, 255), box)
        image.save(file, "PNG")
        return file.getvalue()

    def test_strokes_are_read_once(self):
        self.send(self.png(64, 0, 128, 32))
        painted = self.read()
        assert painted.shape == (256, 256)
        assert painted[:32, 64:128].all()
        assert painted.sum() == 32 * 64
        assert self.read() is None
        self.send(self.png())
        assert self.read() is None
        assert self.read(None) is None
        assert self.field.preprocess(None) is None

    def test_nothing_but_small_layers_is_kept(self):
        self.send(self.png(0, 0, 9, 9), kind="background")
        self.send(bytes(2_000_001))
        assert self.read() is None
        self.field.accept_blobs(SimpleNamespace(data=7, files=[]))
        for name in range(200):
            self.send(b"x", str(name))
        assert len(self.field.blob_storage) <= 64
        assert isinstance(self.read("199"), UserError)

    def test_a_crop_is_shown_large(self):
        value = to_paint_on(np.zeros((64, 64, 3), np.uint8))
        assert value["background"].size == (256, 256)
        assert value["layers"] == []
