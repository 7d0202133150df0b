"""The pieces of HTML of the tab “Surgery”."""

from collections.abc import Sequence

from markupsafe import Markup

from seviz.gates.grammar import edit_text
from seviz.gates.history import Edits, edits_by_block, stages
from seviz.records.arms import Arm, Edit
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.ui.parts import html
from seviz.ui.parts.columns import side_by_side
from seviz.words.arms import rule_words
from seviz.words.surgery import edit_words, edited_headline

HEADS = ("with gates", "edited")


def answers(both: Trace) -> Markup:
    """Set the answers with edits (second arm) beside those of the network as trained."""
    return html.headline(edited_headline(both)) + side_by_side(both, HEADS)


def edits(history: Sequence[Edit]) -> Markup:
    """List edits in words."""
    if not history:
        return html.facts("No gate is edited.")
    return Markup('<ol class="edits">{}</ol>{}').format(
        html.items(map(edit_words, history)),
        html.hint("The page’s address brings these edits back: copy it to share them."),
    )


def switches_help(off: Arm) -> Markup:
    """Say what the boxes of stages and blocks mean; off: what unticking one does."""
    return html.hint(
        "A ticked block is as trained, but for single channels. Unticking a stage or block edits "
        f"all its gates: {rule_words(off.edits[0].rule)}, as in the column that the tabs compare."
    )


def switches(history: Edits, sites: Sequence[Site]) -> Markup:
    """Set a box for each stage, ticked, unticked or mixed, and a box for each of its blocks."""
    by_block, of_stages = edits_by_block(history, sites), stages(sites)
    staged = frozenset[str]().union(*of_stages.values())
    groups = [(place, [s.name for s in sites if s.name in of]) for place, of in of_stages.items()]
    rest = [site.name for site in sites if site.name not in staged]
    return html.join(
        _stage(place, {name: by_block[name] for name in names})
        for place, names in [*groups, ("", rest)]
        if names
    )


def _stage(place: str, by_block: dict[str, Edits]) -> Markup:
    """Set the boxes of a stage's blocks under its own; blocks of no stage have none above."""
    off = [name for name, edits in by_block.items() if _whole(edits)]
    mark = "true" if not off else "false" if len(off) == len(by_block) else "mixed"
    note = {"true": "", "mixed": f"{len(off)} of {len(by_block)} edited", "false": "all edited"}
    head = _box(place, mark, note[mark]) if place else html.NOTHING
    blocks = html.join(_block(name, edits) for name, edits in by_block.items())
    return Markup(
        '<div class="stage" role="group" aria-label="{}">{}<div class="blocks">{}</div></div>'
    ).format(place or "Blocks", head, blocks)


def _block(name: str, edits: Edits) -> Markup:
    """Set a block's box, with the rules of the edits that it has as a whole."""
    whole = _whole(edits)
    rules = ", ".join(edit_text(edit).removeprefix(edit.place) for edit in whole)
    channels = "some channels edited" if edits and not whole else ""
    return _box(name, "false" if whole else "true", rules or channels)


def _box(place: str, mark: str, note: str) -> Markup:
    return Markup(
        '<button type="button" role="checkbox" aria-checked="{}" data-place="{}">{} <small>{}'
        "</small></button>"
    ).format(mark, place, place, note)


def _whole(edits: Edits) -> Edits:
    return tuple(edit for edit in edits if not edit.channels)
