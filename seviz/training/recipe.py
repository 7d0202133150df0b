"""A training run: its recipe, its checkpoints, and the export of its weights."""

import datetime
import io
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

import seviz.nets.registry  # noqa: F401 - timm then knows those that ship
from seviz.errors import UserError
from seviz.files import make_folder, write_whole
from seviz.measuring.hardware import hardware
from seviz.nets.embedded import ARCHITECTURE
from seviz.training.augment import Strength
from seviz.training.norms import fold_norms
from seviz.training.rounding import round_weights

MEMORY_OPTIONS = ("close", "colour", "turn", "mix", "taught")
STORED_FIELDS = ("epoch", "step", "loss_sum", "images", "seconds", "history", "before")


# The least and the greatest value of each option; at 32 pixels the last feature map is 2×2.
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
    """The options of a run; they are stored with the weights."""

    model: str = ARCHITECTURE
    epochs: int = 10
    batch: int = 128
    peak_lr: float = 0.2
    warmup: float = 1.0  # epochs
    decay: int = 5  # number of last epochs, in which the rate falls and the images grow
    momentum: float = 0.9
    weight_decay: float = 5e-4
    smoothing: float = 0.1
    small: int = 32  # side of the images before the decay, in pixels
    large: int = 48  # and at its end: below 64, as random crops enlarge (FixRes, arXiv 1906.06423)
    crop: float = 0.5  # least share of the image's area that a random crop keeps
    close: float = 0.0  # share of the images that are cropped down to a tenth, like close-ups
    colour: float = 0.0  # by how much brightness, contrast and saturation vary, as a share
    turn: float = 0.0  # by how much images are turned and sheared, in radians
    mix: float = 0.0  # share of the batches whose images are mixed (mixup, CutMix)
    taught: float = 0.0  # share of the loss measured against the answers of the weights of --start
    average: float = 0.0  # decay per step of the moving average of the weights; 0: no average
    head_norm: bool = False  # a norm before the classifier, folded into its weights at the end
    gate_norms: bool = False  # norms after W₁ of the SE blocks, folded into its weights at the end
    minutes: float = 0.0  # time limit of the whole run; 0: none, the epochs count
    settle: int = 6400  # images for the norms' last statistics
    seed: int = 0
    bfloat16: bool = False
    compiled: bool = False  # by torch.compile, whose rounding differs
    start: str = ""  # fingerprint of the weights that it starts from; empty: random weights

    def check(self) -> None:
        """Raise a UserError for the first option that is out of bounds."""
        for name, (least, most) in BOUNDS.items():
            if not least <= (value := getattr(self, name)) <= most:  # NaN is refused as well
                option = "--" + name.replace("_", "-")
                to = f" to {most}" if most < math.inf else " or more"
                raise UserError(f"{option} is {value}; give {least}{to}.")

    @property
    def strength(self) -> Strength:
        """How strongly images are augmented."""
        return Strength(self.crop, self.close, self.colour, self.turn)

    @property
    def memory_options(self) -> tuple[str, ...]:
        """The options in use that need the images in memory."""
        return tuple(name for name in MEMORY_OPTIONS if getattr(self, name))

    @property
    def epochs_before_decay(self) -> int:
        """Epochs at a constant rate, until whose end a run's number of epochs may be changed."""
        return max(self.epochs - self.decay, 0)

    def lr(self, epoch: float) -> float:
        """Learning rate at a position in epochs: linear warm-up, constant, linear decay to 0."""
        left = (self.epochs - epoch) / min(self.decay, self.epochs)
        return self.peak_lr * min(1.0, epoch / self.warmup, left)

    def side(self, epoch: float) -> int:
        """Image side of an epoch, in multiples of 8: `small`, growing late in the decay."""
        progress = max(int(epoch) + 1 - self.epochs_before_decay, 0) / (
            self.epochs - self.epochs_before_decay
        )
        return 8 * round((self.small + (self.large - self.small) * progress**2) / 8)


def recipe_from(options: Mapping[str, Any]) -> Recipe:
    """Make a recipe of options by name; None and missing ones take defaults, others are ignored.

    UserError where a value is out of bounds.
    """
    named = {f.name: options.get(f.name) for f in fields(Recipe)}
    recipe = Recipe(**{name: value for name, value in named.items() if value is not None})
    recipe.check()
    return recipe


@dataclass
class Run:
    """The state of a run, which a checkpoint stores."""

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
        """Make the moving average of the weights, where the recipe wants one."""
        if self.recipe.average:
            averaging = get_ema_multi_avg_fn(self.recipe.average)  # type: ignore[no-untyped-call]
            self.average = AveragedModel(self.model, multi_avg_fn=averaging)

    @property
    def finished(self) -> bool:
        """Tell whether the network has been measured, which is the last part of a run."""
        return bool(self.history) and "top1" in self.history[-1]

    def save(self, path: Path) -> None:
        """Write a checkpoint in one step, so that a kill leaves the old or the new one."""
        state = {key: getattr(self, key) for key in STORED_FIELDS} | {
            "loss_sum": float(self.loss_sum)
        }
        state |= {"recipe": asdict(self.recipe), "classes": list(self.classes)}
        state |= {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        state |= {"average": self.average.state_dict()} if self.average else {}
        state |= {"torch_rng": torch.get_rng_state()}
        content = io.BytesIO()
        torch.save(state, content)  # to a full disk it would raise an error of its own kind
        write_whole(path, content.getvalue())

    def load(self, path: Path, earlier: Path) -> None:
        """Load a checkpoint, or an earlier one where the number of epochs was changed since.

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
        for key in STORED_FIELDS:
            setattr(self, key, state[key])

    def _may_resume(self, state: dict[str, Any]) -> bool:
        """Tell whether a state is one of this run.

        Before the decay, runs that differ in the number of epochs alone have the same states.
        """
        theirs = Recipe(**state["recipe"])
        reached = state["epoch"] + (state["step"] > 0)
        if reached <= min(theirs.epochs_before_decay, self.recipe.epochs_before_decay):
            theirs = replace(theirs, epochs=self.recipe.epochs)
        return theirs == self.recipe and state["classes"] == list(self.classes)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint, tensors on the CPU; UserError where the file is none."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        state["recipe"], state["classes"], state["model"]
    except (RuntimeError, EOFError, pickle.UnpicklingError, KeyError, OSError) as error:
        raise UserError(
            f"{path} is not a checkpoint of a run; delete it to start again."
        ) from error
    return state


def export_run(folder: Path, out: Path) -> None:
    """Write a finished run as OUT/MODEL.safetensors, with its recipe and figures as .json.

    Weights with more than one axis are stored in float16, the rest (norms, biases) in float32.
    The classes are written to OUT/classes.tsv. An existing file stays, as a user may have written
    better names, but it must hold the same classes.
    """
    state = read_checkpoint(folder / "last.pt")
    name = state["recipe"]["model"]
    make_folder(out)
    _write_classes(out / "classes.tsv", state["classes"])
    model = timm.create_model(name, device="meta", num_classes=len(state["classes"]))
    weights = round_weights(fold_norms(state["model"]))
    # Not save_file, whose files only their owner may read.
    write_whole(out / f"{name}.safetensors", save(weights, {"format": "pt"}))
    facts = {
        "recipe": state["recipe"],
        "history": state["history"],
        "parameters": sum(p.numel() for p in model.parameters()),
        "images": state["images"],
        "minutes": round(state["seconds"] / 60, 1),
        "date": datetime.date.today().isoformat(),
        "torch": torch.__version__,
        "hardware": hardware(),
    }
    facts |= {"before": state["before"]} if state["before"] else {}
    write_whole(out / f"{name}.json", f"{json.dumps(facts, indent=1)}\n".encode())


def _write_classes(path: Path, classes: list[str]) -> None:
    if not path.exists():
        write_whole(path, "".join(f"{name}\t{name}\n" for name in classes).encode())
    elif [row.split("\t")[0] for row in path.read_text("utf-8").splitlines()] != classes:
        raise UserError(f"{path} holds the classes of another network; give another --out.")
