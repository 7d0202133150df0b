"""What the tab “Compare” is asked, and what it shows; a client may have forged what it is asked."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from seviz.analysis.photo_pair import MEASURES
from seviz.answers.changes import along
from seviz.errors import UserError
from seviz.photos.changes import PAINTED, check_region, check_seed, check_strength, find_change
from seviz.records.drift import Changing, Drift, Passed
from seviz.records.trace import Trace
from seviz.ui.explore.compare.layout import BRUSH, CHANGED

UNPAINTED = UserError("Nothing is painted over yet: paint on the picture, or choose a region.")


@dataclass(frozen=True)
class Shown:
    """What the tab shows: two traces, or a photograph along a change.

    second: None of a change; drift: all that is known of the change, None of two photographs;
    strength: of the change.
    """

    first: Trace
    second: Trace | None = None
    drift: Drift | None = None
    strength: float = 0.0

    @property
    def point(self) -> Passed | None:
        """Return the photograph at the strength shown."""
        return self.drift.at(self.strength) if self.drift else None

    @property
    def curve(self) -> Drift | None:
        """Return the photograph at the strengths of the change's curve, and at that shown.

        So what is shown does not depend on the strengths that were tried before.
        """
        drift = self.drift
        return drift.only(*along(drift.changing, self.strength).strengths) if drift else None


class Now(NamedTuple):
    """What is asked, as it is when an event comes.

    record: the last trace, else None; photo, second: PIL images, a `UserError`, or None; shown:
    what the tab shows, else None.
    """

    record: Trace | None
    photo: Any
    second: Any
    measure: Any
    shown: Shown | None
    source: Any
    change: Any
    strength: Any
    seed: Any
    region: Any
    painted: Any
    target: Any

    @property
    def of_change(self) -> bool:
        """Tell whether the photograph is compared with itself as changed."""
        return bool(self.source == CHANGED)

    @property
    def distance(self) -> str:
        """Return the distance, one of `MEASURES`."""
        return self.measure if self.measure in MEASURES else MEASURES[0]

    def changing(self) -> Changing:
        """Return the change that is asked for, at one strength; UserError where there is none."""
        change = find_change(str(self.change))
        mask = None
        region = "centre"
        if change.name == PAINTED and self.region == BRUSH:
            if not isinstance(self.painted, np.ndarray):
                raise UNPAINTED
            mask = self.painted
        elif change.name == PAINTED:
            region = check_region(self.region)
        seed = check_seed(self.seed) if change.seeded else 0
        strength = check_strength(change, self.strength)
        return Changing(change.name, (strength,), seed, region, mask)

    def can_change(self) -> bool:
        """Tell whether there is a photograph, and its answer, to be changed."""
        return self.record is not None and isinstance(self.photo, Image.Image)

    def known_drift(self, changing: Changing) -> Drift | None:
        """Return what is known of a change of the photograph, in the same arms."""
        if self.record is None or self.shown is None or self.shown.drift is None:
            return None
        drift, first = self.shown.drift, self.shown.first
        same = first.is_of_same_photo(self.record) and drift.arms == self.record.arms
        return drift if same and drift.changing.is_like(changing) else None
