"""Derivatives of what a network computes, whose faults are sentences."""

import logging
from collections.abc import Sequence

import torch
from torch import Tensor

from seviz.errors import UserError
from seviz.passes.batch_size import out_of_memory
from seviz.phrases import first_line


def derivatives(of: Tensor, by: Sequence[Tensor], title: str) -> tuple[Tensor, ...]:
    """Differentiate one number that a network, called `title`, computes, by tensors of its pass.

    Raises UserError where that can't be done, and what torch raises where memory does not suffice.
    """
    try:
        found: tuple[Tensor, ...] = torch.autograd.grad(of, by)
    except RuntimeError as error:  # also of a forward that is run again: CheckpointError
        if out_of_memory(error):
            raise
        logging.getLogger(__name__).debug("backward pass of %s", title, exc_info=error)
        reason = f"{type(error).__name__}: {first_line(str(error)).rstrip('.')}"
        raise UserError(
            f"{title} can't be differentiated ({reason}): "
            "a part of it keeps no gradients, or runs its forward again in the backward pass, as "
            "checkpoints do; change that part, or ask for what needs no gradients, such as "
            "necessity."
        ) from error
    return found
