"""A training run: its recipe, its state between kills, and what it ships."""

import datetime
import json
import math
import pickle
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from seviz.errors import UserError
from seviz.files import atomic_write, write_whole
from seviz.measuring.hardware import hardware
from seviz.nets.embedded import ARCHITECTURE
from seviz.training.augment import Strength
from seviz.training.norms import folded
from seviz.training.rounding import rounded

IN_MEMORY = ("close", "colour", "turn", "mix", "taught")
KEPT = ("epoch", "step", "loss_sum", "images", "seconds", "history", "before")


# What the options of a run may be, from least to most; at 32 pixels the last map is 2×2.
BOUNDS = {
    "epochs": (1, math.inf),
    "decay": (1, math.inf),
    "batch": (1, math.inf),
    "peak_lr": (0, 10),
    "large": (32, 512),
    "crop": (0.01, 1),
    "close": (0, 1),
    "colour": (0, 1),
    "turn": (0, 1),
    "mix": (0, 1),
    "taught": (0, 1),
    "average": (0, 0.99999),
    "minutes": (0, 10_000),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class Recipe:
    """What a run does; it is stored with the weights."""

    model: str = ARCHITECTURE
    epochs: int = 10
    batch: int = 128
    peak_lr: float = 0.2
    warmup: float = 1.0  # epochs
    decay: int = 5  # the last epochs, in which the rate falls and the images grow
    momentum: float = 0.9
    weight_decay: float = 5e-4
    smoothing: float = 0.1
    small: int = 32  # side of the images before the decay, in pixels
    large: int = 48  # and at its end: under 64, as random crops enlarge (FixRes, arXiv 1906.06423)
    crop: float = 0.5  # least share of the image's area that a random crop keeps
    close: float = 0.0  # share of the images that are cropped down to a tenth, as close-ups are
    colour: float = 0.0  # by how much brightness, contrast and saturation vary, as a share
    turn: float = 0.0  # by how much images are turned and sheared, in radians
    mix: float = 0.0  # share of the batches whose images are mixed (mixup, CutMix)
    taught: float = 0.0  # share of the loss that the answers of the weights of --start have
    average: float = 0.0  # of the weights over steps: what it keeps of itself a step; 0: none
    head_norm: bool = False  # a norm before the classifier, which is folded into it in the end
    gate_norms: bool = False  # norms after W₁ of the SE blocks, folded into it in the end
    minutes: float = 0.0  # that the run may take in all; 0: as long as its epochs take
    settle: int = 6400  # images for the norms' last statistics
    seed: int = 0
    bfloat16: bool = False
    compiled: bool = False  # by torch.compile, which rounds otherwise than step by step
    start: str = ""  # fingerprint of the weights that it starts from; empty: from nothing

    def check(self) -> None:
        """Refuse options that nothing can be trained with, by a UserError that names one."""
        for name, (least, most) in BOUNDS.items():
            if not least <= (value := getattr(self, name)) <= most:  # NaN is refused as well
                option = "--" + name.replace("_", "-")
                to = f" to {most}" if most < math.inf else " or more"
                raise UserError(f"{option} is {value}; give {least}{to}.")

    @property
    def strength(self) -> Strength:
        """How much images are varied."""
        return Strength(self.crop, self.close, self.colour, self.turn)

    @property
    def of_memory(self) -> tuple[str, ...]:
        """Name the options in use that need the images in memory."""
        return tuple(name for name in IN_MEMORY if getattr(self, name))

    @property
    def steady(self) -> int:
        """Epochs before the decay: up to their end, a run's length may still be changed."""
        return max(self.epochs - self.decay, 0)

    def lr(self, epoch: float) -> float:
        """Learning rate at a moment of the run: linear warm-up, constant, linear decay to 0."""
        left = (self.epochs - epoch) / min(self.decay, self.epochs)
        return self.peak_lr * min(1.0, epoch / self.warmup, left)

    def side(self, epoch: float) -> int:
        """Image side of an epoch, in multiples of 8: `small`, growing late in the decay."""
        progress = max(int(epoch) + 1 - self.steady, 0) / (self.epochs - self.steady)
        return 8 * round((self.small + (self.large - self.small) * progress**2) / 8)


def recipe_from(options: Mapping[str, Any]) -> Recipe:
    """Make a recipe of what options name, whatever else they hold; none is the recipe's own value.

    UserError where nothing can be trained with them.
    """
    named = {f.name: options.get(f.name) for f in fields(Recipe)}
    recipe = Recipe(**{name: value for name, value in named.items() if value is not None})
    recipe.check()
    return recipe


@dataclass
class Run:
    """State of a run: what a checkpoint holds."""

    recipe: Recipe
    classes: tuple[str, ...]
    model: nn.Module
    optimizer: torch.optim.Optimizer
    epoch: int = 0
    step: int = 0  # within the epoch
    loss_sum: Tensor | float = 0.0  # over the epoch's steps so far
    images: int = 0  # that steps were taken on, all epochs together
    seconds: float = 0.0  # used so far, over all resumptions, reading and measuring included
    history: list[dict[str, float]] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)  # facts of the run that it starts from
    average: AveragedModel | None = None  # of the weights, where the recipe wants one

    def __post_init__(self) -> None:
        """Begin the average of the weights."""
        if self.recipe.average:
            averaging = get_ema_multi_avg_fn(self.recipe.average)  # type: ignore[no-untyped-call]
            self.average = AveragedModel(self.model, multi_avg_fn=averaging)

    @property
    def finished(self) -> bool:
        """Tell whether the network has been measured, which comes last."""
        return bool(self.history) and "top1" in self.history[-1]

    def save(self, path: Path) -> None:
        """Write the checkpoint beside its old version, then swap: a kill leaves one of them."""
        state = {key: getattr(self, key) for key in KEPT} | {"loss_sum": float(self.loss_sum)}
        state |= {"recipe": asdict(self.recipe), "classes": list(self.classes)}
        state |= {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        state |= {"average": self.average.state_dict()} if self.average else {}
        state |= {"torch_rng": torch.get_rng_state()}
        with atomic_write(path) as fresh:
            torch.save(state, fresh)

    def load(self, path: Path, earlier: Path) -> None:
        """Go on from a checkpoint, or from an earlier one where the run's length was changed.

        UserError where it is damaged, or both are of another recipe or other classes.
        """
        state = read_checkpoint(path)
        if not self._may_resume(state) and earlier.exists():
            state = read_checkpoint(earlier)
        if not self._may_resume(state):
            raise UserError(
                f"{path} belongs to another recipe or data set; give its options again, "
                "or another --run."
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.average:
            self.average.load_state_dict(state["average"])
        torch.set_rng_state(state["torch_rng"])
        for key in KEPT:
            setattr(self, key, state[key])

    def _may_resume(self, state: dict[str, Any]) -> bool:
        """Tell whether this run would have come by that state; its length shows in the decay."""
        theirs = Recipe(**state["recipe"])
        reached = state["epoch"] + (state["step"] > 0)
        if reached <= min(theirs.steady, self.recipe.steady):
            theirs = replace(theirs, epochs=self.recipe.epochs)
        return theirs == self.recipe and state["classes"] == list(self.classes)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read what `Run.save` wrote, tensors on the CPU; UserError where it is not that."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        state["recipe"], state["classes"], state["model"]
    except (RuntimeError, EOFError, pickle.UnpicklingError, KeyError, OSError) as error:
        raise UserError(
            f"{path} is not a checkpoint of a run; delete it to start again."
        ) from error
    return state


def finish(folder: Path, out: Path) -> None:
    """Write a finished run as OUT/MODEL.safetensors, with its recipe and figures as .json.

    Weights with more than one axis are stored in float16, the rest (norms, biases) in float32.
    The classes are kept in OUT/classes.tsv with their names; a file that is there stays, as its
    names may be better ones, but it must hold the same classes.
    """
    state = read_checkpoint(folder / "last.pt")
    name = state["recipe"]["model"]
    out.mkdir(parents=True, exist_ok=True)
    _keep_classes(out / "classes.tsv", state["classes"])
    made = timm.create_model(name, device="meta", num_classes=len(state["classes"]))
    weights = rounded(folded(state["model"]))
    # Not save_file, whose files nobody else may read.
    write_whole(out / f"{name}.safetensors", save(weights, {"format": "pt"}))
    facts = {
        "recipe": state["recipe"],
        "history": state["history"],
        "parameters": sum(p.numel() for p in made.parameters()),
        "images": state["images"],
        "minutes": round(state["seconds"] / 60, 1),
        "date": datetime.date.today().isoformat(),
        "torch": torch.__version__,
        "hardware": hardware(),
    }
    facts |= {"before": state["before"]} if state["before"] else {}
    (out / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def _keep_classes(path: Path, classes: list[str]) -> None:
    if not path.exists():
        path.write_text("".join(f"{name}\t{name}\n" for name in classes), "utf-8")
    elif [row.split("\t")[0] for row in path.read_text("utf-8").splitlines()] != classes:
        raise UserError(f"{path} holds the classes of another network; give another --out.")
