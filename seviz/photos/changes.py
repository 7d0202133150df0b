"""Which changes of a photograph there are, and what their strengths mean.

`seviz.photos.changed` makes them.
"""

from dataclasses import dataclass

from seviz.errors import UserError
from seviz.phrases import brief, did_you_mean

ATTACKED, PAINTED, JIGSAW, MIRRORED = "attacked", "painted", "jigsaw", "mirrored"
NINTHS = (
    *("upper left", "top", "upper right"),
    *("left", "centre", "right"),
    *("lower left", "bottom", "lower right"),
)
HALVES = {  # left, top, right, bottom as shares of the sides
    "left half": (0.0, 0.0, 0.5, 1.0),
    "right half": (0.5, 0.0, 1.0, 1.0),
    "upper half": (0.0, 0.0, 1.0, 0.5),
    "lower half": (0.0, 0.5, 1.0, 1.0),
}
REGIONS = (*NINTHS, *HALVES)  # what can be painted over without a brush
MOST_SEEDS = 1_000_000


@dataclass(frozen=True)
class Change:
    """A way to change a photograph.

    title: what the photograph then is; strength: what its strength means, with the unit, "" where
    it has none; neutral: the strength that changes nothing; strongest: the other end; step: of a
    slider; default: the strength to begin with; values: those of a curve, from neutral on. seeded:
    whether chance decides; whole: whether only whole numbers are strengths; of_file: whether it is
    made before the network's own resizing, as detail of the file matters.
    """

    name: str
    title: str
    strength: str
    neutral: float
    strongest: float
    step: float
    default: float
    values: tuple[float, ...]
    seeded: bool = False
    whole: bool = False
    of_file: bool = False

    @property
    def lowest(self) -> float:
        """Return the smallest strength."""
        return min(self.neutral, self.strongest)

    @property
    def highest(self) -> float:
        """Return the largest strength."""
        return max(self.neutral, self.strongest)


CHANGES = (
    Change(MIRRORED, "mirrored", "", 0, 1, 1, 1, (0, 1), whole=True),
    Change("rotated", "rotated", "angle in degrees", 0, 180, 5, 30, (0, 10, 20, 45, 90, 135, 180)),
    Change(
        *("cropped", "cropped", "share of the sides that is kept, in %", 100, 20, 5, 60),
        (100, 85, 70, 55, 40, 30, 20),
        of_file=True,
    ),
    Change("darker", "darker", "light taken away, in %", 0, 95, 5, 60, (0, 20, 40, 60, 75, 85, 95)),
    Change(
        *("blurred", "blurred", "standard deviation in % of the short side", 0, 10, 0.5, 2),
        (0, 0.5, 1, 2, 3, 5, 10),
    ),
    Change(
        *("noisy", "noisy", "standard deviation in % of white", 0, 50, 1, 10),
        (0, 2, 5, 10, 20, 30, 50),
        seeded=True,
    ),
    Change(
        "grey", "without colour", "colour taken away, in %", 0, 100, 5, 100, (0, 25, 50, 75, 100)
    ),
    Change(
        "tinted", "tinted", "light through orange glass, in %", 0, 100, 5, 60, (0, 25, 50, 75, 100)
    ),
    Change(
        *("jpeg", "compressed by JPEG", "quality; 100 is not compressed", 100, 1, 1, 10),
        (100, 75, 50, 25, 10, 5, 1),
        whole=True,
    ),
    Change(
        *(JIGSAW, "cut into shuffled tiles", "tiles along each side", 1, 16, 1, 4),
        (1, 2, 3, 4, 6, 8, 16),
        seeded=True,
        whole=True,
    ),
    Change(
        *("smaller", "at another size", "sides scaled down to, and back, in %", 100, 5, 5, 25),
        (100, 75, 50, 35, 25, 15, 5),
    ),
    Change(PAINTED, "painted over", "opacity in %", 0, 100, 5, 100, (0, 25, 50, 75, 100)),
    Change(
        *(ATTACKED, "attacked", "step of each pixel, ε in 255ths", 0, 16, 1, 2),
        (0, 1, 2, 4, 8, 12, 16),
        whole=True,
    ),
)
BY_NAME = {change.name: change for change in CHANGES}


def find_change(name: str) -> Change:
    """Return the change of a name; UserError, with the nearest names, where there is none."""
    if change := BY_NAME.get(name):
        return change
    near = did_you_mean(name, BY_NAME, otherwise=("jigsaw", "blurred"))
    raise UserError(f"There is no change “{brief(name)}”; {near}")


def check_strength(change: Change, strength: object) -> float:
    """Return a strength; UserError where a change can't have it, or it is no number."""
    number = isinstance(strength, int | float) and not isinstance(strength, bool)
    known = number and change.lowest <= strength <= change.highest  # type: ignore[operator]
    if not known or (change.whole and strength != int(strength)):  # type: ignore[call-overload]
        kind = "a whole number" if change.whole else "a number"
        meaning = f" ({change.strength})" if change.strength else ""
        raise UserError(
            f"strength is {brief(str(strength))}; for {change.name}{meaning} give {kind} from "
            f"{change.lowest:g} to {change.highest:g}."
        )
    return float(strength)  # type: ignore[arg-type]


def check_seed(seed: object) -> int:
    """Return a seed; UserError where it is none."""
    whole = isinstance(seed, int | float) and not isinstance(seed, bool)
    if not whole or seed not in range(MOST_SEEDS):
        raise UserError(
            f"seed is {brief(str(seed))}; give a whole number from 0 to {MOST_SEEDS - 1:,}."
        )
    return int(seed)  # type: ignore[call-overload, no-any-return]


def check_region(region: object) -> str:
    """Return a region's name; UserError where there is none of it."""
    if isinstance(region, str) and region in REGIONS:
        return region
    near = did_you_mean(str(region), REGIONS, otherwise=("centre",))
    raise UserError(f"There is no region “{brief(str(region))}”; {near}")
