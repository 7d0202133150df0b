"""Finds the SE blocks of a network and their parts: by their classes, and by what they compute."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.fitting import fit
from seviz.gates.hooks import record
from seviz.gates.kinds import Names, names_of, registered_class, why_not
from seviz.gates.naming import Located, with_names
from seviz.gates.parts import check_called, place_of_part
from seviz.gates.placing import call_of
from seviz.gates.structure import GATES, find_blocks
from seviz.gates.tape import Tape
from seviz.nets.block import SEBlock
from seviz.phrases import first_line
from seviz.records.sites import ECA, KINDS, Places, Site

FUNCTIONS: dict[type[nn.Module], str] = {nn.Tanh: "tanh", nn.ReLU: "relu"}
EXCITATIONS = {name: name for name in ("tanh", "relu")}  # all else: a kind of sigmoid


@dataclass(frozen=True)
class Search:
    """The SE blocks of a network, in order of depth, and what may be one but is not clear.

    unclear: a clause each, which begins with a module's path.
    """

    blocks: tuple[Located, ...]
    unclear: tuple[str, ...] = ()


NONE = Search(())


class NoBlock(UserError):
    """Raised where a network has no SE block for sure; unclear: as of `Search`."""

    def __init__(self, sentence: str, unclear: tuple[str, ...] = ()) -> None:
        """Take the sentence that people read."""
        super().__init__(sentence)
        self.unclear = unclear


def find_sites(model: nn.Module, name: str = "", example: Tensor | None = None) -> tuple[Site, ...]:
    """List the model's SE blocks in depth order; NoBlock, a UserError, where there is none.

    name and example: as of `search`.
    """
    return tuple(block.site for block in search(model, name, example).blocks)


def search(
    model: nn.Module, name: str = "", example: Tensor | None = None, *, thorough: bool = False
) -> Search:
    """Find the model's SE blocks, and their relatives; NoBlock, a UserError, where there is none.

    name: the model's in that sentence, by default its type's; example: an input, 1×C×H×W;
    thorough: it passes once, so that blocks of unknown classes are found too, and those that a pass
    uses several times; else it passes only where a class does not tell how many channels a block
    has, or was registered. Without an example their `channels` is 0, and the registered parts are
    not checked. Where the pass fails, the classes that seviz knows tell all. UserError, too, where
    registered parts don't fit.
    """
    name = name or type(model).__name__
    found, unclear = _by_class(model)
    if example is not None and (thorough or needs_pass(model, found)):
        tape = _record(model, example)
        if isinstance(tape, Tape):
            called, others = _called(model, tape, found), _others(tape, found, unclear)
            found = sorted([*called, *others], key=_depth)
        elif not found or needs_pass(model, found):
            raise UserError(_fails(name, example, tape))
    doubts = tuple(f"{path} {why}" for path, why in unclear.items())
    if not found:
        raise NoBlock(_no_block(name, model, unclear), doubts)
    return Search(with_names(found), doubts)


def needs_pass(model: nn.Module, found: Iterable[Located]) -> bool:
    """Tell whether a pass must say how many channels blocks have, or if registered parts fit."""
    return any(
        not at.site.channels or registered_class(model.get_submodule(at.site.path)) for at in found
    )


def gate_function(model: nn.Module, places: Places) -> Callable[[Tensor], Tensor]:
    """Return the function of a block's gates, of pre-activations of any shape.

    UserError where it was registered, and is no function of one value that seviz could call.
    """
    if places.function:
        home = torch if hasattr(torch, places.function) else nn.functional
        found: Callable[[Tensor], Tensor] = getattr(home, places.function)
        return GATES.get(places.function, found)
    if call := call_of(places.gate):
        raise UserError(
            f"The gates are made by “{call[1]}”, and seviz knows no function of one value that "
            "makes them, so a gate can't be explained; explain a class."
        )
    return model.get_submodule(places.gate)


def modules_of(model: nn.Module, site: Site, places: Places) -> list[nn.Module]:
    """List the modules that belong to a block and to nothing else."""
    if site.scales or places.features == site.path:
        return [model.get_submodule(site.path)]
    paths = [place for place in (places.first, places.second) if place and not call_of(place)]
    return [model.get_submodule(path) for path in paths]


def holder(model: nn.Module, site: Site, sites: Iterable[Site]) -> nn.Module:
    """Return the largest module that holds this SE block and no other: its residual block.

    It includes the shortcut, so only one tensor passes from one holder to the next.
    """
    others = [other.path + "." for other in sites if other.path != site.path]
    path = site.path
    while path:
        parent = path.rpartition(".")[0]
        if any(other.startswith(f"{parent}." if parent else "") for other in others):
            break
        path = parent
    return model.get_submodule(path)


def _by_class(model: nn.Module) -> tuple[list[Located], dict[str, str]]:
    """List the blocks of known classes, and why others can't be opened, by their paths."""
    found: list[Located] = []
    unclear: dict[str, str] = {}
    for path, module in model.named_modules():
        names = names_of(module)
        if names and (why := why_not(module)):
            unclear[path] = why
        elif names:
            found.append(_of_class(path, module, names))
    return found, unclear


def _of_class(path: str, module: nn.Module, names: Names) -> Located:
    """Describe a block of a known class; UserError where it lacks a part that was registered."""
    first, gate, squeeze, second, hidden = (
        place_of_part(path, module, part) if part else ""
        for part in (names.first, names.gate, names.squeeze, names.second, names.last_hidden)
    )
    call = call_of(gate)
    function = call[1] if call else ""
    places = Places(squeeze or path, first, hidden, second, gate, gate, function=function)
    channels, reduced = (0, None) if call_of(first) else _widths(module, names)
    kind = function or FUNCTIONS.get(type(module.get_submodule(names.gate)), "")
    site = Site(path, path, None, None, channels, reduced, EXCITATIONS.get(kind, "sigmoid"))
    return Located(
        replace(
            site,
            squeezed=not isinstance(module, SEBlock) or module.squeezed,
            kind=names.kind,
            scales=squeeze == "" and getattr(module, "mlp_add", None) is None,
        ),
        places,
    )


def _widths(module: nn.Module, names: Names) -> tuple[int, int | None]:
    """Read C and the width after the first projection off a block's weights, as far as they tell.

    C is 0, and the width None, where they don't.
    """
    if names.kind == ECA:
        return 0, None
    inner = module.get_submodule(names.first).modules()
    layer = next((m for m in inner if isinstance(m, nn.Linear | nn.Conv2d)), None)
    if layer is None:
        return 0, None
    reduced, channels = map(int, layer.weight.shape[:2])
    return channels * getattr(layer, "groups", 1), reduced


def _record(model: nn.Module, example: Tensor) -> Tape | Exception:
    """Record a pass of an example, without gradients; return the error where it fails."""
    try:
        with torch.no_grad():
            return record(model, lambda: model(example))
    except Exception as error:  # a network may raise anything
        return error


def _fails(name: str, example: Tensor, error: Exception) -> str:
    """Say that a network can't be passed the example."""
    size = "×".join(map(str, example.shape[1:]))
    why = f"{type(error).__name__}: {first_line(str(error))}"
    return f"{name} can't be passed an input of {size} ({why}); give the size that it takes."


def _called(model: nn.Module, tape: Tape, found: Sequence[Located]) -> Iterator[Located]:
    """Yield the blocks of known classes for each time that a pass uses them.

    UserError where parts that were registered don't fit.
    """
    calls = defaultdict(list)
    for call in tape.calls:
        calls[call.path].append(call)
    told = {at.site.path: registered_class(model.get_submodule(at.site.path)) for at in found}
    check_called((path, kind, path in calls) for path, kind in told.items() if kind)
    for at in found:
        kind = told[at.site.path]
        for call in calls[at.site.path]:
            if kind:
                yield fit(tape, call, at, kind=kind.__name__)
                continue
            channels = at.site.channels or tape.values[call.inputs[0]].shape[1]
            site = replace(at.site, channels=channels, use=call.number)
            yield Located(site, at.places, call.start)


def _others(tape: Tape, found: Sequence[Located], unclear: dict[str, str]) -> Iterator[Located]:
    """Yield the blocks of unknown classes, and add what is not clear."""
    known = {*(at.site.path for at in found), *unclear}
    for block in find_blocks(tape):
        if any(_is_within(block.path, path) for path in known):
            continue
        if block.places is None:
            unclear.setdefault(block.path, block.unclear)
            continue
        site = Site(block.path, block.path, None, None, block.channels, block.reduced)
        site = replace(
            site,
            excitation=EXCITATIONS.get(block.excitation, "sigmoid"),
            kind=block.kind,
            use=block.use,
            scales=block.scales,
        )
        yield Located(site, block.places, block.depth)


def _is_within(path: str, other: str) -> bool:
    return path == other or not other or path.startswith(other + ".")


def _depth(at: Located) -> int:
    return at.depth


def _no_block(name: str, model: nn.Module, unclear: Mapping[str, str]) -> str:
    """Say that a network has no block, and what would help."""
    if not unclear:
        return (
            f"{name} has no Squeeze-and-Excitation block; "
            "choose a network with SE blocks, such as an SE-ResNet."
        )
    path, why = next(iter(unclear.items()))
    module = model.get_submodule(path)
    kind = type(module).__name__
    if names := names_of(module):
        return (
            f"{name} has no Squeeze-and-Excitation block, and {path} ({KINDS[names.kind]}) {why}; "
            "choose a network with SE blocks, such as an SE-ResNet."
        )
    return (
        f"{name} has no Squeeze-and-Excitation block that is one for sure: {path or kind} {why}. "
        "If it is one, say where its parts are before you open the network: "
        f'seviz.register({kind}, first="…", second="…", gate="…").'
    )
