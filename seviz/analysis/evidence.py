"""What two maps of a class say of where its evidence lies, and how it moves between them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats

GRID = 8  # cells a side: smaller moves are flicker
PLACES = (
    *("the upper left", "the top", "the upper right"),
    *("the left", "the centre", "the right"),
    *("the lower left", "the bottom", "the lower right"),
)
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Move:
    """How the positive evidence moves from one arm's map to another's.

    share: of the evidence that lies in other cells of a GRID×GRID raster (half the sum of the
    differences of the cells' shares); spread: what share of the photograph holds half of the
    evidence, by arm; loser and gainer: the ninth of the photograph that loses and that gains most,
    as (place, share before, share after).
    """

    share: float
    spread: tuple[float, float]
    loser: tuple[str, float, float]
    gainer: tuple[str, float, float]


def move(found: Attribution, one: int = 0, other: int = 1) -> Move | None:
    """Follow the evidence from an arm's map to another's; None where either has none."""
    maps = [np.maximum(found.pixels[arm], 0).astype(np.float64) for arm in (one, other)]
    if not all(evidence.any() for evidence in maps):
        return None
    first, second = (_shares(evidence, GRID) for evidence in maps)
    before, after = (_shares(evidence, 3) for evidence in maps)
    loser, gainer = int((after - before).argmin()), int((after - before).argmax())
    return Move(
        share=float(abs(first - second).sum() / 2),
        spread=(_spread(first), _spread(second)),
        loser=(PLACES[loser], float(before[loser]), float(after[loser])),
        gainer=(PLACES[gainer], float(before[gainer]), float(after[gainer])),
    )


def limit(maps: Floats) -> float:
    """Return where the scale of maps ends: only 1 of 200 of all their values lies beyond it."""
    return max(float(np.quantile(abs(maps), 0.995)), 1e-12)


def _shares(evidence: Doubles, cells: int) -> Doubles:
    """Return what share of the evidence (H×W) each cell of a raster holds, row by row."""
    rows, columns = (np.arange(side) * cells // side for side in evidence.shape)
    sums = np.zeros((cells, cells))
    np.add.at(sums, (rows[:, None], columns[None]), evidence)
    of_all: Doubles = sums.ravel() / sums.sum()
    return of_all


def _spread(shares: Doubles) -> float:
    """Return what share of all cells holds half of the evidence, the richest cells first."""
    held = np.concatenate([[0], np.cumsum(-np.sort(-shares))])
    return float(np.interp(0.5, held, np.arange(len(held)) / len(shares)))
