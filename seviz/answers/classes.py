"""The gates of a data set by class: a block's curves, and what every block tells of classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from seviz.errors import UserError
from seviz.passes.dispatch import ask, fetch
from seviz.phrases import brief
from seviz.records.arms import INTACT
from seviz.records.classes import ORDERS, BlockSelectivity
from seviz.records.numbers import Floats
from seviz.records.trace import Trace
from seviz.reference.by_depth import by_depth, chance
from seviz.reference.classes import ChosenClasses, find_block, find_classes
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.words.classes import curves_words, notes, selectivity_words
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class ClassGates:
    """The gates of a block over the images of one class, as of `ClassCurve`."""

    number: int
    folder: str
    label: str
    images: int
    mean: list[float]
    std: list[float]


@dataclass(frozen=True)
class ClassesReport:
    """The gates of one block by class.

    data: the data set, of so many images; order: the channels, in the order order_by (`ORDERS`);
    overall: each gate's mean over all images; photo: the gates of one photograph, if any.
    """

    model: str
    data: str
    images: int
    block: str
    summary: str
    classes: list[ClassGates]
    overall: list[float]
    photo: list[float] | None
    order_by: str
    order: list[int]


@dataclass(frozen=True)
class SelectivityReport:
    """What the gates of each block tell of an image's class.

    chance: how often the most frequent class would be right; summary: what of the article's claim
    holds; notes: what to know of the numbers.
    """

    model: str
    data: str
    images: int
    chance: float
    summary: str
    notes: list[str]
    blocks: list[BlockSelectivity]


def classes_report(
    key: str,
    block: str = "",
    classes: Sequence[str] = (),
    *,
    order: str = "difference",
    profile: Profile | None = None,
    photo: Image.Image | None = None,
) -> ClassesReport:
    """Return the gates of a block by class, as the profile has them.

    block: by default the most selective one; classes: up to six, by name, number or WordNet id, by
    default four that are unlike each other; order: of the channels, a name of ORDERS; profile: by
    default the network's own `reference`; photo: a photograph, whose gates are added. UserError
    for bad input.
    """
    known = known_profile(key, profile)
    name = find_block(known, block)  # before a photograph is passed through the network
    chosen = choose_classes(key, classes, profile=known, photo=photo)
    return report_of(key, chosen, name, order=order)


def choose_classes(
    key: str,
    classes: Sequence[str] = (),
    *,
    profile: Profile | None = None,
    photo: Image.Image | None = None,
) -> ChosenClasses:
    """Find classes of a network's profile, and the gates of a photograph; as `classes_report`."""
    known, names = known_profile(key, profile), find(key).class_names
    numbers = tuple(find_classes(known, classes, names))
    gates = {} if photo is None else photo_gates(key, photo, known)
    return ChosenClasses(known, numbers, names, gates)


def report_of(key: str, chosen: ChosenClasses, block: str, *, order: str) -> ClassesReport:
    """Report on a block's gates by class; the arguments are as of `classes_report`."""
    if order not in ORDERS:
        raise UserError(f"There is no order “{brief(order)}”; choose one of {', '.join(ORDERS)}.")
    found, profile = chosen.curves(block), chosen.profile
    classes = [
        ClassGates(**{**vars(c), "mean": c.mean.tolist(), "std": c.std.tolist()})
        for c in found.classes
    ]
    return ClassesReport(
        model=find(key).key,
        data=profile.data,
        images=profile.images,
        block=block,
        summary=curves_words(found),
        classes=classes,
        overall=found.overall.tolist(),
        photo=None if found.photo is None else found.photo.tolist(),
        order_by=order,
        order=found.order(order).tolist(),
    )


def selectivity_report(key: str, *, profile: Profile | None = None) -> SelectivityReport:
    """Return what the gates of each block of a network tell of classes, in depth order.

    profile: as of `classes_report`. UserError without one.
    """
    known = known_profile(key, profile)
    blocks = by_depth(known)
    return SelectivityReport(
        model=find(key).key,
        data=known.data,
        images=known.images,
        chance=chance(known),
        summary=selectivity_words(blocks),
        notes=notes(
            blocks,
            approximate=is_approximate(known),
            images=known.images,
            classes=len(known.measured_classes),
        ),
        blocks=list(blocks),
    )


def known_profile(key: str, profile: Profile | None = None) -> Profile:
    """Return a profile that is of a network, by default its `reference`; UserError without."""
    source = find(key)
    if profile is not None:
        profile.check_is_of(source)
        return profile
    known = reference(key)
    if known is None:
        raise UserError(
            f"There are no reference statistics of “{source.identity}”; measure them by "
            "`python -m seviz profile` and give them by --profile."
        )
    return known


def is_approximate(profile: Profile) -> bool:
    """Tell whether a profile lacks the parts of variance, so that they are of rounded means."""
    return any(block.s_between is None for block in profile.blocks.values())


def photo_gates(key: str, photo: Image.Image, profile: Profile) -> dict[str, Floats]:
    """Return the gates (C) of a photograph at each block of a network; UserError for a misfit."""
    record = ask(_traced, fetch(key), photo)
    profile.check_fits(find(key), record.sites)
    return {name: gates[0] for name, gates in record.s.items()}


def _traced(loaded: LoadedModel, photo: Image.Image) -> Trace:
    from seviz.passes.forward import trace

    return trace(loaded, photo, [INTACT])
