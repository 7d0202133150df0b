"""How a run ends: averaged weights, norms settled at full size, and the network measured."""

import time
from copy import copy
from dataclasses import dataclass
from typing import Any

import torch
from timm.data import create_transform
from torch import nn
from torch.optim.swa_utils import update_bn
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset

from seviz.measuring.as_upload import AsPhotograph
from seviz.measuring.measure import answers
from seviz.photos.dataset import LabelledImages, batch_for, batches, count_loaders, read_in_order
from seviz.training.recipe import Run

PROBED = 32  # images that are read, and passed, to learn how long the ending takes
MARGIN, FLAT_SECONDS = 1.25, 2.0  # what is allowed beyond it: processes start, files are written


@dataclass(frozen=True)
class Ending:
    """What a run ends with: its training images, and those that it is measured on.

    config: timm's data config of the network; loaders: processes that read images.
    """

    images: LabelledImages
    val: LabelledImages
    config: dict[str, Any]
    loaders: int | None = None

    def conclude(self, run: Run) -> dict[str, float]:
        """Give the network its averaged weights and settled norms, and measure it on “val”.

        Returns top1 and top5 as shares, and the temperature at which its answers are most honest.
        """
        if run.average:
            run.model.load_state_dict(run.average.module.state_dict())
        where = next(run.model.parameters()).device
        settling = DataLoader(
            self._settling(run), run.recipe.batch, num_workers=count_loaders(self.loaders)
        )
        update_bn(batches(settling), run.model, where)
        see, batch = create_transform(**self.config), batch_for(self.config)
        loader = read_in_order(self.val, see, batch, loaders=self.loaders)
        said = answers(run.model, loader, where)
        return {"top1": said.top(1), "top5": said.top(5), "temperature": said.temperature()}

    def seconds(self, run: Run) -> float:
        """Estimate how long `conclude` will take here, from a few images that it would read."""
        settling = self._settling(run)
        began = time.monotonic()
        read = [settling[i][0] for i in range(min(PROBED, len(settling)))]
        reading = (time.monotonic() - began) / len(read)
        passing = _seconds_to_pass(run.model, torch.stack(read)) / len(read)
        count, processes = len(settling) + len(self.val), count_loaders(self.loaders)
        return MARGIN * count * (reading / processes + passing) + FLAT_SECONDS

    def _settling(self, run: Run) -> Subset[Any]:
        """List what the norms' statistics are measured on: whole images at full size, as given.

        Those of the last epochs are of smaller images and random crops (FixRes, arXiv 1906.06423).
        Every other image is made a photograph first, as enlarging and JPEG take its finest detail.
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
    """Time a pass of images as they are measured; the first one may have to prepare the device."""
    where = next(model.parameters()).device
    model.eval()
    seconds = 0.0
    for _ in range(2):
        began = time.monotonic()
        model(images.to(where, memory_format=torch.channels_last)).cpu()
        seconds = time.monotonic() - began
    model.train()
    return seconds
