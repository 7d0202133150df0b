"""Control maps, made without regard to the answer, to compare explanations with."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seviz.records.numbers import Floats
from seviz.zoo.models import LoadedModel
from seviz.zoo.sources import Source

RANDOM, EDGES, RANDOMISED = "random", "edges", "randomised"


def random_map(height: int, width: int, seed: int = 0) -> Floats:
    """Draw a map, H×W, from a normal distribution."""
    return np.random.default_rng(seed).standard_normal((height, width)).astype(np.float32)


def edge_map(seen: npt.NDArray[np.uint8]) -> Floats:
    """Return the strength of a photograph's (H×W×3 bytes) edges: scikit-image's Sobel, H×W."""
    # Imported late: SciPy's filters, which skimage imports, would slow the app's start.
    from skimage.color import rgb2gray
    from skimage.filters import sobel

    edges: Floats = sobel(rgb2gray(seen)).astype(np.float32)
    return edges


def randomise(loaded: LoadedModel, seed: int = 0) -> LoadedModel:
    """Shuffle the weights of every layer within themselves (Adebayo et al., arXiv 1810.03292).

    A method whose map stays the same does not depend on what the network has learnt.
    """
    cache = dict(loaded.cache)
    if Source in cache:
        cache[Source] = _shuffle(cache[Source], seed)  # the twin, as `load_twin` keeps it
    return replace(loaded, model=_shuffle(loaded.model, seed), cache=cache)


def _shuffle(model: nn.Module, seed: int) -> nn.Module:
    """Copy a network with shuffled weights; its hooks read the same probe's questions."""
    draw, model = torch.Generator().manual_seed(seed), deepcopy(model)
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            weight = module.weight
            order = torch.randperm(weight.numel(), generator=draw).to(weight.device)
            weight.data = weight.flatten()[order].view_as(weight)
    return model
