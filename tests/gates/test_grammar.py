import time

import pytest

from seviz.errors import UserError
from seviz.gates.grammar import (
    arm_text,
    edit_text,
    edited_sites,
    parse_arm,
    parse_arms,
    whole_arm_text,
)
from seviz.records.arms import IDENTITY, INTACT, STATIC, TWIN, Arm, Edit, Rule
from seviz.records.sites import Site

SITES = (
    Site("layer1.0.se", "SE_2_1", 2, 1, 64, 8),
    Site("layer3.4.se", "SE_4_5", 4, 5, 256, 16),
    Site("layer3.5.se", "SE_4_6", 4, 6, 256, 16),
    Site("features.9.se", "features.9.se", None, None, 96, 24),
)


def test_bare_names_mean_the_whole_network():
    assert parse_arm("intact") == INTACT
    assert parse_arm("identity") == IDENTITY
    assert parse_arm(" static ") == STATIC
    assert parse_arm("all=static").edits == STATIC.edits


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("SE_4_6=0", [Edit(Rule("set", 0.0), "SE_4_6")]),
        ("SE_4*=0.5", [Edit(Rule("set", 0.5), "SE_4*")]),
        ("SE_4_6*=0.5", [Edit(Rule("scale", 0.5), "SE_4_6")]),
        ("SE_4**=0.5", [Edit(Rule("scale", 0.5), "SE_4*")]),
        ("layer1.0.se[10:20]=identity", [Edit(Rule("identity"), "layer1.0.se", ((10, 20),))]),
        ("all[3,7] *= -1e-3", [Edit(Rule("scale", -0.001), "all", ((3, 4), (7, 8)))]),
        ("all[0:2, 9]=uniform", [Edit(Rule("uniform"), "all", ((0, 2), (9, 10)))]),
        ("shuffle", [Edit(Rule("shuffle", 0.0))]),
        ("shuffled", [Edit(Rule("shuffle", 0.0))]),
        ("shuffle@123456789", [Edit(Rule("shuffle", 123456789.0))]),
        ("SE_4*=shuffle@7", [Edit(Rule("shuffle", 7.0), "SE_4*")]),
        ("resample@a b/c=d.jpg", [Edit(Rule("resample", source="a b/c=d.jpg"))]),
        ("mix(0.3,static)", [Edit(Rule("mix", 0.3, of=Rule("static")))]),
        ("SE_2_1=1; SE_4_6=0", [Edit(Rule("set", 1.0), "SE_2_1"), Edit(Rule("set"), "SE_4_6")]),
    ],
)
def test_an_edit_says_where_and_what_and_is_written_as_it_is_read(text: str, edits: list[Edit]):
    arm = parse_arm(text)
    assert list(arm.edits) == edits
    assert parse_arm(arm_text(arm.edits)).edits == arm.edits
    assert arm.name == arm_text(arm.edits)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("  SE_4_6 [ 10:20 , 3 ] = 0.50 ;; identity ", "SE_4_6[10:20,3]=0.5; all=identity"),
        ("all=shuffle@07", "shuffle@7"),
        ("all=1", "all=1"),
        ("SE_4_6=mix(0.25,resample@a.jpg)", "SE_4_6=mix(0.25,resample@a.jpg)"),
        ("intact", "intact"),
    ],
)
def test_every_arm_has_one_text(text: str, written: str):
    assert arm_text(parse_arm(text).edits) == written
    assert arm_text(parse_arm(written).edits) == written


def test_an_arm_may_be_named():
    arm = parse_arm("half deaf: SE_4_6[0:8]*=0.5; SE_2_1=0")
    assert arm.name == "half deaf"
    assert [edit_text(edit) for edit in arm.edits] == ["SE_4_6[0:8]*=0.5", "SE_2_1=0"]
    assert parse_arm("as trained: intact") == Arm("as trained")
    assert parse_arm("SE_4_6[0:8]=0").name == "SE_4_6[0:8]=0"  # no name before its colon


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sttic", "“sttic” is no edit of gates; did you mean static"),
        ("SE_4_6", "“SE_4_6” is no edit of gates; write PLACE=RULE, or a rule"),
        ("SE_4_6=idntity", "did you mean identity"),
        ("SE_4_6=cat", "In “SE_4_6=cat”, “cat” is no rule; give a number, or one such as static"),
        ("SE_4_6=nan", "In “SE_4_6=nan”, “nan” is not a number; write one such as 0.5"),
        ("SE_4_6=1e999", "“1e999” is too large"),
        ("SE_4_6*=half", "“half” is not a number"),
        ("mix(lots,static)", "“lots” is not a number"),
        ("mix(0.5,sttic)", "did you mean static"),
        ("SE_4_6[8:4]=0", r"channels are written \[10:20\] or \[3,7\], counting from 0"),
        ("SE_4_6[x]=0", "channels are written"),
        ("SE_4_6[]=0", "channels are written"),
        ("SE_4_6[-1]=0", "channels are written"),
        ("shuffle@x", "shuffle@ is followed by a seed"),
        ("resample@", "resample@ is followed by a photograph's file"),
        ("  ", "says nothing"),
        ("name:", "says nothing"),
        ("SE_4_6=1e300", "“1e300” is too large"),
        ("mix(-1e39,static)", "“-1e39” is too large"),
        ("shuffle@1234567890", "shuffle@ is followed by a seed"),
        ("mix(0.5," * 9 + "static" + ")" * 9, "At most 8 mixes can be within one another"),
        ("all=0;" * 1700, "At most 10,000 characters"),
        ("all=twin", "twin is another network, no edit of gates"),
        ("mix(0.5,twin)", "twin is another network"),
    ],
)
def test_a_malformed_edit_gets_one_sentence(text: str, says: str):
    with pytest.raises(UserError, match=says):
        parse_arm(text)


def test_arms_keep_their_order_and_have_each_name_once():
    assert parse_arms(["identity", "intact"]) == [IDENTITY, INTACT]
    with pytest.raises(UserError, match="Name one arm or more, such as intact"):
        parse_arms([])
    with pytest.raises(UserError, match="“static” is there twice; give each arm a name of its own"):
        parse_arms(["identity", "static", "all=static"])


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("all", {"SE_2_1", "SE_4_5", "SE_4_6", "features.9.se"}),
        ("SE_4*", {"SE_4_5", "SE_4_6"}),
        ("SE_4_6", {"SE_4_6"}),
        ("layer3.5.se", {"SE_4_6"}),
        ("features.9.se", {"features.9.se"}),
    ],
)
def test_a_place_is_all_a_stage_a_block_or_a_module(place: str, names: set[str]):
    assert edited_sites(Edit(Rule("identity"), place), SITES) == names


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SE_4_7=0", r"There is no block “SE_4_7” here; did you mean SE_4_"),
        ("SE_9*=0", r"There is no block “SE_9\*” here; did you mean SE_(\d)\* or SE_(?!\1)\d\* or"),
        ("SE_2_1[60:65]=0", r"SE_2_1 has the channels 0 to 63; “SE_2_1\[60:65\]=0” asks for more"),
        ("all[64]=0", "SE_2_1 has the channels 0 to 63"),
        ("SE_" + "9" * 5000 + "*=0", "There is no block “SE_9{76}…” here"),
        ("a\x1b[3m=0".replace("[3m", ""), r"There is no block “a\\x1b” here"),
    ],
)
def test_a_place_that_the_network_has_not_gets_one_sentence(text: str, says: str):
    with pytest.raises(UserError, match=says):
        edited_sites(parse_arm(text).edits[0], SITES)


def test_the_twin_is_an_arm_of_its_own_and_may_be_named():
    assert parse_arm("twin") == TWIN
    assert parse_arm("plain: twin") == Arm("plain", TWIN.edits)
    assert arm_text(TWIN.edits) == "twin"


@pytest.mark.parametrize(
    "text", ["a" + " " * 9900, "SE_4_6" + " " * 9000 + "x=0", "1" * 9000 + "x", "[0:" * 3000]
)
def test_no_text_takes_long_to_refuse(text: str):
    start = time.perf_counter()
    with pytest.raises(UserError):
        parse_arm(text)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 10, "0:" + "9" * 5000, "9" * 5000 + ":1"])
def test_channels_of_thousands_of_digits_are_refused(number: str):
    with pytest.raises(UserError, match=r"In “all\[.{,78}”, channels are written \[10:20\]"):
        parse_arm(f"all[{number}]=0")
    assert parse_arm("all[999999999]=0").edits[0].channels == ((999_999_999, 1_000_000_000),)


def test_a_stage_may_have_noughts_before_it():
    assert edited_sites(parse_arm("SE_02*=0").edits[0], SITES) == edited_sites(
        parse_arm("SE_2*=0").edits[0], SITES
    )


def test_edits_have_no_other_arms_name():
    assert parse_arm("static: all=static") == STATIC
    assert parse_arm("half: SE_4*=0.5").name == "half"
    for text in ("intact: SE_4*=0.5", "static: all=0", "twin: intact", "identity: twin"):
        with pytest.raises(UserError, match="is the name of another arm"):
            parse_arm(text)


@pytest.mark.parametrize(
    "text", ["intact", "static", "twin", "SE_5*=1", "half: SE_4*=0.5; SE_5_1[0:8]*=0", "all=0.5"]
)
def test_a_whole_arm_is_written_as_it_is_read(text: str):
    assert whole_arm_text(parse_arm(text)) == text
