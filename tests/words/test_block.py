"""The sentences of the view “The block”."""

import pytest

from seviz.nets.anatomy import anatomies
from seviz.nets.choice import block_of
from seviz.nets.variants import PLAIN, Variant
from seviz.words import block as words


@pytest.mark.parametrize(
    ("variant", "place", "said"),
    [
        (
            Variant(integration="post"),
            "4_2",
            "Block 2 of stage 4 of SE-ResNet · POST: SE sits last, after the sum and its ReLU.",
        ),
        (
            Variant("inception"),
            "3_1",
            "Block 1 of stage 3 of SE-Inception · standard: SE sits after the whole Inception "
            "module.",
        ),
        (
            Variant(stages=(3, 5)),
            "4_1",
            "Block 1 of stage 4 of SE-ResNet · stage 3, 5 only: there is no SE in it, as SE is "
            "only in stages 3 and 5.",
        ),
        (
            Variant("vgg", PLAIN),
            "1_1",
            "Block 1 of stage 1 of VGG · without SE: there are no gates in it.",
        ),
    ],
)
def test_the_headline_says_which_block_and_where_se_sits(variant: Variant, place: str, said: str):
    assert words.headline(variant, block_of(variant, place)) == said


def test_the_drawing_is_told_in_words():
    assert words.description(block_of(Variant(integration="pre"), "4_1")) == (
        "From top to bottom. x, 16×16×64, comes in. The path splits in two. One goes through an SE "
        "block (U, 16×16×64; pooling to 1×1×64; a layer to 1×1×4; ReLU; a layer to 1×1×64; "
        "sigmoid; these gates scale U), then 1×1 conv with norm and ReLU to 16×16×32, then 3×3 "
        "conv of stride 2 with norm and ReLU to 8×8×32, then 1×1 conv with norm to 8×8×128. The "
        "other goes through 1×1 conv of stride 2 with norm to 8×8×128. They meet in a sum, "
        "which goes through ReLU to 8×8×128. y, 8×8×128, goes out."
    )


def test_each_equation_has_its_sentence_with_this_blocks_numbers():
    told = words.equations_markdown(block_of(Variant(), "4_2"))
    assert told.count("$$") == 8
    assert "its mean over the 8×8 positions" in told
    assert "turn the 128 numbers of z into 8, and those into 128 gates, from 0 to 1." in told
    assert "adds $\\mathbf{x}$ as it is." in told
    assert r"\mathrm{SE}(F(\mathbf{x})) + \mathbf{x}" in told
    assert "here projected" in words.equations_markdown(block_of(Variant(), "4_1"))
    assert "into 1 number, and that into 8 gates" in words.equations_markdown(
        block_of(Variant(integration="3x3"), "2_2")
    )


def test_a_block_without_se_has_the_plain_equation():
    told = words.equations_markdown(block_of(Variant(integration="identity", stages=(3,)), "4_2"))
    assert "SE" not in told
    assert told.count("$$") == 2
    told = words.equations_markdown(block_of(Variant("inception", PLAIN), "3_1"))
    assert "whose 4 ways give 16 + 32 + 8 + 8 channels" in told


def test_without_a_squeeze_everything_is_by_position():
    told = words.equations_markdown(block_of(Variant(squeeze="none", excitation="tanh"), "3_2"))
    assert "At each of the 16×16 positions, two layers" in told
    assert r"\tanh" in told
    assert "one of its own at each position" in told


def test_the_symbols_have_this_blocks_numbers():
    here = {name: value for name, value, _ in words.symbols(anatomies(Variant())[5].gating)}
    assert here == {
        "U": "8×8×128",
        "z": "1×1×128",
        "W₁": "8×128",
        "δ(W₁z)": "1×1×8",
        "W₂": "128×8",
        "s": "1×1×128",
        "C": "128",
        "r": "16",
        "C/r": "8",
    }
    unsqueezed = anatomies(Variant(squeeze="none"))[5].gating
    assert "z" not in [name for name, *_ in words.symbols(unsqueezed)]


def test_rounding_is_said_where_it_happens():
    assert words.rounding(anatomies(Variant())[0].gating) is None
    down = anatomies(Variant("inception", r=32))[1].gating
    assert words.rounding(down) == "C/r = 112/32 = 3.5 is rounded down: the width is 3."
    up = anatomies(Variant("vgg", r=32))[0].gating
    assert words.rounding(up) == (
        "C/r = 16/32 = 0.5 is rounded up, as there must be at least one channel: the width is 1."
    )
