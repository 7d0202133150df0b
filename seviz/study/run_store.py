"""The finished runs of a study: a small file each, in the study's folder.

Files are written in one step, so none is ever incomplete.
"""

import datetime
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from tqdm import tqdm

from seviz.errors import UserError
from seviz.files import write_whole
from seviz.study.plan import Plan
from seviz.study.training_run import Images, train_and_measure
from seviz.training.decoded import decode, images_of_classes, load_decoded, save_decoded
from seviz.training.recipe import Recipe
from seviz.training.rounding import round_weights


def is_finished(plan: Plan, trial: Recipe, folder: Path) -> bool:
    """Tell whether a run is finished; UserError where its file belongs to another plan."""
    if not _file(folder, trial).exists():
        return False
    facts = read_result(folder, trial)
    if any(facts.get(key) != value for key, value in plan.facts(trial).items()):
        raise UserError(
            f"{_file(folder, trial)} is a run of another study; give its options again, "
            "or another --run."
        )
    return True


def read_result(folder: Path, trial: Recipe) -> dict[str, Any]:
    """Read a finished run's facts."""
    path = _file(folder, trial)
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} can't be read; delete it to repeat the run.") from error
    return facts


def weights_file(folder: Path, trial: Recipe) -> Path:
    """Return the file of a run's weights: safetensors, in float16 but for norms and biases."""
    return folder / f"{run_name(trial)}.safetensors"


def _file(folder: Path, trial: Recipe) -> Path:
    return folder / f"{run_name(trial)}.json"


def run_name(trial: Recipe) -> str:
    """Return a run's name, its variant and seed."""
    return f"{trial.model}-{trial.seed}"


def run_trial(
    plan: Plan, trial: Recipe, folder: Path, *, images: Images, step: Callable[[], None]
) -> None:
    """Do one run and write its files: the weights, then the facts, which mark it as finished.

    step: called before each training step.
    """
    start = time.monotonic()
    outcome = train_and_measure(trial, images, step)
    weights = save(round_weights(outcome.model.state_dict()), {"format": "pt"})
    write_whole(weights_file(folder, trial), weights)
    figures = {key: getattr(outcome, key) for key in ("loss", "top1", "top5", "temperature")}
    facts = plan.facts(trial) | figures
    facts |= {"seconds": round(time.monotonic() - start, 1), "threads": torch.get_num_threads()}
    facts |= {"train_images": len(images.train), "val_images": len(images.val)}
    facts |= {"date": datetime.date.today().isoformat(), "torch": torch.__version__}
    write_whole(_file(folder, trial), f"{json.dumps(facts, indent=1)}\n".encode())


def decode_once(plan: Plan, data: Path, folder: Path) -> None:
    """Decode the plan's images into the folder, unless they are there."""
    for split, each in (("train", plan.train_each), ("val", plan.val_each)):
        path = _images_file(plan, folder, split)
        if not path.exists():
            images = images_of_classes(data, split, plan.classes, each=each)
            for note in images.notes():
                tqdm.write(note)
            save_decoded(path, decode(images))


def read_images(plan: Plan, folder: Path) -> Images:
    """Read the plan's decoded images."""
    train, val = (load_decoded(_images_file(plan, folder, split)) for split in ("train", "val"))
    return Images(train, val, plan.classes)


def _images_file(plan: Plan, folder: Path, split: str) -> Path:
    """Return the file of a split's images; its name depends on the classes and numbers."""
    what = json.dumps([plan.classes, plan.train_each, plan.val_each])
    return folder / f"images-{split}-{hashlib.sha256(what.encode()).hexdigest()[:8]}.safetensors"
