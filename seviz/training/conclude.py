"""The end of a run: averaged weights, norm statistics at full size, and measured accuracy."""

import time
from copy import copy
from dataclasses import dataclass
from typing import Any

import torch
from timm.data import create_transform
from torch import nn
from torch.optim.swa_utils import update_bn
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset
from tqdm import tqdm

from seviz.measuring.as_upload import AsPhotograph
from seviz.measuring.measure import answers
from seviz.photos.dataset import InOrder, batch_for, batches, count_loaders
from seviz.photos.image_set import ImageSet
from seviz.phrases import printable
from seviz.training.recipe import Run

TIMED_IMAGES = 32  # images that are read and passed to estimate the time of the ending
MARGIN, FLAT_SECONDS = 1.25, 2.0  # allowances for starting processes and writing files


@dataclass(frozen=True)
class Ending:
    """The end of a run; it needs the training images and those of the measurement.

    config: timm's data config of the network; loaders: processes that read images.
    """

    images: ImageSet
    val: ImageSet
    config: dict[str, Any]
    loaders: int | None = None

    def conclude(self, run: Run) -> dict[str, float]:
        """Load the averaged weights, measure the norms' statistics, then the accuracy on “val”.

        Returns top1 and top5 as shares, and the temperature that calibrates the probabilities.
        """
        if run.average:
            run.model.load_state_dict(run.average.module.state_dict())
        where = next(run.model.parameters()).device
        settling = DataLoader(
            self._statistics_images(run), run.recipe.batch, num_workers=count_loaders(self.loaders)
        )
        update_bn(batches(settling), run.model, where)
        see, batch = create_transform(**self.config), batch_for(self.config)
        loader = InOrder(self.val, see, batch, loaders=self.loaders)
        known = set(self.val.left_out)
        result = answers(run.model, loader, where)
        for name, why in self.val.left_out.items():
            if name not in known:
                tqdm.write(f"Left out of the measurement: {printable(name)}: {why}")
        return {"top1": result.top(1), "top5": result.top(5), "temperature": result.temperature()}

    def seconds(self, run: Run) -> float:
        """Estimate the seconds that `conclude` will take, by timing a few of its images."""
        settling = self._statistics_images(run)
        began = time.monotonic()
        read = [settling[i][0] for i in range(min(TIMED_IMAGES, len(settling)))]
        reading = (time.monotonic() - began) / len(read)
        passing = _seconds_to_pass(run.model, torch.stack(read)) / len(read)
        count, processes = len(settling) + len(self.val), count_loaders(self.loaders)
        return MARGIN * count * (reading / processes + passing) + FLAT_SECONDS

    def _statistics_images(self, run: Run) -> Subset[Any]:
        """Return the images for the norms' statistics: whole images at full size.

        The statistics of training are of smaller images and random crops (FixRes, arXiv
        1906.06423). Every other image is made a photograph first, as uploads lose their finest
        detail by enlarging and JPEG.
        """
        see = create_transform(**self.config)
        as_they_are, as_uploads = copy(self.images), copy(self.images)
        as_they_are.transform, as_uploads.transform = see, AsPhotograph(see)
        as_they_are.seed = as_uploads.seed = None
        generator = torch.Generator().manual_seed(run.recipe.seed)
        count = len(self.images)
        chosen = torch.randperm(count, generator=generator)[: run.recipe.settle].tolist()
        both: Dataset[Any] = ConcatDataset([as_they_are, as_uploads])
        return Subset(both, [i + (turn % 2) * count for turn, i in enumerate(chosen)])


@torch.no_grad()
def _seconds_to_pass(model: nn.Module, images: torch.Tensor) -> float:
    """Time the second of two passes of images; the first may have to prepare the device."""
    where = next(model.parameters()).device
    model.eval()
    seconds = 0.0
    for _ in range(2):
        began = time.monotonic()
        model(images.to(where, memory_format=torch.channels_last)).cpu()
        seconds = time.monotonic() - began
    model.train()
    return seconds
