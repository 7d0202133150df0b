"""Where in a map the evidence for a class lies, and how it moves from one map to another."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seviz.records.attribution import Attribution
from seviz.records.numbers import Floats

SAME = 0.05  # share of the evidence that may move while the places are called the same
GRID = 8  # cells a side: moves within a cell are noise
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
    cells' absolute differences); spread: which share of the photograph holds half of the evidence,
    by arm; loser and gainer: the ninth of the photograph that loses and that gains most, as
    (place, share before, share after).
    """

    share: float
    spread: tuple[float, float]
    loser: tuple[str, float, float]
    gainer: tuple[str, float, float]

    @property
    def stays(self) -> bool:
        """Tell whether nearly all evidence lies in the same places."""
        return self.share < SAME


def move(attribution: Attribution, one: int = 0, other: int = 1) -> Move | None:
    """Compare the positive evidence of two arms' maps; None where a map has none."""
    maps = [np.maximum(attribution.pixels[arm], 0).astype(np.float64) for arm in (one, other)]
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


def scale_limit(maps: Floats) -> float:
    """Return the end of the colour scale of maps: 1 of 200 of their absolute values exceeds it."""
    return max(float(np.quantile(abs(maps), 0.995)), 1e-12)


def _shares(evidence: Doubles, cells: int) -> Doubles:
    """Return the share of the evidence (H×W) in each cell of a raster, row by row."""
    rows, columns = (np.arange(side) * cells // side for side in evidence.shape)
    sums = np.zeros((cells, cells))
    np.add.at(sums, (rows[:, None], columns[None]), evidence)
    shares: Doubles = sums.ravel() / sums.sum()
    return shares


def _spread(shares: Doubles) -> float:
    """Return the smallest share of all cells that holds half of the evidence."""
    held = np.concatenate([[0], np.cumsum(-np.sort(-shares))])
    return float(np.interp(0.5, held, np.arange(len(held)) / len(shares)))
