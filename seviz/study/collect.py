"""Collection of a study's finished runs into one file of results and the best weights."""

import json
import os
from pathlib import Path
from statistics import fmean
from typing import Any

import torch

from seviz.errors import UserError
from seviz.files import make_folder, write_whole
from seviz.measuring.measure import multiply_adds
from seviz.nets.variants import SIDE, VARIANTS
from seviz.study.plan import Plan
from seviz.study.run_store import is_finished, read_result, weights_file


def collect(plan: Plan, folder: Path, out: Path) -> None:
    """Write OUT/study.json and OUT/lab/KEY.safetensors from a study's folder.

    UserError where a run is missing. Of each variant the seed with the highest top-1 ships.
    """
    runs: dict[str, list[dict[str, Any]]] = {key: [] for key in VARIANTS}
    for trial in plan.trials():
        if not is_finished(plan, trial, folder):
            raise UserError(f"The run {trial.model}-{trial.seed} is not finished; start it again.")
        runs[trial.model].append(read_result(folder, trial))
    make_folder(out / "lab")
    variants = {key: _variant(plan, key, of_key) for key, of_key in runs.items()}
    for trial in plan.trials():
        if trial.seed == variants[trial.model]["shipped_seed"]:
            weights = weights_file(folder, trial).read_bytes()
            write_whole(out / "lab" / f"{trial.model}.safetensors", weights)
    every = [run for of_key in runs.values() for run in of_key]
    results = {"about": _about(plan, every), "classes": list(plan.classes), "variants": variants}
    write_whole(out / "study.json", f"{json.dumps(results, indent=1)}\n".encode())


def _variant(plan: Plan, key: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Gather a variant's figures over its seeds and count its cost."""
    model = VARIANTS[key].build(len(plan.classes)).eval()
    best = max(range(len(runs)), key=lambda seed: runs[seed]["top1"])  # the first of equals
    top1 = [run["top1"] for run in runs]
    return {
        "title": VARIANTS[key].title,
        "top1": top1,
        "top5": [run["top5"] for run in runs],
        "loss": [run["loss"] for run in runs],
        "seconds": [run["seconds"] for run in runs],
        "mean": fmean(top1),
        "spread": torch.tensor(top1, dtype=torch.float64).std().item() if len(top1) > 1 else None,
        "parameters": sum(p.numel() for p in model.parameters()),
        "macs": multiply_adds(model, (3, SIDE, SIDE)),
        "shipped_seed": best,
        "temperature": runs[best]["temperature"],
    }


def _about(plan: Plan, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the facts that all runs have in common."""
    recipe = {k: v for k, v in runs[0]["recipe"].items() if k not in ("model", "seed")}
    return {
        "recipe": recipe,
        "seeds": plan.seeds,
        "train_images": runs[0]["train_images"],
        "val_images": runs[0]["val_images"],
        "threads": 1,
        "cores": os.cpu_count(),
        "torch": sorted({run["torch"] for run in runs}),
        "dates": sorted({run["date"] for run in runs}),
        "hours": round(sum(run["seconds"] for run in runs) / 3600, 2),  # of all runs, one by one
    }
