"""The residual block with SE at the article's own place, as an inline drawing (SVG)."""

from html import escape

from seviz.records import Site


def residual_block(site: Site) -> str:
    """Draw x → F → U → × → + → y, with the way round F, and SE beside it, for a block's widths."""
    c, width = site.channels, site.reduced
    drawn = [
        _line("M130 34 V 62"),  # x to F
        _line("M130 112 V 290"),  # U to ×
        _line("M130 322 V 352"),  # × to +
        _line("M130 384 V 424"),  # + to y
        _line("M130 44 H 34 V 368 H 110", "way"),  # the shortcut
        _line("M130 140 H 314 V 156", "se"),  # U to SE
        _line("M314 192 V 204", "se"),
        _line("M314 240 V 252", "se"),
        _line("M314 288 V 306 H 150", "se"),  # s to ×
        _box(70, 62, 120, 50, "plain", "F", "convolutions"),
        _box(214, 156, 200, 36, "se", f"squeeze: z, {c} numbers"),
        _box(214, 204, 200, 36, "se", f"W₁, δ: {width} numbers"),
        _box(214, 252, 200, 36, "se", f"W₂, σ: s, {c} gates"),
        _node(306, "×"),
        _node(368, "+"),
        _text(130, 26, "x"),
        _text(130, 446, "δ, then y"),
        _text(148, 133, "U", "start"),
        _text(148, 341, "s·U", "start"),
        _text(44, 216, "shortcut", "start"),
        _text(230, 326, "scale", "start"),
    ]
    told = (
        f"A residual block with {site.name}: x goes through F to the features U; SE squeezes U to "
        f"{c} numbers, presses them to {width}, and makes {c} gates; U times the gates is added to "
        "x, which came round by the shortcut; a ReLU gives y."
    )
    return (
        f'<svg class="schematic" viewBox="0 0 424 460" role="img" aria-label="{escape(told)}">'
        '<defs><marker id="learn-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 Z"/></marker></defs>'
        f"{''.join(drawn)}</svg>"
    )


def _line(path: str, kind: str = "") -> str:
    return f'<path d="{path}" class="line {kind}" marker-end="url(#learn-arrow)"/>'


def _box(x: int, y: int, w: int, h: int, kind: str, *lines: str) -> str:
    first = y + h // 2 + 5 - 10 * (len(lines) - 1)
    texts = "".join(_text(x + w // 2, first + 20 * i, line) for i, line in enumerate(lines))
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6" class="{kind}"/>{texts}'


def _node(y: int, sign: str) -> str:
    return f'<circle cx="130" cy="{y}" r="16" class="plain"/>{_text(130, y + 6, sign)}'


def _text(x: int, y: int, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
