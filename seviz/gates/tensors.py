"""What hooks do to the tensors that pass them."""

import torch
from torch import Tensor, nn


def in_usual_order(_: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Copy a model's images to torch's usual order of memory, whatever it is.

    Images of one channel count as being in it, and convolutions still take them as channels-last.
    """
    return (inputs[0].clone(memory_format=torch.contiguous_format), *inputs[1:])


def norm_shift(norm: nn.Module, x: Tensor) -> Tensor:
    """Measure how far a batch norm's input in each row is from that in the first, intact row: N.

    The mean over channels of |the row's spatial mean − the intact row's|, in units of the channel's
    stored standard deviation: 0 is the intact input, 1 is far from it.
    """
    means = x.flatten(2).mean(2)
    stored: Tensor = (norm.running_var + norm.eps).sqrt()  # type: ignore[operator]
    return ((means - means[:1]).abs() / stored).mean(1)
