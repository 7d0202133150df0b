from seviz.measuring.costs import costs_of_variant
from seviz.nets.anatomy import anatomies
from seviz.nets.variants import PLAIN, Variant
from seviz.words.block_costs import block_lines, plain_line


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
