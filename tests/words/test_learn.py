"""What the guided path says, against numbers made by hand."""

import re
from dataclasses import replace

import numpy as np
import pytest
from made_learn import FOUND, FOUR, SITE, U, made
from made_pair import FIRST

from seviz.learn.squeezed import measure_squeeze
from seviz.records.analysis import Drivers
from seviz.records.arms import IDENTITY, STATIC
from seviz.words.glossary import GLOSSARY, WORKS
from seviz.words.learn import (
    excitation_screen,
    functions_words,
    scale_screen,
    squeeze_screen,
)
from seviz.words.learn_network import answer_screen, place_screen


def squeezed_screen(maps, channel=0):
    return squeeze_screen(maps, channel, measure_squeeze(maps, channel))


def test_the_sum_and_the_count_stand_in_eq_2():
    screen = squeezed_screen(made([2 / 9, 5]), 1)
    assert screen.equations[1] == r"z_{1} = \frac{1}{3 \cdot 3} \cdot 45 = 5"
    screen = squeezed_screen(made([2 / 9, 5]))
    assert screen.equations[1] == r"z_{0} = \frac{1}{3 \cdot 3} \cdot 2 = 0.2222"
    assert "7 and −5 leave 2" in screen.notice
    minus = squeezed_screen(made([-2 / 9, -5], -U), 1)
    assert minus.equations[1] == r"z_{1} = \frac{1}{3 \cdot 3} \cdot (-45) = -5"


def test_a_map_of_one_sign_is_told_by_where_it_is():
    u = np.zeros((2, 2, 2), np.float32)
    u[0, 0, 0] = 8
    screen = squeezed_screen(made([2, 0], u))
    assert "at the upper left (8); 25 % of the positions hold half" in screen.notice


def test_a_maximum_is_not_called_a_mean():
    screen = squeezed_screen(made([6, 5]))
    assert "max" in screen.equations[0]
    assert "mean" not in screen.lead + screen.notice
    assert "z is the largest value" in screen.notice


def test_without_a_squeeze_there_is_no_z():
    maps = replace(
        made([np.nan, np.nan]), site=replace(SITE, squeezed=False), gates=np.ones_like(U) / 2
    )
    screens = [
        squeezed_screen(maps),
        excitation_screen(maps, 0, None, driven=None),
        scale_screen(maps, 0, "Facts."),
    ]
    for screen in screens:
        assert "nan" not in "".join([screen.lead, *screen.equations, screen.notice])
        assert "(i, j)" in screen.equations[0]
        assert "position" in screen.title


DRIVEN = Drivers("SE_2_1", 3, FOUND.z, np.float32([0.1, -0.4, 0, 0.2]))


def test_eq_3_has_the_gates_own_numbers():
    maps = replace(made([0, 0]), site=FOUR)
    screen = excitation_screen(maps, 3, FOUND, driven=DRIVEN)
    assert screen.equations[1] == r"s_{3} = \sigma(2) = 0.8800"
    assert r"\mathbb{R}^{2 \times 4}" in screen.equations[0]
    assert "r = 2" in screen.lead
    assert "1 of the 2 hidden numbers is on" in screen.notice
    assert (
        "that of channel 1 shuts this gate most as it grows (slope ∂s/∂z = −0.4)" in screen.notice
    )
    assert "2·4·2 = 16 weights, with biases 22" in screen.notice
    own = replace(DRIVEN, jacobian=np.float32([0, 0, 0, 0.4]))
    assert "its own opens" in excitation_screen(maps, 3, FOUND, driven=own).notice
    flat = replace(DRIVEN, jacobian=np.zeros(4, np.float32))
    assert "No z moves" in excitation_screen(maps, 3, FOUND, driven=flat).notice


@pytest.mark.parametrize(
    ("kind", "said", "function"),
    [("tanh", "flip the sign", r"\tanh(2)"), ("relu", "larger", r"\delta(2)")],
)
def test_other_gates_are_told_as_what_they_are(kind, said, function):
    site = replace(FOUR, excitation=kind)
    found = replace(FOUND, site=site)
    screen = excitation_screen(replace(made([0, 0]), site=site), 3, found, driven=DRIVEN)
    assert said in screen.lead
    assert "from 0 to 1" not in screen.lead
    assert function in screen.equations[1]


def test_one_projection_has_no_reduction():
    found = replace(FOUND, hidden=None)
    screen = excitation_screen(replace(made([0, 0]), site=FOUR), 3, found, driven=DRIVEN)
    assert "one projection" in screen.lead
    assert "hidden" not in screen.notice


def test_how_a_network_differs_from_the_article_is_said():
    assert functions_words(replace(FOUND, biases=0)) == ""
    assert functions_words(FOUND) == (
        "In this network the weights come with biases b₁ and b₂, which the article leaves out."
    )
    other = functions_words(replace(FOUND, delta="SiLU", sigma="Hardsigmoid"))
    assert "δ is SiLU" in other
    assert "hard sigmoid" in other


def test_eq_4_has_the_gate():
    screen = scale_screen(made([0, 0], s=(0.25, 0.5)), 1, "Facts.")
    assert r"= 0.5 \cdot \mathbf{u}_{1}" in screen.equations[1]
    assert "stays as it is" in screen.lead
    turned = scale_screen(made([0, 0], s=(-0.25, 0.5)), 0, "Facts.")
    assert "its sign flips" in turned.lead
    assert r"= -0.25 \cdot" in turned.equations[1]
    assert "channel 1 is the largest (0.5) and that of channel 0 the smallest" in screen.notice


LINK = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")


def test_every_link_leads_to_a_term():
    slugs = [term.slug for term in GLOSSARY]
    assert len(set(slugs)) == len(slugs)
    texts = [term.text for term in GLOSSARY]
    for kind in ("static", "identity"):
        arms = (FIRST.arms[0], {"static": STATIC, "identity": IDENTITY}[kind])
        texts += [*map(str, answer_screen(replace(FIRST, arms=arms, logits=np.eye(3)[:2])))]
    for place in ("standard", "pre", "post", "identity", "3x3", "host", None):
        texts.append(place_screen(FIRST, "Made", place).lead)
    maps = replace(made([0, 0]), site=FOUR)
    texts += [squeezed_screen(made([2 / 9, 5])).lead, scale_screen(made([0, 0]), 0, "").lead]
    for found in (FOUND, replace(FOUND, hidden=None)):
        texts.append(excitation_screen(maps, 3, found, driven=DRIVEN).lead)
    links = [link for text in texts for link in LINK.findall(text)]
    assert len(links) > 20
    for text, slug in links:
        assert (slug or text) in slugs


def test_works_have_arxiv_numbers():
    assert all(re.fullmatch(r"\d{4}\.\d{4,5}", work.arxiv) for work in WORKS)
    assert "1709.01507" in {work.arxiv for work in WORKS}
