"""Born-again training: the answers of a run's start weights to its images.

A label says which class an image has; an earlier network's answer also says which others it looks
like. Learning from both gains over the labels alone (Furlanello et al., arXiv 1805.04770).
"""

from pathlib import Path

import timm
import torch
from torch import Tensor

from seviz.training.decoded import Decoded
from seviz.training.forward import Forward
from seviz.training.recipe import Recipe
from seviz.training.start_weights import load_start

AT_ONCE = 256  # images a pass


@torch.inference_mode()
def teacher_answers(recipe: Recipe, start: Path, images: Decoded, *, classes: int) -> Tensor:
    """Compute the probabilities of the weights `start` for images without augmentation.

    Returns N×classes, on the images' device.
    """
    model = timm.create_model(recipe.model, num_classes=classes)
    load_start(model, start)
    model.to(images.pixels.device, memory_format=torch.channels_last).eval()
    forward = Forward(model, recipe.bfloat16, graphs=False)
    return torch.cat([forward(x).softmax(1) for x, _ in images.whole_batches(AT_ONCE)])
