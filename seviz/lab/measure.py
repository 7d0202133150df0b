"""How often a network is right."""

from dataclasses import dataclass

import torch
from timm.data import create_transform, resolve_model_data_config
from torch import nn
from torch.utils.data import DataLoader

from seviz.lab.data import LabelledImages, batches


@dataclass(frozen=True)
class Accuracy:
    """Shares of images whose class is the first, or among the first five."""

    top1: float
    top5: float
    images: int


@torch.inference_mode()
def accuracy(model: nn.Module, images: LabelledImages, device: torch.device) -> Accuracy:
    """Measure model on labelled images, through its own preprocessing, in eval mode."""
    images.seed = None
    images.transform = create_transform(**resolve_model_data_config(model))
    was_training = model.training
    model.eval()
    right1 = right5 = 0
    for x, y in batches(DataLoader(images, 256, num_workers=1)):
        logits = model(x.to(device, memory_format=torch.channels_last)).cpu()
        hits = logits.topk(min(5, logits.shape[1])).indices == y[:, None]
        right1 += int(hits[:, 0].sum())
        right5 += int(hits.sum())
    model.train(was_training)
    return Accuracy(right1 / len(images), right5 / len(images), len(images))
