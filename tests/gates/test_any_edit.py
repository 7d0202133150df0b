"""Any text gives edits or a sentence, within five seconds."""

from hostile import TEXTS, tries
from hypothesis import given
from hypothesis import strategies as st

from seviz.errors import UserError
from seviz.gates.grammar import arm_text, edited_sites, parse_arm, parse_arms
from seviz.gates.history import History, misfits, parse_edits
from seviz.records.sites import Site

SITES = [Site(f"layer{s - 1}.0.se", f"SE_{s}_1", s, 1, channels=8, reduced=4) for s in (2, 3)]
WORDS = [
    " ",
    ":",
    ";",
    "=",
    "*=",
    "[",
    "]",
    "(",
    ")",
    ",",
    "@",
    "*",
    "\n",
    "all",
    "SE_2_1",
    "SE_2*",
]
WORDS += ["SE_9999*", "layer1.0.se", "0", "1", "7:9", "3", "-0.5", "1e39", "nan", "inf", "٤", "²"]
WORDS += [
    "identity",
    "static",
    "uniform",
    "shuffle",
    "resample",
    "mix(",
    "twin",
    "intact",
    "9" * 5000,
]
PIECES = st.lists(st.sampled_from(WORDS), max_size=14).map("".join)
PLACES = st.sampled_from(
    ["all", "SE_2*", "SE_002*", "SE_2_1", "layer1.0.se", "SE_" + "9" * 5000 + "*"]
)
CHANNELS = st.sampled_from(["", "[0]", "[0:4]", "[1,3:6]", "[" + "9" * 5000 + "]", "[3:1]", "[]"])
RULES = st.recursive(
    st.sampled_from(
        ["0", "0.5", "-1e-7", "identity", "static", "uniform", "shuffle", "shuffle@7", "x"]
    ),
    lambda rule: st.builds("mix({},{})".format, st.floats(), rule),
)
EDITS = st.builds("{}{}{}{}".format, PLACES, CHANNELS, st.sampled_from(["=", "*="]), RULES)
ARMS = st.one_of(TEXTS, PIECES, st.lists(EDITS, min_size=1, max_size=3).map("; ".join))


def one_sentence(error: UserError) -> None:
    assert str(error).endswith((".", "?"))
    assert len(str(error)) < 400


@tries(300)
@given(ARMS)
def test_any_text_is_an_arm_or_a_sentence(text: str):
    try:
        arm = parse_arm(text)
    except UserError as error:
        one_sentence(error)
        return
    if arm.edits:
        assert parse_arm(arm_text(arm.edits)).edits == arm.edits
    for edit in arm.edits:
        try:
            assert edited_sites(edit, SITES) <= {"SE_2_1", "SE_3_1"}
        except UserError as error:
            one_sentence(error)


@tries(200)
@given(st.lists(ARMS, max_size=4))
def test_any_texts_are_arms_or_a_sentence(texts: list[str]):
    try:
        assert len(parse_arms(texts)) == len(texts)
    except UserError as error:
        one_sentence(error)


@tries(200)
@given(ARMS)
def test_any_text_is_a_step_that_can_be_undone_or_a_sentence(text: str):
    try:
        edits = parse_edits(text)
    except UserError as error:
        one_sentence(error)
        return
    history = History().apply(*edits)
    assert history.reset().undo().edits == history.edits
    for sentence in misfits(edits, SITES, False).values():
        one_sentence(UserError(sentence))
