"""Deletion and insertion: what becomes of the answer while a map's pixels go or come."""

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
    rows: Rows, x: Tensor, maps: Sequence[Floats], *, owners: Sequence[int], target: int
) -> list[tuple[Curve, ...]]:
    """Follow a class's probability for each map (H×W), with the arm of `rows` that owns it.

    x: the image, 1×3×H×W. Cells of a grid go from the most evidence to the least, in STEPS equal
    steps (Petsiuk et al., RISE, arXiv 1806.07421, let single pixels go: then a map that scatters
    its pixels wins, a random one included, as scattered holes confuse a network most). The areas
    are by the trapezoid rule.
    """
    questions = [(task, base) for task in TASKS for base in BASELINES]
    bases = dict(zip(BASELINES, (blur(x), torch.zeros_like(x)), strict=True))
    found = []
    for pixels, owner in zip(maps, owners, strict=True):
        images = [_images(x, bases[base], pixels, task=task) for task, base in questions]
        arm = torch.full((len(questions) * (STEPS + 1),), owner, device=x.device)
        with torch.no_grad():
            logits: Tensor = rows(torch.cat(images), arm)
        p = logits.double().softmax(1)[:, target].view(len(questions), STEPS + 1).cpu().numpy()
        found.append(
            tuple(_curve(*question, of) for question, of in zip(questions, p, strict=True))
        )
    return found


def _images(x: Tensor, baseline: Tensor, pixels: Floats, *, task: str) -> Tensor:
    """Let more and more pixels go, or come, the best first: (STEPS + 1)×3×H×W."""
    evidence = block_mean(pixels)
    rank = np.empty(evidence.size, np.int64)
    rank[np.argsort(-evidence.ravel(), kind="stable")] = np.arange(evidence.size)
    cells = torch.from_numpy(rank.reshape(1, 1, GRID, GRID)).float()
    place = interpolate(cells, pixels.shape, mode="nearest-exact").to(x)  # which goes when
    first, then = (x, baseline) if task == "deletion" else (baseline, x)
    counts = [round(step * evidence.size / STEPS) for step in range(STEPS + 1)]
    return torch.cat([torch.where(place < count, then, first) for count in counts])


def block_mean(pixels: Floats) -> Floats:
    """Average a map, H×W, over the cells of the grid: GRID×GRID."""
    means = adaptive_avg_pool2d(torch.from_numpy(pixels)[None], GRID)[0]
    return np.asarray(means.numpy(), np.float32)


def _curve(task: str, baseline: str, p: np.ndarray) -> Curve:
    area = float(np.trapezoid(p, dx=1 / STEPS))
    return Curve(task, baseline, tuple(p.tolist()), area)
