"""The residual block with SE at the article's own place, for any network's C and width."""

from markupsafe import Markup

from seviz.drawing import svg
from seviz.records.sites import Site

MAIN, BESIDE = 130.0, 314.0  # where the branch runs down, and SE beside it
WIDE, TALL, LOW = 200.0, 50.0, 36.0


def residual_block(site: Site) -> Markup:
    """Draw x → F → U → × → + → y, with the shortcut and SE beside F, in a block's widths."""
    c, width = site.channels, site.reduced
    drawn = [
        svg.arrow([(MAIN, 34), (MAIN, 62)]),  # x to F
        svg.arrow([(MAIN, 112), (MAIN, 290)]),  # U to ×
        svg.arrow([(MAIN, 322), (MAIN, 352)]),  # × to +
        svg.arrow([(MAIN, 384), (MAIN, 424)]),  # + to y
        svg.arrow([(MAIN, 44), (34, 44), (34, 368), (MAIN - 16, 368)], "way"),  # the shortcut
        svg.arrow([(MAIN, 140), (BESIDE, 140), (BESIDE, 156)], "se"),  # U to SE
        svg.arrow([(BESIDE, 192), (BESIDE, 204)], "se"),
        svg.arrow([(BESIDE, 240), (BESIDE, 252)], "se"),
        svg.arrow([(BESIDE, 288), (BESIDE, 306), (MAIN + 16, 306)], "se"),  # s to ×
        svg.box(MAIN, 62, width=120, height=TALL, kind="box"),
        svg.text((MAIN, 78), "F", "symbol", anchor="middle"),
        svg.text((MAIN, 97), "convolutions", "more", anchor="middle"),
        *_step(156, f"squeeze: z, {c} numbers"),
        *_step(204, f"W₁, δ: {width} numbers"),
        *_step(252, f"W₂, σ: s, {c} gates"),
        *_node(306, "×"),
        *_node(368, "+"),
        svg.text((MAIN, 22), "x", "symbol", anchor="middle"),
        svg.text((MAIN, 440), "δ, then y", anchor="middle"),
        svg.text((MAIN + 18, 127), "U", "symbol"),
        svg.text((MAIN + 18, 337), "s·U", "symbol"),
        svg.text((44, 210), "shortcut", "note"),
        svg.text((MAIN + 100, 321), "scale", "note"),
    ]
    description = (
        f"A residual block with {site.name}: x goes through F to the features U; SE squeezes U to "
        f"{c} numbers, reduces them to {width}, and makes {c} gates; U times the gates is added to "
        "x, which came by the shortcut; a ReLU gives y."
    )
    title = f"Where {site.name} sits"
    return svg.drawing(
        (20, 8), (424, 456), title=title, description=description, body=Markup().join(drawn)
    )


def _step(top: float, words: str) -> list[Markup]:
    """Draw one step of SE."""
    box = svg.box(BESIDE, top, width=WIDE, height=LOW, kind="box se")
    return [box, svg.text((BESIDE, top + LOW / 2), words, anchor="middle")]


def _node(y: float, sign: str) -> list[Markup]:
    """Draw where two paths meet."""
    return [svg.circle((MAIN, y), 16, "box"), svg.text((MAIN, y), sign, anchor="middle")]
