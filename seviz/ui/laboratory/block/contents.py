"""The contents of the view “The block” for one block of a variant."""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from seviz.drawing.block import block_drawing
from seviz.measuring.costs import Costs, costs_of_variant
from seviz.nets import shipped
from seviz.nets.anatomy import Anatomy, anatomies
from seviz.nets.choice import distance, nearest
from seviz.nets.variants import VARIANTS, Variant
from seviz.ui.parts import html, tables
from seviz.words import block as words
from seviz.words.block_costs import added_parameters, block_lines, multiply_adds, plain_line
from seviz.words.costs import cost_lines
from seviz.words.trained import nearest_heading, trained_lines

costs = lru_cache(maxsize=256)(costs_of_variant)


class Contents(NamedTuple):
    """The view's contents; key: of the network that “Explore” can open.

    costs: of this block; all_costs: of the network and of each of its blocks. nearest: title and
    key of the nearest networks where it can't open this one.
    """

    headline: Markup
    drawing: Markup
    equations: str
    symbols: Markup
    costs: Markup
    all_costs: Markup
    trained: Markup
    key: str | None
    nearest: list[tuple[str, str]]
    differing: str


def contents(variant: Variant, block: Anatomy) -> Contents:
    """Return all contents for a block."""
    here = shipped.openable_keys()
    key = variant.key if variant.key in here else None
    others = () if key else nearest(variant, [VARIANTS[other] for other in here])
    found = shipped.shipped_results()
    where = shipped.accuracy_images() if found else ""
    headline = words.headline(variant, block)
    costs_here, all_costs = _plain(variant) if variant.plain else _costs(variant, block)
    return Contents(
        headline=html.headline(headline),
        drawing=block_drawing(block, headline, words.description(block)),
        equations=words.equations_markdown(block),
        symbols=_symbols(block),
        costs=costs_here,
        all_costs=all_costs,
        trained=html.join(map(html.facts, trained_lines(variant, found, where))),
        key=key,
        nearest=[(other.title, other.key) for other in others],
        differing=nearest_heading(distance(variant, others[0])) if others else "",
    )


def _symbols(block: Anatomy) -> Markup:
    """List the symbols with their shapes in this block; nothing where there is no SE."""
    if block.gating is None:
        return html.NOTHING
    rows = [("", symbol) for symbol in words.symbols(block.gating)]
    caption = f"The symbols in SE_{block.place}"
    table = tables.figures(caption, ("symbol", "here", "is"), rows, kind="symbols")
    return table + html.facts(words.rounding(block.gating))


def _costs(variant: Variant, block: Anatomy) -> tuple[Markup, Markup]:
    """Say what SE costs in a block; and in the whole network and in each of its blocks."""
    found = costs(variant)
    own = f"SE_{block.place}"
    here: list[str] = [words.NO_SE]
    if block.gating:
        cost = next(cost for cost in found.blocks if cost.name == own)
        here = list(block_lines(cost, block.gating))
    every = html.join(map(html.facts, cost_lines(found))) + _table(variant, found, own)
    return html.join(map(html.facts, here)), every


def _table(variant: Variant, found: Costs, own: str) -> Markup:
    """List all SE blocks with their costs; the one that is drawn is set apart."""
    gatings = {f"SE_{block.place}": block.gating for block in anatomies(variant)}
    rows = []
    for cost in found.blocks:
        gating = gatings[cost.name]
        assert gating is not None
        cells = (
            cost.channels,
            cost.reduced,
            round(cost.formula),
            added_parameters(cost),
            multiply_adds(cost, gating),
        )
        kind = "drawn" if cost.name == own else ""
        rows.append((kind, (cost.name, *(f"{cell:,}" for cell in cells))))
    heads = ("block", "C", "C/r", "formula", "counted", "MACs")
    caption = "Parameters that SE adds, by the formula and counted, and multiply-adds (MACs)"
    return tables.figures(caption, heads, rows)


def _plain(variant: Variant) -> tuple[Markup, Markup]:
    """Say what a host costs without SE; and what SE would add."""
    with_se = Variant(variant.host)
    found = costs(with_se)
    lines = [f"With SE, as {with_se.title}:", *cost_lines(found)]
    return html.facts(plain_line(variant, found)), html.join(map(html.facts, lines))
