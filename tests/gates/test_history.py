import pickle
from dataclasses import replace

import numpy as np
import pytest
from made import made_trace

from seviz.analysis.against_intact import Comparison
from seviz.errors import UserError
from seviz.gates.grammar import arm_text, parse_arm
from seviz.gates.history import (
    MOST,
    STEPS,
    History,
    as_trained,
    blocks,
    check,
    merged,
    misfits,
    read,
    stages,
    switched,
    switched_on,
)
from seviz.records.analysis import AlphaPath
from seviz.records.arms import INTACT, Edit, Rule
from seviz.records.sites import Site
from seviz.words.answers import change_words
from seviz.words.surgery import edit_words, edited_headline, tops_along

SITES = (
    Site("layer1.0.se", "SE_2_1", 2, 1, 64, 8),
    Site("layer3.4.se", "SE_4_5", 4, 5, 256, 16),
    Site("layer3.5.se", "SE_4_6", 4, 6, 256, 16),
    Site("features.9.se", "features.9.se", None, None, 96, 24),
)
NAMES = frozenset(site.name for site in SITES)


def edits(text: str) -> tuple[Edit, ...]:
    return parse_arm(text).edits


def after(*texts: str) -> str:
    """Write what is left of edits that were made one after another."""
    history = History()
    for text in texts:
        history = history.apply(*edits(text))
    return arm_text(history.edits)


def test_each_step_can_be_undone_and_redone_in_order():
    steps = ["SE_2_1[3]=0", "SE_4*=static", "SE_4_6[1:9]*=0.5"]
    history = History()
    for step in steps:
        history = history.apply(*edits(step))
    assert arm_text(history.edits) == "; ".join(steps)
    for kept in (2, 1, 0):
        history = history.undo()
        assert arm_text(history.edits) == ("; ".join(steps[:kept]) or "intact")
    assert history.undo() is history
    for kept in (1, 2, 3):
        history = history.redo()
        assert arm_text(history.edits) == "; ".join(steps[:kept])
    assert history.redo() is history


def test_a_reset_can_be_undone_and_a_new_edit_ends_what_could_be_redone():
    history = History().apply(*edits("SE_2_1=0")).reset()
    assert history.edits == ()
    assert arm_text(history.undo().edits) == "SE_2_1=0"
    assert history.undo().apply(*edits("SE_4_6=1")).undone == ()


def test_what_changes_nothing_is_no_step():
    history = History().apply(*edits("SE_2_1=0"))
    assert history.replace(edits("SE_2_1=0")) is history
    assert history.apply(*edits("SE_2_1=0")) is history
    assert History().reset() == History()


def test_a_history_travels_as_plain_data():
    history = History().apply(*edits("mix(0.5,static)")).undo()
    assert pickle.loads(pickle.dumps(history)) == history


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (("SE_4_6[3]=0", "SE_4_6[3]=1"), "SE_4_6[3]=1"),
        (("SE_4_6[3]*=2", "SE_4_6[3]=0.5"), "SE_4_6[3]=0.5"),
        (("SE_4_6=shuffle@1", "SE_4_6=static"), "SE_4_6=static"),
        (("SE_4_6[3]=0", "SE_2_1=0", "SE_4_6[3]=identity"), "SE_2_1=0; SE_4_6[3]=identity"),
        # Relative edits add up.
        (("SE_4_6[3]*=0.5", "SE_4_6[3]*=0.5"), "SE_4_6[3]*=0.5; SE_4_6[3]*=0.5"),
        (("SE_4_6[3]=1", "SE_4_6[3]=mix(0.5,static)"), "SE_4_6[3]=1; SE_4_6[3]=mix(0.5,static)"),
        # Other channels or another place are another matter.
        (("SE_4_6[3]=0", "SE_4_6[3:5]=1"), "SE_4_6[3]=0; SE_4_6[3:5]=1"),
        (("SE_4_6=0", "SE_4*=1"), "SE_4_6=0; SE_4*=1"),
        # The mean over the channels was taken with channel 3 at 0.
        (
            ("SE_4_6[3]=0", "SE_4_6=uniform", "SE_4_6[3]=1"),
            "SE_4_6[3]=0; SE_4_6=uniform; SE_4_6[3]=1",
        ),
        (
            ("SE_4_6[3]=0", "SE_4_6=mix(0.5,uniform)", "SE_4_6[3]=1"),
            "SE_4_6[3]=0; SE_4_6=mix(0.5,uniform); SE_4_6[3]=1",
        ),
    ],
)
def test_an_edit_takes_the_place_of_those_it_makes_void(texts: tuple[str, ...], left: str):
    assert after(*texts) == left


def test_merging_keeps_the_order_of_the_others():
    left = merged(edits("SE_2_1=0; SE_4_6[3]=0; SE_4_5=1"), *edits("SE_4_6[3]=static"))
    assert arm_text(left) == "SE_2_1=0; SE_4_5=1; SE_4_6[3]=static"


def test_steps_are_kept_within_bounds_and_too_many_edits_are_refused():
    history = History()
    for step in range(STEPS + 50):
        history = history.replace(edits(f"SE_2_1={step}"))
    assert len(history.done) == STEPS
    with pytest.raises(UserError, match=f"{MOST + 1} edits are too many: {MOST} at a time"):
        history.replace([Edit(Rule("set", float(i)), "SE_2_1") for i in range(MOST + 1)])


def test_edits_that_another_network_has_no_place_for_leave_all_steps():
    history = History()
    for text in ("SE_2_1=0", "SE_9_9=0", "SE_4_6=0", "SE_8_8=0"):
        history = history.apply(*edits(text))
    history = history.undo().keep(lambda edit: edit.place in NAMES)
    assert arm_text(history.edits) == "SE_2_1=0; SE_4_6=0"
    assert [arm_text(step) for step in history.done] == ["intact", "SE_2_1=0"]
    assert history.undone == ()  # it would change nothing here


def test_a_block_is_as_trained_where_no_edit_of_whole_blocks_is_about_it():
    assert as_trained((), SITES) == NAMES
    assert as_trained(edits("SE_4_6[3]=0; all[1]*=2"), SITES) == NAMES
    assert as_trained(edits("SE_4*=static; layer1.0.se*=0.5"), SITES) == {"features.9.se"}
    assert as_trained(edits("identity"), SITES) == frozenset()


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("SE_4*=static", {"SE_4_6"}, "SE_4_5=static"),
        ("SE_4*=static", {"SE_4_5", "SE_4_6"}, "intact"),
        ("SE_4_6=0; SE_2_1=1; SE_4_6=static", {"SE_4_6"}, "SE_2_1=1"),
        ("SE_4_6[3]=0; SE_4*=1; SE_4_5[7]*=2", {"SE_4_6"}, "SE_4_6[3]=0; SE_4_5=1; SE_4_5[7]*=2"),
        ("identity", {"SE_2_1"}, "SE_4*=identity; features.9.se=identity"),
        ("SE_2_1=0", set(), "SE_2_1=0"),
    ],
)
def test_switching_blocks_on_leaves_all_else_as_it_was(text: str, names: set[str], left: str):
    on = switched_on(edits(text), SITES, names)
    assert arm_text(on) == left
    assert names <= as_trained(on, SITES)
    assert as_trained(on, SITES) - names == as_trained(edits(text), SITES) - names


def test_ticks_are_put_into_edits_and_only_where_they_changed():
    def switch(text: str, *ticked: str) -> str:
        off = Rule("static")
        return arm_text(switched(edits(text), SITES, stages(SITES), ticked=ticked, off=off))

    assert switch("SE_2_1[3]=0", "SE_2*") == "SE_2_1[3]=0; SE_4*=static"
    assert switch("SE_4_6=0", "SE_2*") == "SE_4_6=0"  # it had no tick before
    assert switch("SE_4_6=0", "SE_2*", "SE_4*") == "intact"
    assert switch("SE_4_6=0", "SE_4*") == "SE_2*=static"
    one = switched(edits("identity"), SITES, blocks(SITES), ticked={"SE_4_6"}, off=Rule("static"))
    assert as_trained(one, SITES) == {"SE_4_6"}


def test_stages_hold_the_blocks_that_have_one():
    assert stages(SITES) == {"SE_2*": {"SE_2_1"}, "SE_4*": {"SE_4_5", "SE_4_6"}}


@pytest.mark.parametrize(
    "text", ["resample@/etc/passwd", "SE_4_6=0; SE_2_1[3]=mix(0.5,mix(0.5,resample@a.jpg))"]
)
def test_what_names_a_file_is_not_read_from_a_page(text: str):
    with pytest.raises(UserError, match="names a file; it is for the command line"):
        read(text)


def test_a_page_reads_edits_and_no_other_network():
    assert read("mine: SE_4_6=0; static") == edits("SE_4_6=0; static")
    with pytest.raises(UserError, match="twin is another network"):
        read("twin")
    with pytest.raises(UserError, match="did you mean static"):
        read("sttic")
    with pytest.raises(UserError, match="can have 10000 characters"):
        read("SE_4_6=0" + " " * 10_000 + "0")


def test_misfits_are_told_apart_with_their_reasons():
    unfit = misfits(edits("SE_4_6=0; SE_4_7=0; static"), SITES, has_statistics=False)
    assert [edit.place for edit in unfit] == ["SE_4_7", "all"]
    assert "There is no block “SE_4_7” here" in unfit[edits("SE_4_7=0")[0]]


def test_an_edit_is_checked_against_a_network():
    check(*edits("SE_4*=mix(0.5,static)"), SITES, True)
    with pytest.raises(UserError, match="no statistics of reference images"):
        check(*edits("SE_4*=mix(0.5,static)"), SITES, False)
    with pytest.raises(UserError, match="did you mean SE_4_"):
        check(*edits("SE_4_7=0"), SITES, True)
    with pytest.raises(UserError, match="has the channels 0 to 63"):
        check(*edits("SE_2_1[64]=0"), SITES, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SE_4_6[10:20]=0", "SE_4_6, channels 10 to 19: silenced (gate 0)"),
        ("SE_4_6[10:20,33]*=0", "SE_4_6, channels 10 to 19 and 33: silenced (gate 0)"),
        ("SE_4*=static", "stage 4: each gate held at its mean (static)"),
        ("identity", "all blocks: each gate at 1 (identity)"),
        ("layer1.0.se[7]*=-0.5", "layer1.0.se, channel 7: each gate scaled by −0.5"),
        ("SE_2_1[1,2,3]=0.25", "SE_2_1, channels 1, 2 and 3: each gate set to 0.25"),
        ("uniform", "all blocks: each gate at the mean of its block's gates (uniform)"),
        ("shuffle@7", "all blocks: the gates shuffled among the channels (seed 7)"),
        (
            "mix(0.3,static)",
            "all blocks: 30 % of the way to “each gate held at its mean (static)”",
        ),
        ("resample@a.jpg", "all blocks: the gates recorded from a.jpg (resample)"),
    ],
)
def test_an_edit_in_words(text: str, words: str):
    assert edit_words(*edits(text)) == words


LOG3 = float(np.log(3.0))


@pytest.mark.parametrize(
    ("logits", "text", "says"),
    [
        ([0.0, LOG3], "static", "With these edits the network says b (75 %) instead of a (75 %)."),
        ([0.1, 0.0], "static", "With these edits the network still says a: 52 % instead of 75 %."),
        ([LOG3, 0.0], "intact", "Nothing is edited: the network says a (75 %)."),
    ],
)
def test_what_the_edited_network_says(logits: list[float], text: str, says: str):
    both = replace(made_trace([[LOG3, 0.0], logits]), arms=(INTACT, parse_arm(text)))
    assert edited_headline(both) == says


def test_what_changed_is_said_with_every_measure():
    change = Comparison(0, -1.234, -0.321, 0.4567, flipped=True, shift=0.25)
    assert change_words(change, "lion") == (
        "The logit of lion changes by −1.23, its probability by −32.1 percentage points. The "
        "answers as a whole move by 0.457 nats (KL divergence; 0 is not at all), and the top "
        "answer changes. The inputs of the next layers shift by up to 0.25 standard deviations "
        "(small)."
    )
    far = change_words(replace(change, shift=1.5, flipped=False), "lion")
    assert "the top answer stays the same." in far
    assert far.endswith("1.50 standard deviations (large: far from what they were trained on).")
    assert change_words(replace(change, shift=None), "lion").endswith("the top answer changes.")


def test_the_answers_along_a_path_are_paired_with_those_at_its_beginning():
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.3, 0.1, 0.6]], np.float32))
    path = AlphaPath("static", np.array([0, 1], np.float32), logits)
    pairs = tops_along(path, 1, ("lion", "tabby", "bee"), k=1)
    assert [first.label for first, _ in pairs] == ["lion", "bee"]
    assert [first.probability for first, _ in pairs] == pytest.approx([0.7, 0.1])
    assert [there.probability for _, there in pairs] == pytest.approx([0.3, 0.6])
