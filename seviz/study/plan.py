"""The plan of a study: its variants, seeds, recipe and images."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.nets.variants import VARIANTS
from seviz.photos.dataset import LabelledImages
from seviz.phrases import did_you_mean
from seviz.training.recipe import Recipe

CLASSES = (  # twenty everyday classes that look unlike one another, by WordNet id
    *("n01443537", "n01910747", "n02056570", "n02099601"),  # goldfish to golden retriever
    *("n02123045", "n02129165", "n02165456", "n02279972"),  # tabby cat to monarch butterfly
    *("n02504458", "n02814860", "n04146614", "n04285008"),  # African elephant to sports car
    *("n04366367", "n04398044", "n04507155", "n07734744"),  # suspension bridge to mushroom
    *("n07747607", "n07753592", "n07873807", "n09246464"),  # orange to cliff
)


@dataclass(frozen=True)
class Plan:
    """A study: its recipe (for every variant, from every seed), variants, classes and images."""

    recipe: Recipe
    seeds: int = 3
    variants: tuple[str, ...] = tuple(VARIANTS)
    classes: tuple[str, ...] = CLASSES
    train_each: int | None = None  # images a class, None for all
    val_each: int | None = None

    def trials(self) -> list[Recipe]:
        """List the runs: all variants from seed 0, then all from seed 1, and so on."""
        return [
            replace(self.recipe, model=key, seed=seed)
            for seed in range(self.seeds)
            for key in self.variants
        ]

    def facts(self, trial: Recipe) -> dict[str, Any]:
        """Return all that a run's figures depend on; a run's file must hold the same."""
        images = {"train_each": self.train_each, "val_each": self.val_each}
        return {"recipe": asdict(trial), "classes": list(self.classes), **images}


FULL = Plan(Recipe("", epochs=6, batch=64, peak_lr=0.15, decay=3, crop=1.0, settle=1000))


def smoke_plan(classes: tuple[str, ...], seeds: int = 1) -> Plan:
    """Return a tiny study of the same variants: two steps of eight images each."""
    recipe = Recipe("", epochs=1, batch=8, peak_lr=0.01, crop=1.0, small=32, large=32, settle=8)
    return Plan(recipe, seeds, classes=classes[:4], train_each=4, val_each=2)


def make_plan(data: Path, *, seeds: int | None, only: Sequence[str], tiny: bool) -> Plan:
    """Make the plan of a command's options; a tiny study takes the first four classes of data."""
    if seeds is not None and seeds < 1:
        raise UserError(f"--seeds is {seeds}; give the runs of each variant, 1 or more.")
    if odd := sorted(set(only) - set(VARIANTS)):
        near = did_you_mean(odd[0], VARIANTS, otherwise=VARIANTS, cutoff=0.4)
        raise UserError(f"There is no variant “{odd[0]}”; {near}")
    plan = smoke_plan(LabelledImages(data, "train", hold_out=True).classes) if tiny else FULL
    return replace(plan, seeds=seeds or plan.seeds, variants=tuple(only) or plan.variants)
