"""A network's forward pass, whose faults are sentences."""

import logging

from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.question import PassEnded
from seviz.passes.batch_size import out_of_memory
from seviz.phrases import first_line


class ForwardError(UserError):
    """Raised where a network's forward pass fails, or returns something else than logits."""

    def __init__(self, sentence: str, reason: str) -> None:
        """Take the sentence that people read, and the reason alone, such as an error's text."""
        super().__init__(sentence)
        self.reason = reason


def logits_of(model: nn.Module, x: Tensor, title: str) -> Tensor:
    """Pass images, N×3×H×W, through a network, called `title`; return its logits.

    Raises ForwardError, and what the pass raises where memory does not suffice, it was stopped, or
    a question ends it early.
    """
    try:
        logits = model(x)
    except (UserError, PassEnded):
        raise
    except Exception as error:  # a network may raise anything
        if out_of_memory(error):
            raise
        logging.getLogger(__name__).debug("forward pass of %s", title, exc_info=error)
        reason = f"{type(error).__name__}: {first_line(str(error))}"
        height, width = x.shape[-2:]
        raise ForwardError(
            f"{title} can't pass an image of {width}×{height} pixels ({reason}); "
            "choose another network.",
            reason,
        ) from error
    if not isinstance(logits, Tensor) or logits.dim() != 2:
        returned = _describe(logits)
        raise ForwardError(
            f"{title} returns {returned} and no logits, which are one row of numbers for each "
            "image; choose a network that returns logits.",
            f"returns {returned}",
        )
    return logits


def _describe(output: object) -> str:
    if isinstance(output, Tensor):
        return f"a tensor of {output.dim()} dimensions"
    return f"a value of the type {type(output).__name__}"
