"""Figures of a data set as files: HTML with its own plotly.js, or SVG."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.errors import UserError

if TYPE_CHECKING:
    from seviz.answers.classes import SelectivityReport
    from seviz.records.removal import Removal
    from seviz.reference.classes import ChosenClasses

KINDS = (".html", ".svg")


def check_kind(path: Path) -> None:
    """Raise UserError unless a file's name says that it is HTML or SVG."""
    if path.suffix.lower() not in KINDS:
        raise UserError(f"{path} is neither HTML nor SVG; give a name that ends in .html or .svg.")


def write_curves(path: Path, chosen: "ChosenClasses", block: str, *, order: str, of: str) -> None:
    """Write the curves of a block, in HTML with those of all blocks below; of: what they are of."""
    from seviz.figures.classes import class_curves, class_grid
    from seviz.records.classes import SAMPLED
    from seviz.words.classes import CURVES_HINT, curves_words

    curves = chosen.curves(block)
    if path.suffix.lower() == ".svg":
        from seviz.drawing.class_chart import curves_chart

        _write(path, curves_chart(curves, order=order))
        return
    every = [chosen.curves(name) for name in chosen.profile.blocks]
    figures = [
        class_curves(curves, order=order, band=True),
        class_grid(every, order=order, most=SAMPLED),
    ]
    says = (curves_words(curves), CURVES_HINT)
    _write_page(path, f"Class curves of {block}", says, figures=figures, of=of)


def write_selectivity(path: Path, report: "SelectivityReport", *, of: str) -> None:
    """Write the chart of all blocks along the depth; of: what it is of."""
    from seviz.words.classes import DEPTH_HINT

    if path.suffix.lower() == ".svg":
        from seviz.drawing.class_chart import depth_chart

        _write(path, depth_chart(report.blocks, chance=report.chance))
        return
    from seviz.figures.selectivity import selectivity_chart

    figure = selectivity_chart(report.blocks, chance=report.chance)
    says = (report.summary, *report.notes, DEPTH_HINT)
    _write_page(path, "Selectivity by depth", says, figures=[figure], of=of)


def write_removal(path: Path, found: "Removal", *, of: str) -> None:
    """Write the curves of removed channels as HTML; of: what they are of."""
    from seviz.figures.removal import removal_chart
    from seviz.words.removal import BARS, removal_words

    figure = removal_chart(found)
    says = (removal_words(found), BARS)
    _write_page(path, "Accuracy with channels removed", says, figures=[figure], of=of)


def _write_page(
    path: Path, title: str, says: Iterable[str], *, figures: Sequence[object], of: str
) -> None:
    from seviz.drawing.document import document, figures_html

    _write(path, document(title, says, figures=figures_html(figures), footer=of))


def _write(path: Path, text: str) -> None:
    from seviz.files import write_whole

    write_whole(path, text.encode())
