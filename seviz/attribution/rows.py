"""A network as captum calls it: a module in whose batch each row has its image and its arm."""

from collections.abc import Sequence
from copy import copy, deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from seviz.passes.batch_size import BatchSizes
from seviz.records.arms import Arm, Recorded
from seviz.watch import Progress
from seviz.zoo.models import LoadedModel


class Rows(nn.Module):
    """A network with arms: N×3×H×W pixels and the N numbers of their rows in, N×K logits out.

    Rows are numbered image by image, and arm by arm within: of A arms, row i is of image i // A and
    arm i % A. captum expands the numbers with the pixels, so its repeated calls see the right arms.
    Rows are passed in parts whose size suits the device. Each row's logits in its first pass, which
    is of the image itself, are kept as `first_logits`.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        arms: Sequence[Arm],
        recorded: Recorded | None = None,
        *,
        images: int = 1,
        progress: Progress | None = None,
        bfloat16: bool = False,
    ) -> None:
        """Prepare the network of `loaded` for some arms and a number of images."""
        super().__init__()
        self.model = loaded.model
        self.arms, self.device = list(arms), loaded.device
        self.numbers = torch.arange(images * len(self.arms), device=self.device)  # the rows, R
        self.whole = False  # whether rows must pass all at once
        self.first_logits: dict[int, Tensor] = {}  # the first logits, K, of each row
        self.batch_sizes = BatchSizes.of(loaded)
        self.progress = progress or Progress()
        self.loaded, self._recorded, self._bfloat16 = loaded, recorded, bfloat16

    def replicate(self, start: int, stop: int) -> "Rows":
        """Return a copy for some rows with a replica of the network; they pass all at once."""
        other = copy(self)
        other._modules = {"model": replica(self.model)}
        other.numbers, other.whole = self.numbers[start:stop], True
        return other

    @property
    def image_index(self) -> Tensor:
        """Return the index of each row's image, R."""
        return self.numbers // len(self.arms)

    def repeat(self, x: Tensor) -> Tensor:
        """Repeat images, N×3×H×W, for each row: R×3×H×W."""
        return x[self.image_index].contiguous(memory_format=torch.channels_last)

    def forward(self, x: Tensor, row: Tensor) -> Tensor:
        """Pass pixels, N×3×H×W, each in the arm of its row's number (N); return logits, N×K.

        With gradients all rows pass at once, as they share a graph. Raises Stopped where stopped.
        """
        if self.whole or torch.is_grad_enabled():
            self.progress.add(len(x))
            return self._pass(x, row)
        parts = self.batch_sizes.forward.batches(
            len(x), lambda start, stop: self._pass(x[start:stop], row[start:stop]), len(self.arms)
        )
        passed = []
        for _, logits in parts:
            passed.append(logits)
            self.progress.add(len(logits))
        return torch.cat(passed)

    def _pass(self, x: Tensor, row: Tensor) -> Tensor:
        x, numbers = x.contiguous(memory_format=torch.channels_last), row.tolist()
        with (
            self.loaded.probe.ask(
                self.arms,
                [number % len(self.arms) for number in numbers],
                recorded=self._recorded,
                gates=False,
                tick=self.progress.check,
            ),
            torch.autocast(self.device.type, torch.bfloat16, enabled=self._bfloat16),
        ):
            logits: Tensor = self.model(x).float()
        for number, of_row in zip(numbers, logits.detach(), strict=True):
            self.first_logits.setdefault(number, of_row)
        return logits

    def gradients(  # noqa: PLR0917 - captum gives these by position
        self,
        forward_fn: Any,
        inputs: tuple[Tensor, ...],
        target_ind: Any = None,
        additional_forward_args: Any = None,
        **options: Any,
    ) -> tuple[Tensor, ...]:
        """Differentiate the targets' logits by the pixels; takes what captum's function takes.

        captum differentiates all rows at once; here each part's graph is freed before the next.
        """
        del forward_fn, options  # the first is self; captum's methods used here give no options
        x, row = inputs[0], additional_forward_args
        if isinstance(row, tuple):  # only some of captum's methods wrap it
            (row,) = row
        target = torch.as_tensor(target_ind, device=self.device).expand(len(x))  # one for all, or N

        def part(start: int, stop: int) -> Tensor:
            leaf = x[start:stop].detach().requires_grad_()
            with torch.enable_grad():
                logits = self._pass(leaf, row[start:stop])
                followed = logits.gather(1, target[start:stop, None])
                (gradient,) = torch.autograd.grad(followed.sum(), leaf)
            return gradient

        gradients = []
        for _, gradient in self.batch_sizes.gradients.batches(len(x), part, len(self.arms)):
            gradients.append(gradient)
            self.progress.add(len(gradient))
        return (torch.cat(gradients),)


class Leaf(nn.Module):
    """The start of a graph: layers before it are not differentiated, and keep no activations."""

    def forward(self, features: Tensor) -> Tensor:
        """Detach the features from the layers that computed them."""
        return features.detach().requires_grad_()


def replica(model: nn.Module) -> nn.Module:
    """Copy a network's modules but not its parameters and buffers, which are shared.

    captum's methods that register hooks get a replica each, as on a shared network their hooks
    would change others' passes. The probe's hooks are copied too, and read the same questions.
    """
    kept = {id(t): t for t in (*model.parameters(), *model.buffers())}
    return deepcopy(model, kept)
