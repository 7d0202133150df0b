"""The parts of a block that its class names: the modules or calls of functions that they are."""

from collections.abc import Iterable

from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.calls import is_function
from seviz.phrases import join_list


def place_of_part(path: str, module: nn.Module, part: str) -> str:
    """Return the place of a part of a block: of an attribute, or else of a function of torch.

    path: the block's; part: as of `register`. UserError where it is neither.
    """
    try:
        module.get_submodule(part)
    except AttributeError:
        name, _, number = part.partition("#")
        if is_function(name) and (number or "0").isdecimal():
            return f"{path}:{name}#{int(number or 0)}"
        kind = type(module).__name__
        raise UserError(f"{kind} {_lacks(module, part)}. {again(kind)}") from None
    return f"{path}.{part}" if path else part


def check_called(blocks: Iterable[tuple[str, type[nn.Module], bool]]) -> None:
    """Raise UserError where a pass calls no block of a class that was registered.

    blocks: the path of each, its class, and whether a pass calls it.
    """
    uncalled: dict[type[nn.Module], str] = {}
    for path, kind, is_called in blocks:
        uncalled[kind] = "" if is_called else uncalled.get(kind, path)
    for kind, path in uncalled.items():
        if path:
            raise UserError(
                f"A pass never calls the module {path}, whose class {kind.__name__} is registered; "
                "register the class whose forward calls its parts, under their names there."
            )


def again(kind: str) -> str:
    """Say what to do about a class whose parts were registered wrongly."""
    return (
        f"Register it again: seviz.register({kind}, first=…, gate=…), or take that back: "
        f"seviz.unregister({kind})."
    )


def _lacks(module: nn.Module, part: str) -> str:
    """Say as the end of a sentence that a module has no such part, and which it has."""
    if isinstance(getattr(module, part, None), Tensor):
        return (
            f"has a tensor as “{part}”, and a part is a module or a function of torch; name the "
            "function that the tensor is given to, such as “matmul”"
        )
    names = [name for name, _ in module.named_children()]
    parts = f"its parts are {join_list(names)}" if names else "no part of it is a module"
    return f"has no part “{part}”, and torch has no function of that name; {parts}"
