"""The pieces of HTML of the view “Can it go?”."""

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from seviz.records.losses import SetNecessity
from seviz.ui.parts import html, tables
from seviz.words.folding import cost_line, latency_line, proof_line, way_lines
from seviz.words.numbers import percent
from seviz.words.set_necessity import (
    accuracy_words,
    arm_words,
    hurt_words,
    lost_words,
    score_words,
)

if TYPE_CHECKING:
    from seviz.folding.report import FoldReport


def arms_table(found: SetNecessity) -> Markup:
    """Set what is left with parts of all gates taken away in a table."""
    rows = [
        (
            "",
            (
                arm_words(of.arm),
                accuracy_words(of.accuracy),
                lost_words(of.loss.lost),
                percent(of.loss.stays),
                hurt_words(of.loss.hurt),
            ),
        )
        for of in found.arms
    ]
    heads = ("all gates", "right", "change, points", "answers stay", "hurts most")
    caption = (
        "What is left where parts of what the gates do are taken away; in brackets 95 % intervals"
    )
    return tables.figures(caption, heads, rows, kind=_kind(found))


def blocks_table(found: SetNecessity) -> Markup:
    """Set all figures of the blocks in a table; a block opens as a gate does."""
    rows = [
        (
            "",
            (
                block.site,
                *(lost_words(of.lost) for of in (block.alone, block.onward, block.upto)),
                score_words(block.alone.score),
                percent(block.alone.stays),
                f"{block.parameters:,}",
                f"{block.macs:,}",
                percent(block.time_share),
                hurt_words(block.alone.hurt),
            ),
        )
        for block in found.blocks
    ]
    heads = (
        *("block", "alone, points", "with all later", "with all earlier", "log-probability, nats"),
        *("answers stay", "parameters", "multiply-adds", "of the time", "hurts most"),
    )
    caption = (
        "Change of accuracy where the gates of each block are replaced, with 95 % intervals; "
        "log-probability, answers and classes are of the block alone"
    )
    return tables.figures(caption, heads, rows, kind=_kind(found))


def _kind(found: SetNecessity) -> str:
    return "named" if found.labelled else ""  # without classes there is no column of their names


def folded_facts(report: "FoldReport") -> Markup:
    """Say what folding did, how to open the file here, and how to load it in Python."""
    name = Path(report.file).name
    lines = [
        *way_lines(report),
        proof_line(report),
        cost_line(report.cost),
        *map(latency_line, report.latency),
        f"beside the original: seviz app --checkpoint {name} --beside {report.model}",
    ]
    return Markup(
        '<ul class="facts">{}</ul><p>To load it in Python:</p><pre tabindex="0">{}</pre>'
    ).format(html.items(lines), report.python.replace(report.file, name))
