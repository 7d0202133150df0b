"""Maps that know nothing of the answer, to hold explanations against."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seviz.records.numbers import Floats
from seviz.zoo.models import LoadedModel

RANDOM, EDGES, RANDOMISED = "random", "edges", "randomised"


def random_map(height: int, width: int, seed: int = 0) -> Floats:
    """Draw a map, H×W, from a normal distribution."""
    return np.random.default_rng(seed).standard_normal((height, width)).astype(np.float32)


def edge_map(seen: npt.NDArray[np.uint8]) -> Floats:
    """Return how strong the edges of a photograph (H×W×3 bytes) are: scikit-image's Sobel, H×W."""
    from skimage.color import rgb2gray  # only now: SciPy's filters, for the app's start
    from skimage.filters import sobel

    edges: Floats = sobel(rgb2gray(seen)).astype(np.float32)
    return edges


def randomised(loaded: LoadedModel, seed: int = 0) -> LoadedModel:
    """Shuffle the weights of every layer within themselves (Adebayo et al., arXiv 1810.03292).

    A method whose map stays the same does not look at what the network has learnt.
    """
    draw = torch.Generator().manual_seed(seed)
    model = deepcopy(loaded.model)  # its hooks answer to the same probe
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            weight = module.weight
            order = torch.randperm(weight.numel(), generator=draw).to(weight.device)
            weight.data = weight.flatten()[order].view_as(weight)
    return replace(loaded, model=model)
