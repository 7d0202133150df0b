import pickle

import pytest

from seviz.errors import UserError
from seviz.gates.grammar import arm_text, parse_arm
from seviz.gates.history import (
    MAX_STEPS,
    History,
    append_edit,
    check_edit,
    edits_by_block,
    misfits,
    parse_edits,
    restore_blocks,
    stages,
    switch_place,
)
from seviz.records.arms import Edit, Rule
from seviz.records.sites import Site

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
    left = append_edit(edits("SE_2_1=0; SE_4_6[3]=0; SE_4_5=1"), *edits("SE_4_6[3]=static"))
    assert arm_text(left) == "SE_2_1=0; SE_4_5=1; SE_4_6[3]=static"


def test_steps_are_kept_within_bounds_and_too_many_edits_are_refused():
    history = History()
    for step in range(MAX_STEPS + 50):
        history = history.replace(edits(f"SE_2_1={step}"))
    assert len(history.done) == MAX_STEPS
    with pytest.raises(
        UserError, match="At most 200 edits of gates in one question; these are 201"
    ):
        history.replace([Edit(Rule("set", float(i)), "SE_2_1") for i in range(201)])


def test_edits_that_another_network_has_no_place_for_leave_all_steps():
    history = History()
    for text in ("SE_2_1=0", "SE_9_9=0", "SE_4_6=0", "SE_8_8=0"):
        history = history.apply(*edits(text))
    history = history.undo().keep(lambda edit: edit.place in NAMES)
    assert arm_text(history.edits) == "SE_2_1=0; SE_4_6=0"
    assert [arm_text(step) for step in history.done] == ["intact", "SE_2_1=0"]
    assert history.undone == ()  # it would change nothing here


def as_trained(made: tuple[Edit, ...]) -> set[str]:
    """Name the blocks that no edit of whole blocks is about."""
    by_block = edits_by_block(made, SITES)
    return {name for name, own in by_block.items() if all(edit.channels for edit in own)}


def test_each_block_has_the_edits_that_are_about_it_in_their_order():
    made = edits("SE_4_6[3]=0; SE_4*=static; layer1.0.se*=0.5; all[1]*=2")
    channel, stage, path, everywhere = made
    assert edits_by_block(made, SITES) == {
        "SE_2_1": (path, everywhere),
        "SE_4_5": (stage, everywhere),
        "SE_4_6": (channel, stage, everywhere),
        "features.9.se": (everywhere,),
    }
    assert edits_by_block((), SITES) == dict.fromkeys(NAMES, ())


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
    on = restore_blocks(edits(text), SITES, names)
    assert arm_text(on) == left
    assert names <= as_trained(on)
    assert as_trained(on) - names == as_trained(edits(text)) - names


@pytest.mark.parametrize(
    ("text", "place", "off", "left"),
    [
        ("SE_2_1[3]=0", "SE_4*", "static", "SE_2_1[3]=0; SE_4*=static"),
        ("SE_4_6=0", "SE_4*", "static", "SE_4_6=0; SE_4*=static"),
        ("SE_4_6=0", "SE_4_6", "identity", "SE_4_6=identity"),
        ("SE_4_6=0", "SE_4*", None, "intact"),
        ("SE_4_6=0; SE_4_5[7]=1", "SE_4*", None, "SE_4_5[7]=1"),
        ("identity", "SE_4_6", None, "SE_2*=identity; SE_4_5=identity; features.9.se=identity"),
        ("SE_4*=0", "SE_2_1", None, "SE_4*=0"),
    ],
)
def test_switching_a_place_restores_it_or_gives_it_a_rule(text, place, off, left):
    rule = Rule(off) if off else None
    assert arm_text(switch_place(edits(text), SITES, place, off=rule)) == left


@pytest.mark.parametrize("off", [None, Rule("static")])
def test_a_place_that_a_network_has_not_cannot_be_switched(off):
    with pytest.raises(UserError, match="There is no block “SE_9\\*” here"):
        switch_place((), SITES, "SE_9*", off=off)


def test_stages_hold_the_blocks_that_have_one():
    assert stages(SITES) == {"SE_2*": {"SE_2_1"}, "SE_4*": {"SE_4_5", "SE_4_6"}}


@pytest.mark.parametrize(
    "text", ["resample@/etc/passwd", "SE_4_6=0; SE_2_1[3]=mix(0.5,mix(0.5,resample@a.jpg))"]
)
def test_what_names_a_file_is_not_read_from_a_page(text: str):
    with pytest.raises(UserError, match="names a file; it is for the command line"):
        parse_edits(text)


def test_a_page_reads_edits_and_no_other_network():
    assert parse_edits("mine: SE_4_6=0; static") == edits("SE_4_6=0; static")
    with pytest.raises(UserError, match="twin is another network"):
        parse_edits("twin")
    with pytest.raises(UserError, match="did you mean static"):
        parse_edits("sttic")
    with pytest.raises(UserError, match="At most 10,000 characters in the text of an arm"):
        parse_edits("SE_4_6=0" + " " * 10_000 + "0")


def test_misfits_are_told_apart_with_their_reasons():
    unfit = misfits(edits("SE_4_6=0; SE_4_7=0; static"), SITES, has_statistics=False)
    assert [edit.place for edit in unfit] == ["SE_4_7", "all"]
    assert "There is no block “SE_4_7” here" in unfit[edits("SE_4_7=0")[0]]


def test_an_edit_is_checked_against_a_network():
    check_edit(*edits("SE_4*=mix(0.5,static)"), SITES, True)
    with pytest.raises(UserError, match="no statistics of reference images"):
        check_edit(*edits("SE_4*=mix(0.5,static)"), SITES, False)
    with pytest.raises(UserError, match="did you mean SE_4_"):
        check_edit(*edits("SE_4_7=0"), SITES, True)
    with pytest.raises(UserError, match="has the channels 0 to 63"):
        check_edit(*edits("SE_2_1[64]=0"), SITES, True)
