"""Photographs that installed packages hold, and which of them a network knows; none is copied."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from seviz.photos.file import file_of


@dataclass(frozen=True)
class Example:
    """A photograph of an installed package.

    name: of what it shows; shows: the same with an article; package and inside: where its file is;
    classes: the WordNet ids and names of classes that are right for it; right: the networks of
    seviz's own that answer with one of these.
    """

    name: str
    shows: str
    package: str
    inside: str
    classes: frozenset[str]
    right: frozenset[str]

    @property
    def path(self) -> Path:
        """Return the path of its file, without importing the package; it may not exist."""
        spec = find_spec(self.package)
        return Path(spec.origin if spec and spec.origin else self.package).parent / self.inside


@dataclass(frozen=True)
class Offer:
    """An example for a network.

    known: whether what it shows is one of the network's classes, None where these have no names;
    right: whether the network's first answer is right, None where that is not known.
    """

    example: Example
    known: bool | None
    right: bool | None


EXAMPLES = (
    Example(
        "lion",
        "a lion",
        "gradio",
        "media_assets/images/lion.jpg",
        frozenset({"n02129165", "lion"}),
        frozenset({"embedded", "lab_inception_se"}),
    ),
    Example(
        "cat",
        "a tabby cat",
        "skimage",
        "data/chelsea.png",
        frozenset(  # the classes of cats with stripes, which photographs don't tell apart
            {"n02123045", "n02123159", "n02124075", "cat", "tabby", "tabby cat", "tiger cat"}
        ),
        frozenset({"embedded"}),
    ),
    Example(
        "espresso",
        "a cup of espresso",
        "skimage",
        "data/coffee.png",
        frozenset({"n07920052", "n07930864", "n03063599", "espresso", "coffee", "cup"}),
        frozenset({"embedded"}),
    ),
    Example(
        "cheetah",
        "a cheetah",
        "gradio",
        "media_assets/images/cheetah1.jpg",
        frozenset({"n02130308", "cheetah"}),
        frozenset(),
    ),
)


def examples_for(network: str, classes: Collection[str] | None) -> list[Offer]:
    """Return the examples that are on this machine, those that a network gets right first.

    network: its key; classes: their folders' names, WordNet ids or others (`Source.folders`), None
    where they have none. Examples of none of the classes come last.
    """
    offers = [_offer(example, network, classes) for example in EXAMPLES if example.path.exists()]
    order = [(True, True), (True, None), (None, None), (True, False), (False, False)]
    return sorted(offers, key=lambda offer: order.index((offer.known, offer.right)))


def judge(shows: str | None, classes: Sequence[str] | None, answer: int) -> Offer | None:
    """Judge a network's answer, a class's index, to an example; None for any other photograph.

    shows: what the example shows; classes: as of `examples_for`, by index.
    """
    example = next((example for example in EXAMPLES if example.shows == shows), None)
    if example is None:
        return None
    if classes is None:
        return Offer(example, known=None, right=None)
    known = not example.classes.isdisjoint(classes)
    return Offer(example, known=known, right=classes[answer] in example.classes)


def is_example(photo: object) -> bool:
    """Tell whether a photograph was read from an example's file, by its bytes."""
    file = file_of(photo)
    return file is not None and file.sha256 in _digests()


@cache
def _digests() -> frozenset[str]:
    """Return the sha256 of the examples' files that are on this machine."""
    paths = [example.path for example in EXAMPLES]
    return frozenset(hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p.exists())


def _offer(example: Example, network: str, classes: Collection[str] | None) -> Offer:
    if classes is None:
        return Offer(example, known=None, right=None)
    if example.classes.isdisjoint(classes):
        return Offer(example, known=False, right=False)
    measured = network == "embedded" or network.startswith("lab_")
    return Offer(example, known=True, right=network in example.right if measured else None)
