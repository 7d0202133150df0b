"""A module that stays its owner's: what it was like before it was opened, and putting that back."""

from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from seviz.errors import UserError

_lent: "WeakKeyDictionary[nn.Module, Lent]" = WeakKeyDictionary()


class Lent:
    """A module while it is open: frozen, in eval mode and on one device.

    Whoever borrows it gives it back once; with the last it is as it was before the first.
    """

    def __init__(self, module: nn.Module) -> None:
        """Note what the module is like; UserError where it is in parts on several devices."""
        self._module, self._users = module, 0
        self._training = {part: part.training for part in module.modules()}
        self._needs_grad = {p: p.requires_grad for p in module.parameters()}
        # timm's switch. A forward that is run again in the backward pass would meet no hooks.
        self._checkpointed: list[Any] = [
            part for part in module.modules() if getattr(part, "grad_checkpointing", False) is True
        ]
        tensors = (*module.parameters(), *module.buffers())
        devices = {tensor.device for tensor in tensors}
        if len(devices) != 1 or "meta" in {device.type for device in devices}:
            raise UserError(
                f"The parameters of {type(module).__name__} are on no device, or on several; move "
                "them to one by module.to(device)."
            )
        (self._device,) = devices

    def give_back(self) -> None:
        """End one use of the module."""
        self._users -= 1
        if self._users:
            return
        _lent.pop(self._module, None)
        self._module.to(self._device)
        for part, training in self._training.items():
            part.training = training
        for parameter, needs_grad in self._needs_grad.items():
            parameter.requires_grad_(needs_grad)
        for part in self._checkpointed:
            part.grad_checkpointing = True

    def use(self, where: torch.device) -> None:
        """Begin one use of the module, on a device."""
        self._users += 1
        self._module.to(where).eval().requires_grad_(False)
        for part in self._checkpointed:
            part.grad_checkpointing = False


def borrow(module: nn.Module, where: torch.device) -> Lent:
    """Freeze a module, in eval mode, on a device; UserError where its parameters are not float32.

    A module that is open already is not noted again, as it is not as its owner left it.
    """
    if any(map(is_lazy, module.parameters())):
        raise UserError(
            f"{type(module).__name__} has parameters without a shape yet, as a lazy module has "
            "before its first pass; pass an image through it first."
        )
    kinds = {p.dtype for p in module.parameters()}
    if kinds != {torch.float32}:
        found = ", ".join(sorted(map(str, kinds))) or "no type, as there are none"
        raise UserError(
            f"The parameters of {type(module).__name__} are of {found}, and passes are of float32; "
            "call module.float() first."
        )
    lent = _lent.get(module) or Lent(module)
    _lent[module] = lent
    lent.use(where)
    return lent
