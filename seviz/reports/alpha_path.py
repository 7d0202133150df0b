"""The part of a report about the path from a photograph's own gates to reference gates."""

from collections.abc import Sequence

from seviz.drawing.report import Section
from seviz.figures.alpha_path import alpha_curve
from seviz.records.analysis import AlphaPath
from seviz.records.target import ClassTarget
from seviz.words.alpha_path import HELP, path_words


def alpha_section(path: AlphaPath, labels: Sequence[str], target: ClassTarget) -> Section:
    """Tell what the answer does on a path; labels: of the K classes; target: what is followed."""
    headline, more = path_words(path, labels, target)
    return Section(
        "alpha",
        "How much is enough (α)",
        headline,
        lines=[more] if more else [],
        charts=[(alpha_curve(path, labels=labels, target=target), "")],
        hints=[HELP],
    )
