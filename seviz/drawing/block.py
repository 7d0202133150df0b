"""A block of a network as the article draws it (figures 2, 3 and 5), from top to bottom.

Three lanes: in the middle the trunk, on the left the path round it, and on the right, where
an SE block opens up, its squeeze and excitation. Beside each arrow is the shape of its tensor.
"""

from markupsafe import Markup

from seviz.drawing import svg
from seviz.drawing.lane import BOX, GAP, LOW, Lane, Sheet
from seviz.nets.anatomy import Anatomy, Gating, Layer, Step
from seviz.words.se import EXCITATIONS, SQUEEZES

WIDTH = 410.0
SIDE, TRUNK, CHAIN = 59.0, 201.0, 330.0  # the lanes' middles
NARROW = 106.0  # boxes beside the trunk
WIDE = 122.0  # boxes of the SE block, for “maximum of 16×16”
PAD = 6.0  # of a field around its boxes
SUM = 11.0  # the radius of the circle of the sum


def block_drawing(block: Anatomy, title: str, description: str) -> Markup:
    """Draw a block; title and description are its text alternative."""
    sheet = Sheet()
    trunk = Lane(sheet, TRUNK, 0, shape=block.x)
    if block.side is None:
        trunk.symbol = "x"
        _branch(trunk, block.trunk, "F_tr")
    else:
        trunk.line("x", shaped=True)
        _both_ways(trunk, block.trunk, block.side)
    _steps(trunk, block.tail)
    trunk.arrow("y")
    left = 0 if block.side is not None else TRUNK - BOX / 2 - PAD
    return svg.drawing(
        (left, 0), (WIDTH, trunk.y + PAD), title=title, description=description, body=sheet.svg()
    )


def _both_ways(trunk: Lane, on_trunk: tuple[Step, ...], on_side: tuple[Step, ...]) -> None:
    """Draw F and the shortcut, from x to their sum; in SE-Identity the shortcut is the trunk."""
    sheet, fork = trunk.sheet, trunk.y
    side = Lane(sheet, SIDE, fork, shape=trunk.shape, kind="way", width=NARROW)
    sheet.draw(svg.dot((TRUNK, fork)), svg.line([(TRUNK, fork), (SIDE, fork)], "way"))
    if len(on_side) > 1:
        _branch(side, on_side, "F")
        trunk.line(note="shortcut")
        _steps(trunk, on_trunk)
    else:
        side.line(note="shortcut")
        _steps(side, on_side)
        _branch(trunk, on_trunk, "F")
    assert trunk.shape == side.shape
    centre = max(trunk.y + SUM, side.y) + GAP
    trunk.arrow(length=centre - SUM - trunk.y)
    side.line(length=centre - side.y, shaped=bool(on_side))
    sheet.draw(
        svg.arrow([(SIDE, centre), (TRUNK - SUM, centre)], "way"),
        svg.circle((TRUNK, centre), SUM, "box"),
        svg.text((TRUNK, centre), "+", "name", anchor="middle"),
    )
    trunk.y = centre + SUM


def _branch(lane: Lane, steps: tuple[Step, ...], name: str) -> None:
    """Go down F, or F_tr, and set a field behind it, from its first layer to its last."""
    layers = [i for i, step in enumerate(steps) if isinstance(step, Layer)]
    first, last = layers[0], layers[-1] + 1
    _steps(lane, steps[:first])
    top = lane.y + 4
    left = lane.x - lane.width / 2
    lane.sheet.draw(svg.text((left, top + 11), name, "symbol"))
    _steps(lane, steps[first:last])
    inside = any(isinstance(step, Gating) for step in steps[first:last])
    right = WIDTH if inside else lane.x + lane.width / 2 + PAD
    lane.sheet.put_behind(svg.field((left - PAD, top), (right, lane.y + PAD), "branch"))
    _steps(lane, steps[last:])


def _steps(lane: Lane, steps: tuple[Step, ...]) -> None:
    """Go down through layers and SE blocks."""
    for step in steps:
        if isinstance(step, Gating):
            _gating(lane, step)
        else:
            lane.arrow()
            lane.box(*_layer(step))
            lane.shape = step.out


def _layer(layer: Layer) -> tuple[str, str]:
    """Write a layer in two lines."""
    if layer.widths:
        return layer.name, "+".join(map(str, layer.widths))
    name = f"{layer.name.split()[0]}, stride {layer.stride}" if layer.stride > 1 else layer.name
    return name, ", ".join(layer.then)


def _gating(lane: Lane, gating: Gating) -> None:
    """Open an SE block up: U goes down to the scale, and through the chain come its gates."""
    lane.line("U", shaped=True)
    sheet, fork = lane.sheet, lane.y
    sheet.draw(svg.dot((TRUNK, fork)), svg.line([(TRUNK, fork), (CHAIN, fork)], "se"))
    chain = Lane(sheet, CHAIN, fork, shape=gating.u, kind="se", width=WIDE)
    _chain(chain, gating)
    chain.line("s", shaped=True)
    lane.y = chain.y - LOW / 2
    sheet.draw(
        svg.text((TRUNK - BOX / 2, fork + 14), "SE", "tag"),
        svg.arrow([(TRUNK, fork), (TRUNK, lane.y)]),
        svg.arrow([(CHAIN, chain.y), (TRUNK + NARROW / 2, chain.y)], "se"),
    )
    lane.box("Scale s·U", kind="se", width=NARROW)
    sheet.put_behind(
        svg.field((TRUNK - BOX / 2 - PAD, fork - PAD), (WIDTH, lane.y + PAD), "gating")
    )
    lane.symbol = "x̃"


def _chain(chain: Lane, gating: Gating) -> None:
    """Go down the squeeze, where there is one, and the excitation, to the gates."""
    c, width = gating.channels, gating.width
    layer = "1×1 conv" if gating.squeeze == "none" else "FC"
    if pooling := SQUEEZES[gating.squeeze].pooling:
        height, across, _ = gating.u
        chain.arrow(length=GAP / 2, shaped=False)
        chain.box("Global pooling", f"{pooling} of {height}×{across}")
        chain.shape = gating.z
        chain.arrow("z")
    else:
        chain.arrow()
    chain.box(layer, f"W₁: {c} → {width}")
    chain.shape = gating.hidden
    chain.arrow()
    chain.box("ReLU")
    chain.arrow()
    chain.box(layer, f"W₂: {width} → {c}")
    chain.shape = gating.s
    chain.arrow()
    chain.box(EXCITATIONS[gating.excitation].box)
