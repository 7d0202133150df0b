"""Records of explanations made by hand, shared by several tests."""

import numpy as np

from seviz.records.arms import IDENTITY, INTACT, STATIC
from seviz.records.attribution import Attribution, GateShares
from seviz.records.sites import Site
from seviz.records.trace import Answer, Trace
from seviz.records.trust import Curve, Likeness, MapTrust, Trust

LION = Answer(0, "lion", 0.5, 1.0)


def made_maps(first: np.ndarray, second: np.ndarray, **known) -> Attribution:
    """Make maps of two arms, H×W each."""
    maps = np.stack([first, second]).astype(np.float32)[:, None]
    return Attribution(
        "made", known.pop("method", "gradcam"), (INTACT, STATIC), LION, maps, **known
    )


def spot(row: int, column: int, side: int = 24) -> np.ndarray:
    """Put all evidence into one cell of the 8×8 raster of a map."""
    found, cell = np.zeros((side, side)), side // 8
    found[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell] = 1.0
    return found


def made_shares() -> GateShares:
    shares = {"SE_2_1": np.array([0.5, -2.0, 1.0], np.float32), "SE_2_2": np.float32([0.25, 0.0])}
    return GateShares("made", "static", LION, shares, -0.25, 32)


def map_trust(
    name: str,
    insertion: tuple[float, float],
    *,
    control: bool = False,
    deletion: tuple[float, float] = (0.1, 0.1),
    spearman: float = 0.0,
    p: float = 0.5,
) -> MapTrust:
    """Measure a map, by its areas with the baselines blur and mean."""
    areas = {"deletion": deletion, "insertion": insertion}
    curves = tuple(
        Curve(task, baseline, (p, 0.0) if task == "deletion" else (0.0, p), areas[task][i])
        for task in areas
        for i, baseline in enumerate(("blur", "mean"))
    )
    known = None if control else 0.25
    return MapTrust(name, control, curves, known, None, None, Likeness(spearman, 0.5, 0.25))


def made_trust(*maps: MapTrust) -> Trust:
    """Measure maps of “lion” by Grad-CAM; controls that are not given have no merit."""
    names = {map_.name for map_ in maps}
    controls = [
        map_trust(name, (0.1, 0.1), control=True)
        for name in ("random", "edges", "randomised")
        if name not in names
    ]
    return Trust("made", "gradcam", LION, (*maps, *controls))


def made_trace(logits: list[list[float]]) -> Trace:
    rows = np.array(logits, np.float32)
    labels = tuple("abcdef"[: rows.shape[1]])
    nothing: dict[str, np.ndarray] = {}
    image = np.zeros((3, 2, 2), np.float32)
    return Trace(
        model="made",
        sites=(Site("layer1.0.se", "SE_2_1", 2, 1, 12, 8),),
        arms=(INTACT, IDENTITY)[: len(rows)],
        labels=labels,
        z=nothing,
        s=nothing,
        s_computed=nothing,
        logits=rows,
        image=image,
        seen=np.zeros((2, 2, 3), np.uint8),
    )
