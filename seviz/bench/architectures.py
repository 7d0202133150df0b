"""Tries every architecture with SE blocks of timm and torchvision, with random weights.

The weights are drawn so that gates move and every part of the network matters; what seviz reads of
the network is then compared with references that are made without its hooks (`exactness`).
"""

import gc
import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import timm
import torch
import torchvision
from torch import Tensor, nn

from seviz.bench.exactness import deviations, smallest_move
from seviz.errors import UserError
from seviz.passes.branching import Branching
from seviz.phrases import first_line
from seviz.zoo.architecture import TORCHVISION
from seviz.zoo.models import prepare
from seviz.zoo.sources import wrap

MOST_PARAMETERS = 60_000_000
# Of the square image, pixels: the first that passes is taken.
SIDES = (64, 128, 160, 192, 224, 240, 256, 288, 320, 336, 384, 512, 518)
TOLERANCE = 1e-3  # of the largest value; float noise of random networks is some 1e-6 to 1e-4
# SE blocks by the names of their classes, to count them otherwise than seviz does.
SE_CLASS = re.compile(r"SE(Module|Block|Layer)|SqueezeExc|EffectiveSE|EseModule")


@dataclass(frozen=True)
class Trial:
    """The outcome for one architecture.

    side: of the square image, pixels; blocks: its SE blocks; whole: why rows pass the whole
    network, or "" where they branch; moves: how far gates differ between two images, in the block
    where they differ least; bits: of the numbers, 64 where float noise is too large in 32;
    deviation: the largest of each comparison, as a share of the largest value; fault: why it is
    not exact, or ""; left_out: why it was not tried, or "".
    """

    name: str
    family: str = ""
    parameters: int = 0
    side: int = 0
    blocks: int = 0
    whole: str = ""
    moves: float = 0.0
    bits: int = 32
    deviation: dict[str, float] = field(default_factory=dict)
    fault: str = ""
    left_out: str = ""
    seconds: float = 0.0


def names() -> list[str]:
    """List all architectures of timm, without those that seviz adds, and torchvision's."""
    classifiers = torchvision.models.list_models(module=torchvision.models)
    theirs = [name for name in timm.list_models() if is_timms(name)]
    return [*theirs, *(TORCHVISION + name for name in classifiers)]


def is_timms(name: str) -> bool:
    """Tell whether timm itself makes an architecture."""
    home: str = timm.models.model_entrypoint(name).__module__
    return home.startswith("timm.")


def try_all(chosen: Iterable[str], state: Path) -> Iterator[Trial]:
    """Try architectures, and write each into `state`, a file of one JSON line each.

    Those that were tried before without a fault are passed over, so a run that was ended can go on.
    """
    known = {trial.name for trial in read(state) if not trial.fault}
    for name in chosen:
        if name in known:
            continue
        trial = try_one(name)
        write_line(state, asdict(trial))
        yield trial
        gc.collect()


def write_line(state: Path, outcome: dict[str, Any]) -> None:
    """Add a line of JSON to a file; UserError where it can't be written."""
    try:
        with state.open("a", encoding="utf-8") as file:
            file.write(json.dumps(outcome) + "\n")
    except OSError as error:
        raise UserError(f"{state} can't be written: {error.strerror}.") from error


def read(state: Path) -> list[Trial]:
    """Read the trials that were written, the last one of each architecture.

    A line of which only a part was written is left out.
    """
    trials: dict[str, Trial] = {}
    for line in state.read_text("utf-8").splitlines() if state.exists() else []:
        with suppress(json.JSONDecodeError):
            trial = Trial(**json.loads(line))
            trials[trial.name] = trial
    return list(trials.values())


def try_one(name: str, seed: int = 0) -> Trial:
    """Try one architecture; errors of any kind are its fault."""
    start = time.perf_counter()
    trial = Trial(name)
    try:
        with seeded(seed):
            trial = _try(name)
    except Exception as error:  # timm's networks may raise anything
        trial = replace(trial, fault=f"{type(error).__name__}: {first_line(str(error))}")
    return replace(trial, seconds=round(time.perf_counter() - start, 1))


def _try(name: str) -> Trial:
    model = make(name, device="meta")
    blocks = sum(bool(SE_CLASS.search(type(m).__name__)) for m in model.modules())
    parameters = sum(p.numel() for p in model.parameters())
    trial = Trial(name, type(model).__name__, parameters, blocks=blocks)
    if not blocks:
        return replace(trial, left_out="no SE block")
    if parameters > MOST_PARAMETERS:
        return replace(trial, left_out="more than 60 M parameters")
    model = make(name)
    try:
        side = smallest_side(model)
    except UserError as error:
        return replace(trial, fault=str(error))
    trial = replace(trial, side=side)
    try:
        wake(model, side)
        with suppress(UserError):  # float noise may look as if images influenced one another
            compared = _compare(trial, model)
            if not compared.fault or not compared.deviation:
                return compared
        return _compare(replace(trial, bits=64), Double(model))  # is it float noise?
    except Exception as error:
        return replace(trial, fault=f"{type(error).__name__}: {first_line(str(error))}")


class Double(nn.Module):
    """A network that computes in float64."""

    def __init__(self, network: nn.Module) -> None:
        """Turn a network into float64."""
        super().__init__()
        self.network, self.num_classes = network.double(), network.num_classes

    def forward(self, x: Tensor) -> Tensor:
        """Pass images."""
        logits: Tensor = self.network(x.double())
        return logits


def _compare(trial: Trial, model: nn.Module) -> Trial:
    """Compare all that is read of a network with references."""
    loaded = replace(prepare(wrap(trial.name, model)), input_size=(3, trial.side, trial.side))
    if (found := len(loaded.probe.sites)) != trial.blocks:
        return replace(trial, fault=f"{found} of {trial.blocks} SE blocks found")
    largest: dict[str, float] = {}
    for what, value in deviations(loaded, model, images(trial.side)):
        largest[what] = max(value, largest.get(what, 0.0))
    moves = smallest_move(loaded, model, images(trial.side))
    off = [f"{what} {value:.1e}" for what, value in largest.items() if not value <= TOLERANCE]
    return replace(
        trial,
        moves=moves,
        deviation=largest,
        whole=Branching.of(loaded).fault,
        fault=", ".join(off) and f"off by {', '.join(off)}",
    )


def make(name: str, device: str = "cpu") -> nn.Module:
    """Make an architecture, in eval mode, with the weights that the global generator draws.

    device: meta for one without weights; some of torchvision's constructors need the CPU, though.
    """
    if name.startswith(TORCHVISION):
        name = name.removeprefix(TORCHVISION)
        model: nn.Module = torchvision.models.get_model(name, weights=None)
        model.num_classes = 1000  # type: ignore[assignment]
    else:
        model = timm.create_model(name, device=device)
    return model.eval().requires_grad_(False)


@torch.no_grad()
def smallest_side(model: nn.Module) -> int:
    """Return the side of the smallest square image that a network takes; UserError for none."""
    error: Exception | None = None
    for side in SIDES:
        try:
            model(torch.zeros(1, 3, side, side))
        except Exception as raised:
            error = raised
        else:
            return side
    raise UserError(f"takes no square image: {type(error).__name__}: {first_line(str(error))}")


def images(side: int, count: int = 2) -> Tensor:
    """Draw images, N×3×S×S: patches of colour, with noise."""
    draw = torch.Generator().manual_seed(0)
    patches = torch.randn(count, 3, 4, 4, generator=draw)
    coarse = nn.functional.interpolate(patches, (side, side), mode="bilinear")
    return coarse + 0.3 * torch.randn(count, 3, side, side, generator=draw)


@torch.no_grad()
def wake(model: nn.Module, side: int) -> None:
    """Change fresh weights so that every part of a network matters, and its gates move.

    Constants, such as norms' weights and layer scales that start near 0, are drawn; batch norms get
    the statistics of the images; the projections of SE blocks are scaled up, to gates near 0.9.
    """
    for name, parameter in model.named_parameters():
        if parameter.min() == parameter.max():
            if name.endswith("bias"):
                parameter.normal_(0, 0.2)
            else:
                parameter.uniform_(0.4, 0.8)
    for module in model.modules():
        if SE_CLASS.search(type(module).__name__):
            drawn = [p.mul_(2) if p.dim() > 1 else p for p in module.parameters()]
            for last in drawn[-1:]:  # a bias: near 1, arms with gates at 1 let nothing grow large
                last += 2
    norms = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.train()
        norm.momentum = 1.0
    model(images(side, 8))
    for norm in norms:  # where images hardly differ, a norm would blow up float noise
        mean, variance = norm.running_mean, norm.running_var
        assert mean is not None and variance is not None
        variance.clamp_(min=0.5 * (mean.square() + variance))
    model.eval()  # all modules: some then drop what they had computed from their old weights


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw from a seed; the global generator stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield
