"""How the page comes to its answers, without a browser."""

import tempfile
from dataclasses import replace

import gradio as gr
import numpy as np
import psutil
import pytest
from explored import lay_out_asked
from made_collection import found
from PIL import Image

from seviz.errors import UserError
from seviz.passes.collection import pass_collection
from seviz.passes.dispatch import ask
from seviz.photos.collect import collect
from seviz.records.target import Difference
from seviz.reference import own
from seviz.reference.collection import gather_collection
from seviz.reference.gather import reference
from seviz.ui import app
from seviz.ui.explore.answering import SAME, TOO_MANY, Handlers
from seviz.ui.explore.downloads import Handlers as Downloads
from seviz.ui.explore.first_answer import NO_CLASS
from seviz.ui.parts.upload import EXAMPLE
from seviz.ui.state import Asked, Sought


@pytest.fixture(scope="module")
def handlers() -> Handlers:
    with gr.Blocks():
        return Handlers(lay_out_asked())


@pytest.fixture(scope="module")
def q(handlers) -> Asked:
    return handlers.asked


def nothing(*args: object, **kwargs: object) -> None:
    """Show no progress."""


def answers(
    handlers, photo, model="embedded", arms=("static",), arm="static", sought="", before=None
) -> list:
    """Each step of the answer to a photograph, in turn."""
    columns = list(arms) if isinstance(arms, tuple) else arms
    return list(handlers.answer(nothing, photo, model, columns, arm, sought, before, None))


def answered(handlers, photo, **question) -> dict:
    """All that the answer to a photograph updates, as one dictionary."""
    merged: dict = {}
    for news in answers(handlers, photo, **question):
        merged |= news if news != gr.skip() else {}
    return merged


def opened(handlers, wanted: Sought | None, photo=None) -> list:
    """Each step of the answer to what another page asks for, in turn."""
    fields = (photo, "embedded", ["static"], "static", "", None, wanted)
    return list(handlers.open(nothing, *fields))


def test_who_is_asked_comes_before_the_answers(handlers, q, photo):
    steps = answers(handlers, photo)
    assert [q.answers in step for step in steps] == [False, False, True]
    assert [q.record in step for step in steps] == [False, False, True]
    # A browser may skip all but the last.
    assert set(steps[0]) < set(steps[1]) < set(steps[2])


def test_without_a_photograph_the_network_says_what_it_knows_and_the_last_result_stays(handlers, q):
    said = answered(handlers, None)
    assert set(said) == {q.examples, q.network, q.classes, q.columns, q.arm, q.arm_field}
    assert "red panda" in said[q.classes]


def test_weights_that_cant_be_had_are_one_notice_and_the_embedded_network_answers(
    handlers, q, photo, notices
):
    introduced, fallen_back, *_, last = answers(handlers, photo, model="seresnet50.a1_in1k")
    assert "to be downloaded" in introduced[q.network]
    assert fallen_back[q.model] == "embedded"
    assert "SE-ResNet-50 slim · embedded" in last[q.answers]
    assert last[q.record].model == last[q.model] == "embedded"
    assert len(notices) == 1
    assert "choose the embedded network" in notices[0]


def test_a_photograph_that_cant_be_read_is_a_notice_and_no_result(handlers, q, notices):
    assert answered(handlers, UserError("One sentence.")) == {}
    assert notices == ["One sentence."]


@pytest.mark.parametrize("model", [None, "no such network", "", 7])
def test_a_forged_network_gets_a_sentence(handlers, photo, notices, model: object):
    assert answers(handlers, photo, model=model) == [gr.skip()]
    assert notices[0].startswith("There is no network “")


@pytest.mark.parametrize("arms", [None, [], "static", ["no such"], [["static"]], {"a": 1}])
def test_forged_columns_are_the_default_ones(handlers, q, photo, arms: object):
    said = answered(handlers, photo, arms=arms, arm=["static"])
    assert [arm.name for arm in said[q.record].arms] == ["intact", "static", "twin"]
    assert said[q.columns].value == ["static", "twin"]
    assert said[q.arm] == said[q.arm_field].value == "static"


def test_as_many_columns_are_answered_as_are_chosen(handlers, q, photo):
    said = answered(handlers, photo, arms=("uniform", "identity"), arm="uniform")
    assert [arm.name for arm in said[q.record].arms] == ["intact", "identity", "uniform"]
    assert said[q.answers].count("<section") == 3
    assert said[q.columns].value == ["identity", "uniform"]
    assert said[q.arm] == said[q.arm_field].value == "uniform"
    assert [name for _, name in said[q.arm_field].choices] == ["identity", "uniform"]


def test_static_gates_are_those_of_the_statistics(handlers, q, photo):
    record = answered(handlers, photo)[q.record]
    assert [arm.name for arm in record.arms] == ["intact", "static"]
    held = reference("embedded").blocks["SE_4_6"].s_mean
    np.testing.assert_allclose(record.s["SE_4_6"][1], held, rtol=1e-6)
    assert not np.allclose(record.s_computed["SE_4_6"][1], held)  # computed, and not applied


def test_the_first_answer_is_the_class_to_follow(handlers, q, photo):
    said = answered(handlers, photo)
    record = said[q.record]
    assert said[q.target_field].value == record.top(0, 1)[0].index
    assert len(said[q.target_field].choices) == len(record.labels)


def test_who_answered_is_told_and_an_example_is_marked(handlers, q, photo):
    said = answered(handlers, photo)[q.answers]
    assert "SE-ResNet-50 slim · embedded, 200 classes · CPU, float32 · " in said
    assert 'class="mark"' not in said
    example = photo.copy()
    example.info[EXAMPLE] = "a lion"
    said = answered(handlers, example)[q.answers]
    assert '<p class="mark">An example, a lion, which this network gets wrong.' in said


def test_the_class_to_follow_stays_with_the_photograph(handlers, q, photo):
    first = answered(handlers, photo)[q.record]
    again = answered(handlers, photo, arms=("identity",), before=first)
    assert not {q.target, q.target_field} & set(again)  # a class chosen meanwhile stays, too
    other = answered(handlers, photo.rotate(90), before=first)
    assert other[q.target] == other[q.record].top(0, 1)[0].index


def test_the_class_that_an_address_names_is_followed_once(handlers, q, photo, notices):
    first = answered(handlers, photo)[q.record]
    for before in (None, first):
        found = answered(handlers, photo, sought="red panda", before=before)
        assert first.labels[found[q.target]] == "red panda"
        assert found[q.target_field].value == found[q.target]
        assert found[q.sought_class] == ""
    assert not notices
    lacking = answered(handlers, photo, sought="no such class")
    assert lacking[q.target] == first.top(0, 1)[0].index
    assert len(notices) == 1


def test_a_column_that_is_chosen_meanwhile_stays(handlers, q, photo):
    record = answered(handlers, photo)[q.record]
    for step in answers(handlers, photo, before=record):
        assert q.arm not in step
        assert q.columns not in step
    said = answered(handlers, photo, before=record, arm="evil")
    assert said[q.arm] == said[q.arm_field].value == "static"


def test_a_fifth_column_is_refused_with_a_sentence(handlers, q, photo, notices):
    five = ("twin", "uniform", "identity", "static", "shuffled")
    said = answered(handlers, photo, arms=five)
    assert notices == [TOO_MANY]
    assert said[q.columns].value == ["static", "identity", "uniform", "twin"]
    notices.clear()
    answered(handlers, photo, arms=five[:4])
    assert not notices


def test_another_page_opens_its_network_on_an_example_where_there_is_no_photograph(handlers, q):
    steps = opened(handlers, Sought("lab_resnet_tanh"))
    assert steps[-1][q.record].model == "lab_resnet_tanh"
    assert "An example, " in steps[-1][q.answers]


def test_a_class_is_followed_and_one_that_the_network_lacks_gets_a_sentence(
    handlers, q, photo, notices
):
    record = answered(handlers, photo)[q.record]
    for target in (0, len(record.labels) - 1):
        for none in (NO_CLASS, None):
            followed = handlers.choose_target(record, target, none, 3)
            assert followed == {q.target: target, q.choice: 4}
    assert handlers.choose_target(None, 5, NO_CLASS, 3) == gr.skip()
    assert not notices
    for target in (-1, len(record.labels), "lion", [0]):
        assert handlers.choose_target(record, target, NO_CLASS, 3) == gr.skip()
    assert notices == ["There is no such class in this network; choose one."] * 4


def test_the_difference_from_another_class_is_followed_and_from_itself_there_is_none(
    handlers, q, photo, notices
):
    record = answered(handlers, photo)[q.record]
    pair = Difference(3, 5)
    assert handlers.choose_target(record, 3, 5, 0) == {q.target: pair, q.choice: 1}
    for minus in (3, len(record.labels), -2, "5"):
        assert handlers.choose_target(record, 3, minus, 0) == gr.skip()
    lacking = "There is no such class in this network; choose one."
    assert notices == [SAME, lacking, lacking, lacking]


def test_an_address_of_two_classes_fills_both_fields(handlers, q, photo):
    found = answered(handlers, photo, sought="5 vs lion")
    labels = found[q.record].labels
    assert found[q.target] == Difference(5, labels.index("lion"))
    assert found[q.target_field].value == 5
    assert found[q.minus_field].value == labels.index("lion")
    assert found[q.minus_field].choices[0] == ("no other class", NO_CLASS)


def test_another_column_is_compared(handlers, q):
    assert handlers.choose_arm("twin", 1) == {q.arm: "twin", q.choice: 2}


def test_another_page_opens_its_network_and_says_so(handlers, q, photo, notices):
    steps = opened(handlers, Sought("lab_resnet_tanh", "SE_4_2", 3), photo)
    assert all(step[q.model] == "lab_resnet_tanh" for step in steps)
    assert steps[-1][q.record].model == "lab_resnet_tanh"
    assert len(notices) == 1
    assert "no longer SE-ResNet-50 slim" in notices[0]


@pytest.mark.parametrize("wanted", [None, Sought("embedded", "SE_4_6", 3)])
def test_the_same_network_is_not_opened_again(handlers, photo, notices, wanted):
    assert opened(handlers, wanted, photo) == [gr.skip()]
    assert not notices


def test_what_an_answer_changes_is_what_gradio_lets_it_change(photo):
    answering = (fn for fn in app.build().fns.values() if fn.name == "answer")
    asks = [fn for fn in answering if isinstance(fn.fn.__self__, Handlers)]
    assert asks
    for fn in asks:
        handlers = fn.fn.__self__
        assert set(answered(handlers, photo)) | {handlers.asked.model} <= set(fn.outputs)


def test_memory_and_disk_stay_flat_over_a_hundred_photographs(handlers, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process, sizes, downloads = psutil.Process(), [], Downloads(handlers.asked)
    for i in range(100):
        said = answered(handlers, Image.new("RGB", (320, 240), (i, 255 - i, 7)))
        list(downloads.archive(said[handlers.asked.record]))
        sizes.append(process.memory_info().rss)
    assert np.median(sizes[-20:]) - np.median(sizes[20:40]) < 10e6
    assert not list(tmp_path.iterdir())


def test_it_answers_again_where_other_statistics_hold(handlers, q, photo):
    usual = reference("embedded")
    half = {
        name: replace(block, s_mean=np.full_like(block.s_mean, 0.5))
        for name, block in usual.blocks.items()
    }
    mine = replace(usual, data="your 3 photographs", blocks=half)
    first = answered(handlers, photo)[q.record]
    fields = (photo, "embedded", ["static"], "static", "", first, None)
    assert list(handlers.compare_anew(nothing, *fields)) == [gr.skip()]
    with own.using(own.OwnStatistics((mine,), preferred=True)):
        said = list(handlers.compare_anew(nothing, *fields))[-1]
        record = said[q.record]
        assert "gates compared with your 3 photographs" in said[q.answers]
        assert all((record.s[name][1] == 0.5).all() for name in record.s)  # the static arm
        again = (*fields[:5], record, None)
        assert list(handlers.compare_anew(nothing, *again)) == [gr.skip()]
    assert not record.is_of_same_photo(first)
    back = list(handlers.compare_anew(nothing, *again))[-1]
    assert back[q.record].statistics == ""
    assert "compared with" not in back[q.answers]


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_a_network_without_statistics_gets_the_static_arm_of_a_visitors_own(handlers, q, photo):
    key = "lab_resnet_tanh"
    collected = collect(found("a.png", "b.png"), name="your {}")
    mine = gather_collection(ask(pass_collection, key, collected)).profile
    first = answered(handlers, photo, model=key, arms=("identity",), arm="identity")
    assert "static" not in [name for _, name in first[q.columns].choices]
    with own.using(own.OwnStatistics((mine,))):
        said = answered(
            handlers, photo, model=key, arms=("static",), arm="static", before=first[q.record]
        )
    assert "static" in [name for _, name in said[q.columns].choices]
    np.testing.assert_array_equal(said[q.record].s["SE_2_1"][1], mine.blocks["SE_2_1"].s_mean)
