"""Gates over many images for scripts: one gate, and the images as points."""

from typing import Any

from seviz import limits
from seviz.answers.gate import gate_report
from seviz.answers.image_map import compare_selections, images_of_class, known_images, map_report
from seviz.errors import UserError
from seviz.records.image_map import MapReport
from seviz.records.one_gate import OneGate
from seviz.ui.api.arguments import key, refusing, text, texts
from seviz.zoo import catalogue

COMPARED = 2  # classes


def exemplars(gate: str, model: str = catalogue.EMBEDDED) -> OneGate:
    """Tell what a gate, such as SE_4_6[17], does over the images of the network's statistics.

    Which classes it opens and shuts for, its distribution, z against s, and the images with the
    largest, median and smallest gate.
    """
    with refusing():
        return gate_report(key(model), text("gate", gate))


def map(
    block: str,
    model: str = catalogue.EMBEDDED,
    method: str = "pca",
    compare: list[str] = [],  # noqa: B006  # Gradio publishes the default
) -> MapReport:
    """Lay the sampled images of the network's statistics out by the gates of a block.

    method: pca, or umap where the server has it; compare: two classes, whose gates are compared.
    """
    with refusing():
        known, site, how = key(model), text("block", block), text("method", method)
        classes = texts("compare", compare, most=limits.ARMS)
        if len(classes) not in (0, COMPARED):
            raise UserError(f"compare names {len(classes)} classes; give two, or none.")
        shown = map_report(known, site, method=how)
        if not classes:
            return MapReport(shown, None)
        _, images = known_images(known, None, None)
        names = catalogue.find(known).class_names
        a, b = (images_of_class(images, of, names) for of in classes)
        return MapReport(shown, compare_selections(images, shown.site, a=a, b=b))


TASKS: tuple[Any, ...] = (exemplars, map)
