"""Deletion and insertion: the probability of a class while a map's cells are removed or added."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, interpolate

from seviz.attribution.blur import blur
from seviz.attribution.rows import Rows
from seviz.records.numbers import Floats
from seviz.records.trust import Curve

STEPS = 16
GRID = 8  # cells a side
TASKS = ("deletion", "insertion")
BASELINES = ("blur", "mean")


def curves(
    rows: Rows, x: Tensor, maps: Sequence[Floats], *, arm_of_map: Sequence[int], target: int
) -> list[tuple[Curve, ...]]:
    """Follow a class's probability for each map (H×W), in the arm of `rows` that the map is of.

    x: the image, 1×3×H×W; target: the output of `rows` that is followed, a class or, where a score
    is followed, 0: then the curves are of its chance (`seviz.records.target`). Cells of a grid are
    replaced in STEPS equal steps, those with the most evidence first. Petsiuk et al. (RISE, arXiv
    1806.07421) replace single pixels; then maps with scattered pixels win, even random ones, as
    scattered holes disturb a network most. The areas are by the trapezoid rule.
    """
    questions = [(task, base) for task in TASKS for base in BASELINES]
    bases = dict(zip(BASELINES, (blur(x), torch.zeros_like(x)), strict=True))
    by_map = []
    for pixels, arm in zip(maps, arm_of_map, strict=True):
        images = [_images(x, bases[base], pixels, task=task) for task, base in questions]
        numbers = torch.full((len(questions) * (STEPS + 1),), arm, device=x.device)
        with torch.no_grad():
            outputs: Tensor = rows(torch.cat(images), numbers)
        p = rows.chances(outputs.double())[:, target].view(len(questions), STEPS + 1).cpu().numpy()
        by_map.append(
            tuple(_curve(*question, of) for question, of in zip(questions, p, strict=True))
        )
    return by_map


def _images(x: Tensor, baseline: Tensor, pixels: Floats, *, task: str) -> Tensor:
    """Replace more and more cells, those with the most evidence first: (STEPS + 1)×3×H×W."""
    evidence = block_mean(pixels)
    rank = np.empty(evidence.size, np.int64)
    rank[np.argsort(-evidence.ravel(), kind="stable")] = np.arange(evidence.size)
    cells = torch.from_numpy(rank.reshape(1, 1, GRID, GRID)).float()
    order = interpolate(cells, pixels.shape, mode="nearest-exact").to(x)  # of replacement, by pixel
    first, last = (x, baseline) if task == "deletion" else (baseline, x)
    counts = [round(step * evidence.size / STEPS) for step in range(STEPS + 1)]
    return torch.cat([torch.where(order < count, last, first) for count in counts])


def block_mean(pixels: Floats) -> Floats:
    """Average a map, H×W, over the cells of the grid: GRID×GRID."""
    means = adaptive_avg_pool2d(torch.from_numpy(pixels)[None], GRID)[0]
    return np.asarray(means.numpy(), np.float32)


def _curve(task: str, baseline: str, p: np.ndarray) -> Curve:
    area = float(np.trapezoid(p, dx=1 / STEPS))
    return Curve(task, baseline, tuple(p.tolist()), area)
