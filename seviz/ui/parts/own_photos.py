"""A visitor's own photographs, as the page keeps them: in the visitor's state, and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakSet

from seviz import limits
from seviz.errors import UserError
from seviz.records.collection import Collection, Photographs
from seviz.reference.images import ProfiledImages
from seviz.reference.own import OwnStatistics
from seviz.reference.profile import Profile

REFERENCE, OWN, FOLDER = "reference", "own", "folder"  # which images the page “Data set” is about
KEPT = 2  # networks whose gates of the photographs are kept, those that were asked last
MB = 1_000_000
HELD: WeakSet[Collection | Photographs] = WeakSet()  # by all visitors, as long as they are


class Passed(NamedTuple):
    """What a network made of photographs, the statistics of its gates, and the images of these."""

    collection: Collection
    profile: Profile
    images: ProfiledImages


@dataclass(frozen=True, eq=False)  # compared by identity: the page detects a change by it
class Own:
    """A visitor's photographs and what networks made of them, and the images that are chosen.

    passed: of the visitor's photographs, the latest last; folder: of the server's folder, which all
    visitors share; images: REFERENCE, OWN or FOLDER.
    """

    photographs: Photographs | None = None
    passed: tuple[Passed, ...] = ()
    folder: tuple[Passed, ...] = ()
    images: str = REFERENCE

    @property
    def statistics(self) -> OwnStatistics:
        """Return the statistics that hold for this visitor."""
        chosen = self.folder if self.images == FOLDER else self.passed
        return OwnStatistics(
            tuple(each.profile for each in chosen),
            self.images != REFERENCE,
            tuple(each.images for each in chosen),
        )

    def collection(self, model: str) -> Collection | None:
        """Return what a network made of the chosen images; None where it was not asked.

        With the reference images, which are not here, it is that of the visitor's photographs.
        """
        chosen = self.folder if self.images == FOLDER else self.passed
        found = [each.collection for each in chosen if each.collection.model == model]
        return found[-1] if found else None

    def with_passed(self, new: Passed) -> "Own":
        """Add what a network made of the visitor's photographs.

        They are not chosen by that: people choose what “static” means in Explore.
        """
        return replace(self, passed=_latest(self.passed, new))

    def with_folder(self, new: Passed) -> "Own":
        """Add what a network made of the server's folder, and choose it."""
        return replace(self, folder=_latest(self.folder, new), images=FOLDER)


def _latest(passed: Iterable[Passed], new: Passed) -> tuple[Passed, ...]:
    others = [each for each in passed if each.collection.model != new.collection.model]
    return (*others, new)[-KEPT:]


def own_of(value: object) -> Own:
    """Return what a state holds; nothing where it was put away after an hour."""
    return value if isinstance(value, Own) else Own()


def statistics_of(value: object) -> OwnStatistics:
    """Return the statistics of what a state holds."""
    return own_of(value).statistics


def hold(new: Collection | Photographs) -> None:
    """Count the memory of a visitor's photographs; UserError where all visitors' is too much."""
    megabytes = (new.bytes + sum(held.bytes for held in list(HELD))) // MB
    if megabytes > limits.COLLECTIONS.value:
        raise UserError(limits.COLLECTIONS.example)
    HELD.add(new)
