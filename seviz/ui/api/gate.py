"""Gates for scripts: one gate over many images, the images as points, pictures of a gate."""

from dataclasses import dataclass
from typing import Any

from seviz import limits
from seviz.answers.gate import gate_report
from seviz.answers.image_map import compare_selections, images_of_class, known_images, map_report
from seviz.answers.pictures import (
    SEEDS,
    STEPS,
    USUAL_AIMS,
    PicturesQuestion,
    check_pictures,
    draw_pictures,
    pictures_report,
)
from seviz.errors import UserError
from seviz.figures.overlay import data_uri
from seviz.passes.processes import prefer_cpu
from seviz.records.aims import FOURIER, TRAINED
from seviz.records.image_map import MapReport
from seviz.records.one_gate import OneGate
from seviz.records.pictures import PicturesReport
from seviz.ui.api.arguments import counted, flag, key, refusing, text, texts
from seviz.zoo import catalogue

COMPARED = 2  # classes


def exemplars(gate: str, model: str = catalogue.EMBEDDED) -> OneGate:
    """Tell what one gate does over the images of a network's reference data set.

    Which classes it opens and shuts for, its distribution, z against s, and the images with the
    largest, median and smallest gate.

    Args:
        gate: block and channel, such as SE_4_6[17]
        model: key of a network, as `models` lists it
    """
    with refusing():
        return gate_report(key(model), text("gate", gate))


def map(
    block: str,
    model: str = catalogue.EMBEDDED,
    method: str = "pca",
    compare: list[str] = [],  # noqa: B006  # Gradio publishes the default
) -> MapReport:
    """Lay the images of a network's reference data set out in two dimensions by a block's gates.

    Args:
        block: such as SE_4_6
        model: key of a network, as `models` lists it
        method: pca, or umap where the server has it
        compare: two classes, whose gates are also compared; none where not given
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


@dataclass(frozen=True)
class PicturesAnswer:
    """The answer of /pictures; pngs: the pictures as addresses that hold them, by aim, by seed."""

    report: PicturesReport
    pngs: dict[str, list[str]]


def pictures(
    gate: str,
    model: str = catalogue.EMBEDDED,
    aims: list[str] = list(USUAL_AIMS),  # noqa: B006  # Gradio publishes the default
    seeds: int = SEEDS,
    steps: int = STEPS,
    canvas: str = FOURIER,
    control: bool = True,
    cpu: bool = False,
) -> PicturesAnswer:
    """Make pictures that open a gate, shut it, or excite its channel, by gradient ascent.

    Args:
        gate: block and channel, such as SE_4_6[17]
        model: key of a network, as `models` lists it
        aims: of open, shut, channel (the mean of its features U) and centre (their centre)
        seeds: how many pictures are made for each aim
        steps: of gradient ascent for each picture
        canvas: fourier, or maco for large networks
        control: also make pictures for the network with its weights shuffled
        cpu: on ZeroGPU, work on the CPU, which takes none of the visitor's GPU time
    """
    with refusing(), prefer_cpu(flag("cpu", cpu)):
        known, named = key(model), text("gate", gate)
        asked = PicturesQuestion(
            aims=texts("aims", aims, most=limits.ARMS),
            seeds=counted("seeds", "seeds", seeds, limit=limits.SEEDS),
            steps=counted("steps", "steps", steps, limit=limits.STEPS),
            kind=text("canvas", canvas),
            control=flag("control", control),
        )
        check_pictures(known, named, asked)
        *_, made = draw_pictures(known, named, asked)
        pngs = {
            aim if weights == TRAINED else "control": [data_uri(pixels) for pixels in of.pixels]
            for (aim, weights), of in made.pictures.items()
        }
        return PicturesAnswer(pictures_report(known, asked, made), pngs)


TASKS: tuple[Any, ...] = (exemplars, map, pictures)
