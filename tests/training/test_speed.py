from pathlib import Path

import torch

from seviz.training import speed


def test_both_epochs_learn_from_the_same_images(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(speed, "STEPS", 2)
    monkeypatch.setitem(speed.BATCH, "cpu", 4)
    seen: list[tuple[int, ...]] = []
    learn = speed.training_step

    def training_step(forward, optimizer, batch, *, recipe):
        seen.append(tuple(batch.images.shape))
        return learn(forward, optimizer, batch, recipe=recipe)

    monkeypatch.setattr(speed, "training_step", training_step)
    memory, disk = speed.make_epochs(tmp_path, torch.device("cpu"), bfloat16=False)
    memory()
    assert seen == [(4, 3, 32, 32)] * 2
    disk()
    assert seen == [(4, 3, 32, 32)] * 4
    assert len(list((tmp_path / "train" / "noise").iterdir())) == 8
