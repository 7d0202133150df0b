"""Loaded networks: weights, preprocessing and labels, and a probe on the SE blocks."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from safetensors import SafetensorError

from seviz.errors import UserError
from seviz.photos.read import Photo, as_rgb
from seviz.zoo.catalogue import find
from seviz.zoo.device import device
from seviz.zoo.example_image import example_image
from seviz.zoo.sources import MEMORY, Source

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from seviz.gates.probe import Probe


@dataclass(frozen=True)
class LoadedModel:
    """A network ready for passes: frozen, in eval mode, and shared by all callers.

    file: the file of its weights, if any.
    cache: results of other modules about this network, keyed by the caching class.
    """

    source: Source
    model: "nn.Module"
    probe: "Probe"
    labels: tuple[str, ...]
    transform: "Callable[[Image.Image], Tensor]"
    mean: tuple[float, ...]
    std: tuple[float, ...]
    input_size: tuple[int, int, int]  # channels (3, or 1 for grey), H, W
    device: "torch.device"
    file: Path | None = None
    cache: dict[type, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> str:
        """Return its key in the catalogue."""
        return self.source.key

    @property
    def title(self) -> str:
        """Return its name for people."""
        return self.source.title

    @property
    def temperature(self) -> float | None:
        """Return the temperature that calibrates its probabilities; None where not measured."""
        return self.source.temperature

    @property
    def head(self) -> str:
        """Return what turns its outputs into probabilities."""
        return self.source.head

    @property
    def bytes(self) -> int:
        """Count the memory of its weights and statistics, and of its twin's where it is loaded."""
        networks = [self.model, *([self.cache[Source]] if Source in self.cache else [])]
        tensors = (t for network in networks for t in network.state_dict().values())
        return sum(t.numel() * t.element_size() for t in tensors)

    def prepare(self, photo: Photo) -> "Tensor":
        """Turn a photograph, or its file, into the network's input, 1×3×H×W on its device.

        UserError where it is none.
        """
        import torch

        batch = self.transform(as_rgb(photo)).unsqueeze(0)
        return batch.to(self.device, memory_format=torch.channels_last)

    def visible(self, image: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        """Undo the normalisation of an input, 3×H×W or 1×H×W; returns the crop as H×W×3 bytes."""
        pixels = image.transpose(1, 2, 0) * np.array(self.std) + np.array(self.mean)
        crop: npt.NDArray[np.uint8] = (pixels * 255).round().clip(0, 255).astype(np.uint8)
        return crop if len(image) == 3 else crop.repeat(3, axis=2)


def load(key: str, *, plain: bool = False) -> LoadedModel:
    """Load a network of the catalogue, with a probe; UserError where it can't be had.

    key: the catalogue's, or the name as people type it (`seviz.zoo.catalogue.find`); plain: as of
    `prepare`.
    """
    source = find(key)
    with _user_errors(source):
        return prepare(source, plain=plain)


def build_network(source: Source) -> "nn.Module":
    """Make a network with its weights, frozen and in eval mode; UserError as `Source.build`."""
    with _user_errors(source), _outside_inference_mode():
        return source.build().eval().requires_grad_(False)


@contextmanager
def _user_errors(source: Source) -> Iterator[None]:
    """Turn any error with a network's weights into a UserError."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # timm and torch raise many kinds of error for damaged files
        logging.getLogger(__name__).debug("loading %s", source.key, exc_info=error)
        why = f"The weights of {source.title} can't be used: {_reason(source, error)}."
        raise UserError(why) from error


def _outside_inference_mode() -> AbstractContextManager[object]:
    """Leave inference mode: weights loaded in it could not be used for gradients later."""
    import torch

    return torch.inference_mode(mode=False)


def load_twin(loaded: LoadedModel) -> "nn.Module":
    """Return the twin without SE of a loaded network, on its device; kept as long as it.

    UserError where it has none, or the twin's weights can't be had.
    """
    twin: nn.Module | None = loaded.cache.get(Source)
    if twin is None:
        source = loaded.source.twin
        if source is None:
            raise UserError(
                f"{loaded.title} has no twin without SE; the embedded network, the laboratory's "
                "and some published ones, such as seresnet50.a1_in1k, do."
            )
        twin = loaded.cache[Source] = _on_device(source, loaded.device)
    return twin


def _on_device(source: Source, where: "torch.device") -> "nn.Module":
    import torch

    with _outside_inference_mode():
        return build_network(source).to(where).to(memory_format=torch.channels_last)


def prepare(
    source: Source,
    *,
    where: "torch.device | None" = None,
    model: "nn.Module | None" = None,
    plain: bool = False,
) -> LoadedModel:
    """Build a frozen network on a device, by default this process's, and put a probe on it.

    model: open this module, which is there already, frozen, in eval mode and in its owner's order
    of memory; `LoadedModel.probe` is to be removed from it. plain: a network without SE will do,
    too; its probe has no sites.
    """
    from seviz.gates.probe import Probe

    if source.why_no_gates and not source.has_gates and not plain:
        raise UserError(source.why_no_gates)
    where, config = where or device(), source.config
    lent, model = model is not None, model or _on_device(source, where)
    example = example_image(config["input_size"], where)
    return LoadedModel(
        source=source,
        model=model,
        probe=Probe(
            model,
            example,
            gated=source.has_gates or not plain,
            thorough=source.kind == MEMORY,
            contiguous=lent,
        ),
        labels=source.labels,
        transform=source.transform or photo_transform(config),
        mean=config["mean"],
        std=config["std"],
        input_size=config["input_size"],
        device=where,
        file=source.local_file,
    )


def photo_transform(config: dict[str, Any]) -> "Callable[[Image.Image], Tensor]":
    """Make the preprocessing of RGB photographs; a network of one channel gets them in grey."""
    from timm.data import create_transform
    from torchvision.transforms import Compose, Grayscale

    colours = create_transform(**config)
    grey = [Grayscale()] if config["input_size"][0] == 1 else []
    transform: Callable[[Image.Image], Tensor] = Compose([*grey, *colours.transforms])
    return transform


def on_device(loaded: LoadedModel, where: "torch.device") -> LoadedModel:
    """Move a network's own module to a device, and its twin's; the record before is of no use.

    Of its cache only the twin stays, as the rest may be of the other device.
    """
    cache: dict[type, Any] = {}
    with _outside_inference_mode():
        if twin := loaded.cache.get(Source):
            cache[Source] = twin.to(where)
        return replace(loaded, model=loaded.model.to(where), device=where, cache=cache)


def on_cpu(loaded: LoadedModel) -> LoadedModel:
    """Copy a network to the CPU, for work that its device has no memory for."""
    import torch

    return prepare(loaded.source, where=torch.device("cpu"), plain=True)


def _reason(source: Source, error: Exception) -> str:
    """Return a clause: why weights on this machine could not be used, and what would help."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return "the memory does not suffice for them; choose a smaller network"
    if isinstance(error, PermissionError):
        return f"{error.filename} can't be opened; check its rights"
    file = source.local_file
    if file and isinstance(error, SafetensorError | UnpicklingError | EOFError | RuntimeError):
        downloaded = source.kind in ("hub", "release")
        advice = "delete it and retry" if downloaded else "bring another"
        return f"the file {file.name} is damaged or belongs to another network; {advice}"
    return f"reading them failed ({type(error).__name__}); try again"
