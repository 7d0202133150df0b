"""Photographs in rows on one sheet."""

from collections.abc import Sequence

from PIL import Image, ImageOps

SIDE = 128  # pixels of a photograph's cell
GAP = 6
COLUMNS = 8
PAPER = (255, 255, 255)


def contact_sheet(groups: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Lay groups of photographs out in rows of up to `COLUMNS`, each group from a new row on.

    Each photograph is whole, as large as fits its cell; between groups is a wider gap.
    """
    rows = [
        (i, group[start : start + COLUMNS])
        for i, group in enumerate(groups)
        for start in range(0, len(group), COLUMNS)
    ]
    step = SIDE + GAP
    height = GAP + sum(step for _ in rows) + 3 * GAP * max(len({i for i, _ in rows}) - 1, 0)
    sheet = Image.new("RGB", (GAP + COLUMNS * step, height), PAPER)
    y, before = GAP, rows[0][0] if rows else 0
    for i, row in rows:
        y += 3 * GAP * (i != before)
        for column, photo in enumerate(row):
            small = ImageOps.contain(photo.convert("RGB"), (SIDE, SIDE))
            x = GAP + column * step + (SIDE - small.width) // 2
            sheet.paste(small, (x, y + (SIDE - small.height) // 2))
        y, before = y + step, i
    return sheet
