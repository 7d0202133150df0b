"""What SE costs one block of the laboratory, and what a host costs without SE, in sentences."""

from collections.abc import Iterator

from seviz.measuring.costs import BlockCost, Costs
from seviz.nets.anatomy import Gating
from seviz.nets.variants import SIDE, Variant


def multiply_adds(cost: BlockCost, gating: Gating) -> int:
    """Count the products of an SE block for one image: each weight's, as often as it is used."""
    return cost.projections * gating.positions


def added_parameters(cost: BlockCost) -> int:
    """Count the parameters of an SE block."""
    return cost.projections + cost.biases + cost.other


def block_lines(cost: BlockCost, gating: Gating) -> Iterator[str]:
    """Say what SE adds to one block, by the article's formula and counted."""
    c, r = gating.channels, gating.r
    counted = f"{cost.projections:,} in W₁ and W₂, and {cost.biases:,} biases"
    yield f"To {cost.name}, SE adds {added_parameters(cost):,} parameters: {counted}."
    rounded = "" if cost.projections == cost.formula else ", as if C/r were not rounded"
    yield f"By the article's formula, 2/r · C² = 2/{r} · {c}² = {cost.formula:,.0f}{rounded}."
    used = "once" if gating.positions == 1 else f"at each of {gating.positions:,} positions"
    yield (
        f"It adds {multiply_adds(cost, gating):,} multiply-adds per image, as each weight of W₁ "
        f"and W₂ is used {used}."
    )


def plain_line(variant: Variant, with_se: Costs) -> str:
    """Say what a host costs without SE, from the costs of its standard SE network."""
    parameters = with_se.parameters - with_se.parameters_added
    macs = with_se.macs - with_se.macs_added
    return (
        f"{variant.title}: {parameters:,} parameters, and {macs:,} multiply-adds for an image of "
        f"{SIDE}×{SIDE} pixels."
    )
