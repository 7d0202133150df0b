"""Weights in two shards with their index, as Hugging Face's libraries write them."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"


def write_shards(folder: Path, weights: dict[str, torch.Tensor]) -> Path:
    """Write weights as two shards into a folder; returns their index."""
    names = list(weights)
    halves = {FIRST: names[: len(names) // 2], SECOND: names[len(names) // 2 :]}
    for shard, held in halves.items():
        save_file({name: weights[name] for name in held}, folder / shard)
    total = sum(value.nbytes for value in weights.values())
    weight_map = {name: shard for shard, held in halves.items() for name in held}
    return write_index(folder, weight_map, total)


def write_index(folder: Path, weight_map: object, total: int = 0) -> Path:
    """Write an index of shards into a folder; returns its file."""
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": weight_map}))
    return index
