"""The gates of a data set for scripts: by class, and what each block tells of classes."""

from typing import Any

from seviz import limits
from seviz.answers.classes import (
    ClassesReport,
    SelectivityReport,
    classes_report,
    selectivity_report,
)
from seviz.ui.api.arguments import key, refusing, text, texts
from seviz.zoo import catalogue


def classes(
    block: str = "",
    classes: list[str] = [],  # noqa: B006  # Gradio publishes the default
    model: str = catalogue.EMBEDDED,
    order: str = "difference",
) -> ClassesReport:
    """Compare classes: the mean gate of each channel of an SE block for up to six classes.

    It is of the network's reference data set, not of a photograph, whose own gates `trace` gives.

    Args:
        block: such as SE_4_6; the most selective one where none is given
        classes: by name, number or WordNet id; four that are unlike each other where none are given
        model: key of a network, as `models` lists it
        order: of the channels: channel, mean or difference
    """
    with refusing():
        names = texts("classes", classes, most=limits.TOPK)
        place, by = text("block", block), text("order", order)
        return classes_report(key(model), place, names, order=by)


def selectivity(model: str = catalogue.EMBEDDED) -> SelectivityReport:
    """Tell what the gates of each SE block tell of an image's class, from the first to the last.

    They are those of the network's reference data set: the share of variance between classes (η²),
    class selectivity, the shares of constant and saturated channels, and the nearest neighbours.

    Args:
        model: key of a network, as `models` lists it
    """
    with refusing():
        return selectivity_report(key(model))


TASKS: tuple[Any, ...] = (classes, selectivity)
