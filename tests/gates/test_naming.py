from seviz.gates.naming import Located, with_names
from seviz.records.sites import ECA, Places, Site


def located(path: str, *, first: str = "", **facts) -> Located:
    site = Site(path, path, None, None, 4, 2, **facts)
    return Located(site, Places(path, first, "", "", "", ""))


def names(*found: Located) -> list[str]:
    return [at.site.name for at in with_names(found)]


def test_blocks_of_resnets_have_the_articles_names_with_their_kind():
    assert names(located("layer1.0.se"), located("layer3.5"), located("body.layer4.2.a.b")) == [
        *("SE_2_1", "SE_4_6", "SE_5_3")
    ]
    assert names(located("layer2.0.attn", kind=ECA)) == ["ECA_3_1"]
    assert names(located("features.3")) == ["features.3"]


def test_no_two_blocks_get_one_name():
    assert names(located("layer1.0.a"), located("layer1.0.b")) == ["layer1.0.a", "layer1.0.b"]
    assert names(located("layer1.0"), located("layer1.0", use=1)) == ["layer1.0#1", "layer1.0#2"]
    one, other = (
        located("layer1.0", first="layer1.0.a"),
        located("layer1.0", first="layer1.0:mul#1"),
    )
    assert names(one, other) == ["layer1.0.a#1", "layer1.0.mul#1#1"]


def test_where_a_name_is_a_path_no_stage_is_told():
    (one, _) = with_names([located("layer1.0.a"), located("layer1.0.b")])
    assert (one.site.stage, one.site.block) == (None, None)
