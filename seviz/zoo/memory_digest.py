"""The sha256 of weights that are in memory and in no file."""

import hashlib
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

# By module, the digest and the versions of the tensors that it is of: training changes these.
_known: "WeakKeyDictionary[nn.Module, tuple[list[tuple[str, int, int]], str]]"
_known = WeakKeyDictionary()


def digest_of(module: nn.Module) -> str:
    """Return the sha256 of a module's weights: of their names, types, shapes and values, in order.

    It is computed anew where a tensor was changed since, or is another one.
    """
    state = {name: t for name, t in module.state_dict().items() if isinstance(t, Tensor)}
    versions = [(name, t.data_ptr(), _version(t)) for name, t in state.items()]
    if module in _known and _known[module][0] == versions:
        return _known[module][1]
    hashed = hashlib.sha256()
    for name, tensor in state.items():
        hashed.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        hashed.update(tensor.cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    _known[module] = versions, hashed.hexdigest()
    return hashed.hexdigest()


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version
