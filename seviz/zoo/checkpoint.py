"""A user's own network: a safetensors file with its timm or torchvision architecture."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import timm
import torchvision
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from timm.data import resolve_data_config
from torch import nn

from seviz.errors import UserError
from seviz.gates.sites import find_sites
from seviz.phrases import did_you_mean
from seviz.zoo.labels import numbered_labels
from seviz.zoo.sources import Figures, Source

TORCHVISION = "torchvision/"  # prefix for torchvision's architecture where timm has it too
COUNTERS = "num_batches_tracked"  # the batch norms' step counts, which evaluation does not use


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Source):
    """Weights in a safetensors file for an architecture that has SE blocks.

    classes: their number, read from the weights of the last linear layer. A text file beside the
    weights, of the same name but for .txt, may name them, one a line.
    """

    file: Path
    classes: int
    kind = "checkpoint"

    @property
    def origin(self) -> str:
        """Return the name of the file."""
        return self.file.name

    @property
    def local_file(self) -> Path | None:
        """Return the file; None where it no longer exists."""
        return self.file if self.file.exists() else None

    @property
    def identity(self) -> str:
        """Return the title, as all checkpoints have the same key."""
        return self.title

    @property
    def class_count(self) -> int:
        """Count its classes."""
        return self.classes

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the class names; numbers where no file beside the weights names them."""
        return self.folders or numbered_labels(self.classes)

    @property
    def config(self) -> dict[str, Any]:
        """Return the preprocessing of the architecture."""
        model = _skeleton(self.architecture, self.classes)
        cfg = getattr(model, "pretrained_cfg", None) or _torchvision_cfg(self.architecture)
        config: dict[str, Any] = resolve_data_config({}, pretrained_cfg=cfg)
        return config

    @cached_property
    def folders(self) -> tuple[str, ...] | None:
        """Read the names of the classes, one a line, from a text file beside the weights."""
        beside = self.file.with_suffix(".txt")
        if not beside.exists():
            return None
        try:
            names = tuple(
                line.strip() for line in beside.read_text("utf-8-sig").strip().split("\n")
            )
        except (UnicodeDecodeError, OSError) as error:
            raise UserError(f"{beside} can't be read; names of classes are UTF-8 text.") from error
        if len(names) != self.classes or len({*names, ""}) != len(names) + 1:
            raise UserError(
                f"{beside} names {len(set(names))} different classes on {len(names)} lines and "
                f"{self.file.name} has {self.classes}; give one name a line, each once."
            )
        return names

    def check(self) -> None:
        """Check the file's format, names and shapes without reading the weights.

        UserError, which names the file, where it can't be opened.
        """
        check_file(self.file)
        ours, theirs = _shapes(_skeleton(self.architecture, self.classes)), _shapes_in(self.file)
        if odd := sorted(dict(ours.items() ^ theirs.items())):
            raise UserError(
                f"{self.file} does not fit {self.architecture}: {odd[0]} is "
                f"{theirs.get(odd[0], 'missing')} in the file and "
                f"{ours.get(odd[0], 'unknown')} in the architecture; name the right one."
            )
        _ = self.folders

    def build(self) -> nn.Module:
        """Make the network and load its weights; UserError where the file was changed since."""
        self.check()
        model = _new(self.architecture, self.classes, device="cpu")
        model.load_state_dict(load_file(self.file), strict=False)  # COUNTERS may be missing
        return model


def open_checkpoint(file: Path, architecture: str) -> Checkpoint:
    """Return the source of a user's weights, checked; UserError where they can't be opened."""
    if not architecture:
        raise UserError(f"Give the architecture of {file.name} too: --arch ARCH.")
    check_file(file)
    find_sites(_skeleton(architecture, None))
    classes = _count_classes(file, architecture)
    network = _skeleton(architecture, classes)
    checkpoint = Checkpoint(
        key="checkpoint",
        title=f"{file.name} · {architecture}",
        group="your own",
        architecture=architecture,
        figures=Figures(sum(p.numel() for p in network.parameters())),
        file=file,
        classes=classes,
    )
    checkpoint.check()
    return checkpoint


def check_file(file: Path) -> None:
    """Raise a UserError, which gives the reason, where a file is not a safetensors file."""
    if not file.is_file():
        raise UserError(f"{file} is not a file; give the path of a .safetensors file.")
    try:
        with safe_open(file, "pt"):
            return
    except OSError as error:
        raise UserError(f"{file} can't be opened; check its permissions.") from error
    except SafetensorError as error:
        if file.read_bytes()[:2] in (b"PK", b"\x80\x02"):
            raise UserError(
                f"{file} is a pickle, which may run any program when it is read; convert it with "
                "safetensors.torch.save_file."
            ) from error
        raise UserError(f"{file} is not a safetensors file, or is damaged.") from error


@lru_cache(maxsize=4)
def _skeleton(architecture: str, classes: int | None) -> nn.Module:
    """Make an architecture without weights, for its names and shapes."""
    return _new(architecture, classes, device="meta")


def _new(architecture: str, classes: int | None, device: str) -> nn.Module:
    """Make an architecture without weights; UserError where neither library has it."""
    wanted = {} if classes is None else {"num_classes": classes}
    name = architecture.removeprefix(TORCHVISION)
    if name == architecture and timm.is_model(architecture):
        model: nn.Module = timm.create_model(architecture, device=device, **wanted)
        return model
    classifiers = torchvision.models.list_models(module=torchvision.models)
    if name in classifiers:
        made: nn.Module = torchvision.models.get_model(name, weights=None, **wanted)
        return made  # some of torchvision's constructors compute, so never on the meta device
    known = [*timm.list_models(), *classifiers]
    raise UserError(
        f"There is no architecture “{architecture}” in timm or torchvision; "
        f"{did_you_mean(name, known, otherwise=['seresnet50'])}"
    )


def _shapes_in(file: Path) -> dict[str, tuple[int, ...]]:
    """List the shapes of the weights in a file, by name."""
    with safe_open(file, "pt") as weights:
        names = [name for name in weights.keys() if not name.endswith(COUNTERS)]  # noqa: SIM118
        return {name: tuple(weights.get_slice(name).get_shape()) for name in names}


def _shapes(model: nn.Module) -> dict[str, tuple[int, ...]]:
    """List the shapes of a network's weights, by name."""
    state = model.state_dict()
    return {
        name: tuple(value.shape) for name, value in state.items() if not name.endswith(COUNTERS)
    }


def _count_classes(file: Path, architecture: str) -> int:
    """Return the number of classes of a file's weights."""
    name, layer = _classifier(_skeleton(architecture, None))
    shape = _shapes_in(file).get(f"{name}.weight") or (layer.out_features,)
    return shape[0]


def _classifier(model: nn.Module) -> tuple[str, nn.Linear]:
    """Return the name of the last linear layer, the classifier, and the layer."""
    linear = [(name, m) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    if not linear:
        raise UserError(f"{type(model).__name__} has no linear layer that tells classes apart.")
    return linear[-1]


def _torchvision_cfg(architecture: str) -> dict[str, Any]:
    """Express the preprocessing of torchvision's own weights as a timm config."""
    name = architecture.removeprefix(TORCHVISION)
    preset = torchvision.models.get_model_weights(name).DEFAULT.transforms()
    side = preset.crop_size[0]
    return {
        "input_size": (3, side, side),
        "crop_pct": side / preset.resize_size[0],
        "interpolation": preset.interpolation.value,
        "mean": tuple(preset.mean),
        "std": tuple(preset.std),
    }
