"""timm's and torchvision's architectures by name: made without weights, and what they expect."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.phrases import brief, did_you_mean
from seviz.zoo.weights import COUNTERS

if TYPE_CHECKING:
    from torch import nn

TORCHVISION = "torchvision/"  # prefix for torchvision's architecture where timm has it too


def make(
    architecture: str, *, classes: int | None = None, channels: int = 3, device: str = "cpu"
) -> nn.Module:
    """Make an architecture without weights; UserError where neither library has it.

    classes: as many outputs, by default those of its own weights; channels: of the input, 1 or 3.
    """
    wanted = {} if classes is None else {"num_classes": classes}
    model = _make(architecture, device, wanted)
    if channels != 3:
        found = first_convolution(model)
        assert found is not None, architecture
        from torch import nn

        conv = found[1]
        conv.weight = nn.Parameter(conv.weight[:, :channels].detach().clone())
        conv.in_channels = channels
    return model


@lru_cache(maxsize=4)
def skeleton(architecture: str, classes: int | None = None, channels: int = 3) -> nn.Module:
    """Make an architecture for its names and shapes; timm's have no memory for their weights."""
    return make(architecture, classes=classes, channels=channels, device="meta")


def shapes(model: nn.Module) -> dict[str, tuple[int, ...]]:
    """List the shapes of the weights that evaluation needs, by name."""
    state = model.state_dict()
    return {
        name: tuple(value.shape) for name, value in state.items() if not name.endswith(COUNTERS)
    }


def whole_numbers(model: nn.Module) -> set[str]:
    """Name the buffers of a network that hold whole numbers, such as positions."""
    state = model.state_dict()
    return {name for name, value in state.items() if not value.is_floating_point()}


def classifier(model: nn.Module) -> tuple[str, nn.Linear]:
    """Return the name of the last linear layer, the classifier, and the layer."""
    from torch import nn

    linear = [(name, m) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    if not linear:
        raise UserError(f"{type(model).__name__} has no linear layer that tells classes apart.")
    return linear[-1]


def missing_head(model: nn.Module, names: Collection[str]) -> set[str]:
    """Name the weights of the last linear layers, where a file holds none of theirs."""
    from torch import nn

    missing: set[str] = set()
    for name, module in reversed(list(model.named_modules())):
        own = {f"{name}.{part}" for part, _ in module.named_parameters(recurse=False)}
        if not own:
            continue
        if not isinstance(module, nn.Linear) or own & {*names}:
            break
        missing |= own
    return missing


def first_convolution(model: nn.Module) -> tuple[str, nn.Conv2d] | None:
    """Return the convolution that reads a picture's three channels, and its name before it.

    None where there is none, as in TResNet, which first moves pixels into channels.
    """
    from torch import nn

    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d) and module.in_channels == 3:
            return name, module
    return None


def preprocessing(architecture: str) -> dict[str, Any]:
    """Return, in timm's terms, how an architecture's own weights want their photographs."""
    from timm.data import resolve_data_config

    known = getattr(skeleton(architecture), "pretrained_cfg", None)
    config: dict[str, Any] = resolve_data_config(
        {}, pretrained_cfg=known or _torchvision_cfg(architecture)
    )
    return config


def check_takes(architecture: str, size: tuple[int, int, int]) -> None:
    """Raise UserError where an architecture can't take images of (channels, height, width)."""
    import torch

    channels, height, width = size
    model = skeleton(architecture, channels=channels).eval()
    where = next(model.parameters()).device
    try:
        with torch.inference_mode():
            model(torch.zeros(1, channels, height, width, device=where))
    except Exception as error:  # each library and architecture has its own
        own = "×".join(map(str, preprocessing(architecture)["input_size"][1:]))
        raise UserError(
            f"{architecture} can't take images of {height}×{width} pixels; its own have {own}: "
            "give another --input-size."
        ) from error


def _make(architecture: str, device: str, wanted: dict[str, int]) -> nn.Module:
    import timm
    import torchvision

    import seviz.nets.registry  # noqa: F401 - timm then knows those that ship

    name = architecture.removeprefix(TORCHVISION)
    if name == architecture and timm.is_model(architecture):
        model: nn.Module = timm.create_model(architecture, device=device, **wanted)
        return model
    classifiers = torchvision.models.list_models(module=torchvision.models)
    if name in classifiers:
        made: nn.Module = torchvision.models.get_model(name, weights=None, **wanted)
        return made  # some of torchvision's constructors compute, so never on the meta device
    known = sorted({*timm.list_models(), *classifiers})
    raise UserError(
        f"There is no architecture “{brief(architecture)}” in timm or torchvision; "
        f"{did_you_mean(name[:200].lower(), known, otherwise=['seresnet50'])}"
    )


def parameters_of_torchvision(architecture: str) -> int:
    """Count the parameters of an architecture that torchvision makes, unmade; 0 of all others."""
    import timm
    import torchvision

    name = architecture.removeprefix(TORCHVISION)
    known = torchvision.models.list_models(module=torchvision.models)
    if name not in known or (name == architecture and timm.is_model(name)):
        return 0
    weights = torchvision.models.get_model_weights(name)
    return int(weights.DEFAULT.meta["num_params"])


def exceeds(architecture: str, held: int) -> int:
    """Return the parameters of an architecture that are far more than the numbers of a file.

    0 where it may fit. Only torchvision's take memory as soon as they are made.
    """
    wanted = parameters_of_torchvision(architecture)
    return wanted if wanted > 4 * held + 10_000_000 else 0


def _torchvision_cfg(architecture: str) -> dict[str, Any]:
    """Express the preprocessing of torchvision's own weights as a timm config."""
    import torchvision

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
