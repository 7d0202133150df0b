"""`seviz.load` and `seviz.wrap`: a network of the catalogue, a file of weights, or any module."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.library.calls import call
from seviz.library.network import Network
from seviz.library.sentences import names_arguments
from seviz.passes.dispatch import ZOO, fetch
from seviz.phrases import brief
from seviz.records.numbers import SIGMOID, SOFTMAX
from seviz.zoo import catalogue
from seviz.zoo.device import device
from seviz.zoo.folded import open_weights
from seviz.zoo.settings import Settings
from seviz.zoo.shards import WEIGHTS
from seviz.zoo.sources import NO_BLOCK, Wrapped
from seviz.zoo.sources import wrap as wrapped

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor, nn

    from seviz.library.lending import Lent
    from seviz.zoo.models import LoadedModel

UNSEEN = (  # of a module of one's own
    "If it has a block that seviz does not see, say where its parts are before you open it: "
    'seviz.register(MySE, first="…", second="…", gate="…").'
)
LONGEST = 60  # characters of a key
PICKLES = (".pth", ".pt", ".ckpt", ".bin", ".pkl")  # how files of torch.save are called


@names_arguments
def load(
    name: str | os.PathLike[str],
    architecture: str = "",
    *,
    labels: str | os.PathLike[str] | None = None,
    head: str | None = None,
    input_size: Sequence[int] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
) -> Network:
    """Open a network of the catalogue, which is downloaded, or weights in .safetensors files.

    name: a key or name, as `seviz models` lists them, or a file, an index of shards or a folder
    that holds one; the other arguments are about a file: its architecture of timm or torchvision (a
    file of `seviz fold` says it itself), a text file that names its classes, softmax or sigmoid,
    and how photographs are prepared. A network without SE is opened to be compared with another.
    UserError where the network can't be had.
    """
    said = {
        "architecture": architecture,
        "labels": labels,
        "head": head,
        "input_size": input_size,
        "mean": mean,
        "std": std,
    }
    of_file = catalogue.names_weights(name)
    if not of_file:
        if alone := [word for word, value in said.items() if value]:
            raise UserError(
                f"{alone[0]} is about a file of weights, which ends in {WEIGHTS}; name one, or "
                "leave it out."
            )
        if str(name).lower().endswith(PICKLES):
            raise UserError(
                f"{brief(str(name))} is no {WEIGHTS} file; `seviz convert` makes one of a file of "
                "torch.save."
            )
        key = fetch(catalogue.find(name).key, plain=True)  # type: ignore[arg-type]
    else:
        settings = Settings(
            labels=None if labels is None else Path(labels),
            head=head,
            size=None if input_size is None else tuple(input_size),
            mean=None if mean is None else tuple(mean),
            std=None if std is None else tuple(std),
        )
        source = open_weights(Path(name), architecture, settings, plain=True)
        key = fetch(catalogue.add_checkpoint(source), plain=True)
    ZOO.get(key, plain=True)  # so that weights that can't be used are refused here
    called = Path(name).name if of_file else str(name)
    return Network(key, opened=call("seviz.load", ("name", name), **said), called=called)


def wrap(
    module: "nn.Module",
    *,
    transform: "Callable[[Image.Image], Tensor] | Mapping[str, Any] | None" = None,
    labels: Sequence[str] | str | Path | None = None,
    input_size: int | Sequence[int] | None = None,
    head: str = SOFTMAX,
    name: str = "",
) -> Network:
    """Open a module of one's own that returns logits; it is not copied.

    One without SE blocks can be compared with another network; all other questions are about gates.
    While the network is open, the module has hooks, is frozen and in eval mode, and lies on this
    process's device; when the network is closed, or no longer used, it is as it was before.

    transform: turns a PIL image into the module's input: torchvision's or timm's Compose, or terms
    such as {"mean": …, "std": …}; by default what the module states as timm's do, or else timm's
    usual one. labels: the names of the classes, in the order of the logits, or a text file with one
    a line; input_size: of an image, a side, (height, width) or (channels, height, width); head:
    softmax, or sigmoid where classes are not exclusive; name: for people, by default the class's.
    UserError where the module or what is said about it can't be used.
    """
    from torch import nn

    from seviz.library.lending import borrow
    from seviz.library.wrapping import class_names, count_classes, said_preprocessing
    from seviz.zoo.example_image import example_image

    if not isinstance(module, nn.Module):
        raise UserError(
            f"seviz.wrap takes a torch.nn.Module, not {type(module).__name__}; seviz.load opens "
            "networks by name."
        )
    if head not in (SOFTMAX, SIGMOID):
        raise UserError(f"head is {head!r}; give “{SOFTMAX}” or “{SIGMOID}”.")
    said_name, name = name, name or type(module).__name__
    said, own_transform = said_preprocessing(module, transform, input_size)
    lent = borrow(module, device())
    try:
        source = wrapped(name, module, said=said, transform=own_transform, head=head)
        image = example_image(source.input_size, device())
        classes = count_classes(module, image, name)
        names = class_names(labels, classes, name)
        source = replace(
            source, key=_key(name), title=name, classes=classes, names_of_classes=names
        )
        if classes == 1 and head == SOFTMAX:
            source = replace(source, head=SIGMOID)  # a softmax of one is always 1
        loaded = _open(source, module)
    except BaseException:
        lent.give_back()
        raise
    given: dict[str, Any] = {"transform": transform, "labels": labels, "input_size": input_size}
    given |= {"head": "" if head == SOFTMAX else head, "name": said_name}
    opened = call("seviz.wrap", ("module", module), **given)
    finish = partial(_close, loaded, lent)
    return Network(loaded.key, opened=opened, called=name, finish=finish)


def _key(name: str) -> str:
    """Return a name as a key, which is also part of names of files."""
    return re.sub(r"[^\w.-]+", "-", name)[:LONGEST].strip("-.") or "network"


def _open(source: Wrapped, module: "nn.Module") -> "LoadedModel":
    """Put a probe on a module and its source into the catalogue, with SE blocks or without."""
    from seviz.gates.sites import NoBlock
    from seviz.zoo.models import prepare

    try:
        loaded = prepare(source, model=module)
    except NoBlock as error:
        no_block = f"{NO_BLOCK.format(source.title)} {UNSEEN}"
        why = str(error) if error.unclear else no_block
        source = replace(source, has_gates=False, why_no_gates=why)
        loaded = prepare(source, model=module, plain=True)
        loaded.probe.unclear = error.unclear
    added = catalogue.add_own(source)
    loaded = replace(loaded, source=added)
    ZOO.adopt(loaded)
    return loaded


def _close(loaded: "LoadedModel", lent: "Lent") -> None:
    """Take a module out of the catalogue, and give it back as it was."""
    loaded.probe.remove()
    ZOO.release(loaded.source)
    catalogue.remove_own(loaded.key)
    lent.give_back()
