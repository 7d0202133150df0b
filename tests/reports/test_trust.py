"""The part of a report that tells how far a map can be trusted."""

from dataclasses import replace

from made import made_maps, made_trust, map_trust, spot

from seviz.records.arms import INTACT
from seviz.reports.trust import trust_section
from seviz.words.trust import HELP, controls_words

MAPS = made_maps(spot(0, 0), spot(1, 1))
TRUST = made_trust(map_trust("intact", (0.3, 0.3)), map_trust("static", (0.2, 0.2)))


def test_it_gives_the_verdict_the_curves_and_the_measures():
    part = trust_section(MAPS, TRUST)
    assert (part.name, part.title) == ("trust-gradcam", "How far to trust this: Grad-CAM")
    assert part.headline == controls_words(TRUST)
    assert "rank correlation" in part.lines[0]
    deletion, insertion = (figure for figure, _ in part.charts)
    assert deletion.layout.meta["label"].startswith("Deletion")
    assert insertion.layout.showlegend
    assert part.tables[0].heads[1:3] == ("with gates", "gates at their mean")
    assert part.hints[0] == HELP
    assert not part.notices


def test_one_arm_is_compared_with_none_and_a_note_is_told():
    maps = replace(MAPS, arms=(INTACT,), maps=MAPS.maps[:1])
    alone = replace(made_trust(map_trust("intact", (0.3, 0.3))), note="On the CPU.")
    part = trust_section(maps, alone)
    assert not part.lines
    assert part.notices == ["On the CPU."]
