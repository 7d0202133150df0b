"""The sentences of the view “The block”."""

import pytest

from seviz.measuring.costs import costs_of_variant
from seviz.nets.anatomy import anatomies
from seviz.nets.choice import block_of
from seviz.nets.results import Found
from seviz.nets.variants import PLAIN, VARIANTS, Variant
from seviz.words import block as words
from seviz.words import trained
from seviz.words.block_costs import block_lines, plain_line

WHERE = "20 classes of Tiny-ImageNet-200"


def found(key: str, *top1: float) -> Found:
    return Found(key, VARIANTS[key].title, top1, top1, 1000, 2000, 0, 1.0)


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


def test_a_blocks_costs_by_the_formula_and_counted():
    costs, blocks = costs_of_variant(Variant()), anatomies(Variant())
    assert list(block_lines(costs.blocks[5], blocks[5].gating)) == [
        "To SE_4_2, SE adds 2,184 parameters: 2,048 in W₁ and W₂, and 136 biases.",
        "By the article's formula, 2/r · C² = 2/16 · 128² = 2,048.",
        "It adds 2,048 multiply-adds per image, as each weight of W₁ and W₂ is used once.",
    ]
    odd = Variant("vgg", squeeze="none", r=32)
    said = list(block_lines(costs_of_variant(odd).blocks[0], anatomies(odd)[0].gating))
    assert said[1].endswith("2/32 · 16² = 16, as if C/r were not rounded.")
    assert "adds 131,072 multiply-adds" in said[2]  # 2 × 16 weights
    assert "at each of 4,096 positions" in said[2]


def test_what_a_host_costs_without_se():
    host = Variant("resnet", PLAIN)
    assert plain_line(host, costs_of_variant(Variant())) == (
        "ResNet · without SE: 227,060 parameters, and 12,162,048 multiply-adds for an image of "
        "64×64 pixels."
    )


def test_a_trained_variant_has_its_accuracy_and_its_reference():
    here = {
        "lab_resnet_se": found("lab_resnet_se", 0.54, 0.55, 0.56),
        "lab_resnet_post": found("lab_resnet_post", 0.44, 0.45, 0.46),
        "lab_resnet": found("lab_resnet", 0.5),
    }
    said = list(trained.trained_lines(Variant(integration="post"), here, WHERE))
    assert said[0] == (
        "Trained here: 45.0 % ± 1.0 top-1, mean and standard deviation of 3 seeds, on 20 classes "
        "of Tiny-ImageNet-200."
    )
    assert said[1].startswith("SE-ResNet · POST is at 45.0 %, −10.0 points from SE-ResNet")
    plain = list(trained.trained_lines(Variant("resnet", PLAIN), here, WHERE))
    assert plain == [f"Trained here: 50.0 % top-1 of one seed, on {WHERE}.", trained.NO_GATES]
    assert list(trained.trained_lines(Variant(), here, WHERE))[1].endswith("would differ.")


def test_a_variant_that_was_not_trained_says_so():
    asked = Variant(integration="post", r=4)
    assert list(trained.trained_lines(asked, {}, WHERE)) == [trained.NOT_TRAINED]
    assert trained.nearest_heading(1) == "Trained networks that differ in one choice: choose one"
    assert "3 choices" in trained.nearest_heading(3)
