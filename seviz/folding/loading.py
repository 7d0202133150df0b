"""The lines of Python that load a folded network without seviz, and its plain counterpart."""

import textwrap
from pathlib import Path

import timm
import torch
from torch import nn

from seviz.errors import UserError
from seviz.folding.fold import TOLERANCE, difference, noise
from seviz.nets.registry import BUILDERS
from seviz.zoo.architecture import TORCHVISION, first_convolution, make, shapes, skeleton
from seviz.zoo.description import Description
from seviz.zoo.sources import Source

WIDTH = 96
SCALE = """
class ChannelScale(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("scale", torch.ones(channels))

    def forward(self, u):
        return u * self.scale[:, None, None]

"""


def loading_lines(description: Description, file: Path, *, classes: int, channels: int) -> str:
    """Write the Python that makes a folded network and loads its file, without seviz.

    Only architectures that seviz itself tells timm need an import of it.
    """
    name = description.architecture.removeprefix(TORCHVISION)
    of_timm = name == description.architecture and timm.is_model(name)
    lines = [f"import {'timm' if of_timm else 'torchvision'}", "import torch"]
    lines += ["from safetensors.torch import load_file"]
    if name in BUILDERS:
        lines += [f"import seviz.nets.registry  # timm then knows {name}"]
    lines += SCALE.splitlines() if description.scaled else [""]
    if of_timm:
        lines += [f"model = timm.create_model({name!r}, num_classes={classes})"]
    else:
        lines += [f"model = torchvision.models.get_model({name!r}, num_classes={classes})"]
    if channels != 3:
        lines += _narrowing(description.architecture, channels)
    if description.removed:
        lines += _wrapped("for path in ", list(description.removed), ":")
        lines += ["    model.set_submodule(path, torch.nn.Identity())"]
    if description.scaled:
        lines += _wrapped("for path, channels in ", list(description.scaled), ":")
        lines += ["    model.set_submodule(path, ChannelScale(channels))"]
    lines += [f"model.load_state_dict(load_file({str(file)!r}))", "model.eval()"]
    return "\n".join(lines)


def _narrowing(architecture: str, channels: int) -> list[str]:
    """Write the lines that let the first convolution read fewer channels."""
    found = first_convolution(skeleton(architecture))
    assert found is not None, architecture
    return [
        f"first = model.get_submodule({found[0]!r})",
        f"first.in_channels = {channels}",
        f"first.weight = torch.nn.Parameter(first.weight[:, :{channels}].detach().clone())",
    ]


def _wrapped(before: str, items: list[object], after: str) -> list[str]:
    """Write a list in lines of at most `WIDTH` characters, as far as its items allow."""
    whole = f"{before}{items}{after}"
    if len(whole) <= WIDTH:
        return [whole]
    inside = textwrap.wrap(
        ", ".join(map(repr, items)) + ",",
        WIDTH - 4,
        initial_indent=" " * 4,
        subsequent_indent=" " * 4,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f"{before}[", *inside, f"]{after}"]


@torch.inference_mode()
def plain_counterpart(model: nn.Module, description: Description, source: Source) -> str | None:
    """Return the architecture without SE that loads a folded network's file and says the same.

    It is the one whose name lacks the “se”, if its weights have the same names and shapes, and it
    gives the same logits with them; None where there is none. source: of the original.
    """
    whole = description.architecture
    names = {whole.replace("se", "", 1), whole.removesuffix("_se")} - {whole}
    for name in sorted(names if not description.scaled else ()):
        try:
            plain = make(name, classes=source.class_count, channels=source.input_size[0]).eval()
        except UserError:
            continue
        if shapes(plain) != shapes(model):
            continue
        plain.load_state_dict(model.state_dict())
        x = noise(source)
        if difference(plain(x), model(x)) <= TOLERANCE:
            return name
    return None
