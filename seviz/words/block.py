"""Sentences on one block of a variant: what is drawn, its equations, and a table of its symbols."""

from collections.abc import Iterable, Iterator

from seviz.nets.anatomy import Anatomy, Gating, Layer, Shape, Step
from seviz.nets.variants import PLAIN, Variant
from seviz.phrases import join_list
from seviz.words import equations
from seviz.words.se import EXCITATIONS, SQUEEZES, place_of

NO_SE = "There is no SE in this block, so it costs nothing here."


def shape_words(shape: Shape) -> str:
    """Write a shape as the article does: H×W×C."""
    return "×".join(map(str, shape))


def block_name(variant: Variant, block: Anatomy) -> str:
    """Name a block: as the article does if it has SE (SE_4_2), else by stage and number."""
    if block.gating:
        return f"SE_{block.place}"
    return f"stage {block.stage}, block {block.block}" + ("" if variant.plain else " (no SE)")


def headline(variant: Variant, block: Anatomy) -> str:
    """Say which block is drawn, and where SE sits in it."""
    subject = f"Block {block.block} of stage {block.stage} of {variant.title}"
    if variant.plain:
        return f"{subject}: there are no gates in it."
    if not block.gating:
        stages = join_list(map(str, variant.stages))
        with_se = f"stage{'s' if len(variant.stages) > 1 else ''} {stages}"
        return f"{subject}: there is no SE in it, as SE is only in {with_se}."
    return f"{subject}: SE sits {place_of(variant).place}."


def description(block: Anatomy) -> str:
    """Describe the drawing from top to bottom: its text alternative for screen readers."""
    sentences = [f"From top to bottom. x, {shape_words(block.x)}, comes in."]
    if block.side is None:
        sentences.append(f"It goes through {_steps(block.trunk)}.")
    else:
        trunk = f"One goes through {_steps(block.trunk)}."
        side = f"through {_steps(block.side)}" if block.side else "straight on, as it is"
        sentences.append(f"The path splits in two. {trunk} The other goes {side}.")
        sentences.append(f"They meet in a sum, which goes through {_steps(block.tail)}.")
    sentences.append(f"y, {shape_words(block.y)}, goes out.")
    return " ".join(sentences)


def _steps(steps: Iterable[Step]) -> str:
    return ", then ".join(
        _gating(step) if isinstance(step, Gating) else _layer(step) for step in steps
    )


def _layer(layer: Layer) -> str:
    stride = f" of stride {layer.stride}" if layer.stride > 1 else ""
    then = f" with {' and '.join(layer.then)}" if layer.then else ""
    ways = f" of {len(layer.widths)} ways" if layer.widths else ""
    return f"{layer.name}{ways}{stride}{then} to {shape_words(layer.out)}"


def _gating(gating: Gating) -> str:
    u, hidden, s = map(shape_words, (gating.u, gating.hidden, gating.s))
    pooled = "no pooling" if gating.squeeze == "none" else f"pooling to {shape_words(gating.z)}"
    return (
        f"an SE block (U, {u}; {pooled}; a layer to {hidden}; ReLU; a layer to {s}; "
        f"{gating.excitation}; these gates scale U)"
    )


def equations_markdown(block: Anatomy) -> str:
    """Write the block's equations in Markdown with KaTeX, each after its explanation."""
    lines = [*_gating_lines(block.gating)] if block.gating else []
    integration = block.integration if block.gating else PLAIN
    equation = equations.whole_block(integration, shortcut=block.side is not None)
    lines += [_whole_block_line(block), equations.display_math(equation)]
    return "\n\n".join(lines)


def _gating_lines(gating: Gating) -> Iterator[str]:
    c, width = gating.channels, gating.width
    height, image_width, _ = gating.u
    positions = f"{height}×{image_width} positions"
    yield SQUEEZES[gating.squeeze].sentence.format(positions=positions)
    yield equations.display_math(SQUEEZES[gating.squeeze].equation)
    two = f"At each of the {positions}, two" if gating.squeeze == "none" else "Two"
    excitation = EXCITATIONS[gating.excitation]
    hidden = "1 number, and that" if width == 1 else f"{width}, and those"
    yield (
        f"**Excitation.** {two} layers turn the {c} numbers of z into {hidden} into {c} gates, "
        f"{excitation.gates}{excitation.effect}."
    )
    yield equations.display_math(equations.excitation(gating.excitation, gating.squeeze))
    where = "of its own at each position" if gating.squeeze == "none" else "for all its positions"
    yield f"**Scale.** Each channel is multiplied by its gate, one {where}."
    yield equations.display_math(equations.scale(gating.squeeze))


def _whole_block_line(block: Anatomy) -> str:
    if block.side is None:
        return f"**The whole block.** $F_{{tr}}$ is the {_transform(block.trunk[0])}."
    how = ", here projected to the shape of $F$" if block.projects else " as it is"
    sum_words = "$F$ is the residual branch, and the shortcut adds $\\mathbf{x}$"
    return f"**The whole block.** {sum_words}{how}."


def _transform(step: Step) -> str:
    if isinstance(step, Layer) and step.widths:
        ways = " + ".join(map(str, step.widths))
        return f"Inception module, whose {len(step.widths)} ways give {ways} channels"
    return "convolution with its norm and ReLU"


def symbols(gating: Gating) -> Iterator[tuple[str, str, str]]:
    """Yield (symbol, its shape or value in this block, its meaning) for each symbol."""
    c, width = gating.channels, gating.width
    yield "U", shape_words(gating.u), "what comes into the SE block"
    if gating.squeeze != "none":
        yield "z", shape_words(gating.z), "the squeeze, the channel descriptor"
    yield "W₁", f"{width}×{c}", "the first layer, with a bias"
    yield "δ(W₁z)", shape_words(gating.hidden), "the narrow middle"
    yield "W₂", f"{c}×{width}", "the second layer, with a bias"
    yield "s", shape_words(gating.s), f"the gates, {EXCITATIONS[gating.excitation].gates}"
    yield "C", str(c), "channels"
    yield "r", str(gating.r), "the reduction"
    yield "C/r", _width(gating), "the width between the layers"


def _width(gating: Gating) -> str:
    c, r, width = gating.channels, gating.r, gating.width
    return str(width) if width * r == c else f"{c}/{r} = {c / r:g} → {width}"


def rounding(gating: Gating) -> str | None:
    """Say how C/r is rounded to the width between the layers; None where C/r is whole."""
    c, r, width = gating.channels, gating.r, gating.width
    if width * r == c:
        return None
    how = "rounded down" if c > r else "rounded up, as there must be at least one channel"
    return f"C/r = {c}/{r} = {c / r:g} is {how}: the width is {width}."
