import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import timm
import torch
from made_sets import write_cifar
from networks import randn, random_network
from PIL import Image
from safetensors.torch import load_file

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.measuring.as_upload import AsPhotograph
from seviz.photos.dataset import LabelledImages
from seviz.photos.sources import Access, open_set
from seviz.training import train as lab
from seviz.training.decoded import decode
from seviz.training.feed import Batch
from seviz.training.recipe import Recipe, export_run
from seviz.training.train import train

TINY = Recipe("lab_resnet_se", epochs=2, batch=8, small=16, large=16, peak_lr=0.05)
SLIM = replace(TINY, model="seresnet50_slim")  # what `export_run` ships


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Two classes, a bright and a dark one: 24 images to train on, 8 to measure."""
    root, noise = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for split, count in (("train", 12), ("val", 4)):
        for name, level in (("bright", 170), ("dark", 20)):
            folder = root / split / name
            folder.mkdir(parents=True)
            for i in range(count):
                pixels = noise.integers(level, level + 60, (20, 20, 3)).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{i}.png")
    return root


def losses(run) -> list[float]:
    return [news.loss for news in run]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / "last.pt", weights_only=True)["model"]


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(a[k], b[k]) for k in a)


def test_a_run_repeats_and_one_that_was_killed_goes_on_as_if_it_had_not_been(
    data: Path, tmp_path: Path, monkeypatch
):
    expected = losses(train(TINY, data, tmp_path / "whole"))
    assert len(expected) == 2 * (3 + 1)  # 24 images in batches of 8, then the epoch's end
    assert losses(train(TINY, data, tmp_path / "again")) == expected

    monkeypatch.setattr(lab, "SAVE_SECONDS", 0.0)
    killed = train(TINY, data, tmp_path / "killed")
    assert losses(islice(killed, 2)) == expected[:2]
    killed.close()  # as by a signal, after two steps of the first epoch
    assert losses(train(TINY, data, tmp_path / "killed")) == expected[2:]
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "killed"))


def test_a_finished_run_has_nothing_left_to_do_and_ships_its_weights(data: Path, tmp_path: Path):
    last = list(train(SLIM, data, tmp_path / "run"))[-1]
    assert list(train(SLIM, data, tmp_path / "run")) == []
    export_run(tmp_path / "run", tmp_path / "out")
    shipped = load_file(tmp_path / "out" / "seresnet50_slim.safetensors")
    trained = weights(tmp_path / "run")
    assert shipped["conv1.weight"].dtype == torch.float16
    assert shipped["bn1.running_var"].dtype == torch.float32
    assert torch.equal(shipped["fc.weight"], trained["fc.weight"].half())
    facts = json.loads((tmp_path / "out" / "seresnet50_slim.json").read_text())
    assert facts["history"][-1] == last.epoch_end
    assert facts["recipe"]["seed"] == 0
    names = tmp_path / "out" / "classes.tsv"
    assert names.read_text() == "bright\tbright\ndark\tdark\n"
    names.write_text("bright\tsunny\ndark\tcloudy\n")
    export_run(tmp_path / "run", tmp_path / "out")
    assert "sunny" in names.read_text()  # better names stay
    names.write_text("cat\tcat\n")
    with pytest.raises(UserError, match="holds the classes of another network"):
        export_run(tmp_path / "run", tmp_path / "out")


def test_the_norms_end_with_the_statistics_of_whole_images_half_of_them_as_photographs(
    data: Path, tmp_path: Path
):
    list(train(SLIM, data, tmp_path))
    images = LabelledImages(data, "train")
    model = random_network("seresnet50_slim", num_classes=2)
    model.load_state_dict(weights(tmp_path))
    config = timm.data.resolve_model_data_config(model)
    see = timm.data.create_transform(**config)
    order = torch.randperm(24, generator=torch.Generator().manual_seed(SLIM.seed)).tolist()
    seen = []
    for turn, index in enumerate(order):  # SLIM.settle takes them all
        images.transform = AsPhotograph(see) if turn % 2 else see
        seen.append(images[index][0])
    with torch.inference_mode():
        x = model.conv1(torch.stack(seen))
    batches_of_8 = x.unflatten(0, (3, 8))
    torch.testing.assert_close(model.bn1.running_mean, batches_of_8.mean((0, 1, 3, 4)))
    torch.testing.assert_close(model.bn1.running_var, batches_of_8.var((1, 3, 4)).mean(0))


def test_it_learns(data: Path, tmp_path: Path):
    recipe = Recipe(TINY.model, epochs=4, batch=4, small=16, large=16, peak_lr=0.02)
    *_, last = train(recipe, data, tmp_path)
    assert last.epoch_end is not None
    assert last.epoch_end["loss"] < 0.5  # ln 2 = 0.69 is ignorance
    assert last.epoch_end["top1"] > 0.8


def test_another_recipe_does_not_go_on_from_this_checkpoint(data: Path, tmp_path: Path):
    list(train(TINY, data, tmp_path))
    for other in (replace(TINY, epochs=3), replace(TINY, seed=1)):
        with pytest.raises(UserError, match="belongs to another recipe or data set"):
            next(train(other, data, tmp_path))


def test_a_runs_length_may_change_before_its_rate_decays(data: Path, tmp_path: Path):
    short, long = (replace(TINY, epochs=n, decay=1) for n in (2, 3))
    expected = losses(train(long, data, tmp_path / "long"))
    losses(train(short, data, tmp_path / "short"))
    assert losses(train(long, data, tmp_path / "short")) == expected[4:]
    assert same(weights(tmp_path / "long"), weights(tmp_path / "short"))


def test_a_compiled_run_is_the_same_and_compiles_only_what_it_trains(data: Path, tmp_path: Path):
    sides: list[int] = []

    def as_it_stands(graph, inputs):  # what a compiler is given, run step by step
        sides.extend(x.shape[-1] for x in inputs if x.shape[:2] == (TINY.batch, 3))
        return graph

    short = replace(TINY, epochs=1)
    expected = losses(train(short, data, tmp_path / "plain"))
    with torch.compiler.set_stance(force_backend=as_it_stands):
        found = losses(train(replace(short, compiled=True), data, tmp_path / "compiled"))
    assert found == pytest.approx(expected, rel=1e-5)
    assert set(sides) == {16}  # not 64, at which the norms are settled


def test_compiling_without_a_compiler_gets_one_sentence(data: Path, tmp_path: Path):
    def no_compiler(graph, inputs):
        raise RuntimeError("No working C++ compiler found")

    with (
        torch.compiler.set_stance(force_backend=no_compiler),
        pytest.raises(UserError, match=r"--compiled found no working compiler"),
    ):
        next(train(replace(TINY, compiled=True), data, tmp_path))


def test_splits_of_different_classes_are_refused(data: Path, tmp_path: Path):
    for split, names in (("train", "ab"), ("val", "ac")):
        for name in names:
            (tmp_path / split / name).mkdir(parents=True)
            Image.new("RGB", (8, 8)).save(tmp_path / split / name / "0.png")
    with pytest.raises(UserError, match="need the same classes; see b"):
        next(train(TINY, tmp_path, tmp_path / "run"))


def test_images_that_are_held_out_are_said_and_what_is_left_out(tmp_path: Path, capsys):
    for name in "ab":
        (tmp_path / "data" / name).mkdir(parents=True)
        for i in range(11):
            Image.new("RGB", (8, 8), (i, i, i)).save(tmp_path / "data" / name / f"{i:02}.png")
    (tmp_path / "data" / "a" / "notes.txt").touch()
    next(train(replace(TINY, batch=18), tmp_path / "data", tmp_path / "run"))
    said = capsys.readouterr().out.splitlines()
    held_out = (
        f"{tmp_path}/data has no folders train and val, so every tenth image of a class is held "
        "out to measure with; "
    )
    assert said[:3] == [
        f"{held_out}“train” has 18 images.",
        "Left out: 1 file (a/notes.txt): no picture by its ending.",
        f"{held_out}“val” has 4 images.",
    ]


def test_an_unreadable_image_ends_the_run_with_its_name_alone(tmp_path: Path):
    for split in ("train", "val"):
        (tmp_path / split / "a").mkdir(parents=True)
        (tmp_path / split / "a" / "broken.png").write_bytes(b"no picture")
    recipe = Recipe(TINY.model, epochs=1, batch=1)
    with pytest.raises(UserError) as caught:
        next(train(recipe, tmp_path, tmp_path / "run"))
    assert str(caught.value).startswith(
        f"{tmp_path}/train/a/broken.png: This file is not a picture that can be read here"
    )


def test_a_damaged_checkpoint_gets_one_sentence_also_beside_an_earlier_one(
    data: Path, tmp_path: Path
):
    list(train(replace(TINY, decay=1), data, tmp_path))
    assert (tmp_path / "steady.pt").exists()
    (tmp_path / "last.pt").write_bytes(b"nothing")
    with pytest.raises(UserError, match=r"last\.pt is not a checkpoint of a run; delete it"):
        next(train(TINY, data, tmp_path))


def test_an_unknown_network_is_refused(data: Path, tmp_path: Path):
    with pytest.raises(UserError, match="--model foo is not an architecture of timm"):
        next(train(replace(TINY, model="foo"), data, tmp_path))


def test_less_than_one_batch_is_refused(data: Path, tmp_path: Path):
    with pytest.raises(UserError, match="24 images to train on, less than one batch of 128"):
        next(train(Recipe(TINY.model), data, tmp_path))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["--epochs", "0"], "--epochs is 0; give 1 or more."),
        (["--decay", "0"], "--decay is 0; give 1 or more."),
        (["--batch", "0"], "--batch is 0; give 1 or more."),
        (["--peak-lr", "nan"], "--peak-lr is nan; give 0 to 10."),
        (["--large", "0"], "--large is 0; give 32 to 512."),
        (["--crop", "1.5"], "--crop is 1.5; give 0.01 to 1."),
        (["--seed", "-1"], "--seed is -1; give 0 to 2147483647."),
    ],
)
def test_numbers_that_nothing_can_be_trained_with_are_refused(
    data: Path, tmp_path: Path, capsys, wrong: list[str], sentence: str
):
    run = tmp_path / "run"
    assert main(["train", "--data", str(data), "--run", str(run), *wrong]) == 2
    assert sentence in capsys.readouterr().err
    assert not run.exists()


def test_the_least_that_may_be_named_can_be_trained_with(data: Path, tmp_path: Path):
    least = ["--epochs=1", "--decay=1", "--batch=1", "--peak-lr=0", "--large=32", "--crop=0.01"]
    assert main(["train", "--data", str(data), "--run", str(tmp_path / "run"), *least]) == 0
    assert weights(tmp_path / "run")


def test_a_run_may_start_from_shipped_weights_and_keeps_their_facts(data: Path, tmp_path: Path):
    list(train(SLIM, data, tmp_path / "first"))
    export_run(tmp_path / "first", tmp_path / "out")
    start = tmp_path / "out" / "seresnet50_slim.safetensors"
    nothing_learnt = replace(SLIM, epochs=1, seed=1, peak_lr=0.0)
    list(train(nothing_learnt, data, tmp_path / "second", start=start))
    kept, began = weights(tmp_path / "second"), load_file(start)
    assert torch.equal(kept["conv1.weight"], began["conv1.weight"].float())
    export_run(tmp_path / "second", tmp_path / "out")
    facts = json.loads((tmp_path / "out" / "seresnet50_slim.json").read_text())
    assert facts["before"]["recipe"]["seed"] == 0
    assert len(facts["recipe"]["start"]) == 16
    with pytest.raises(UserError, match="does not fit SlimResNet"):
        next(train(replace(SLIM, model="resnet50_slim"), data, tmp_path / "other", start=start))


def test_images_that_memory_cannot_hold_are_read_anew_each_epoch(
    data: Path, tmp_path: Path, monkeypatch, capsys
):
    monkeypatch.setattr(lab, "fits", lambda count, where: False)
    list(train(replace(TINY, epochs=1, close=0.1), data, tmp_path))
    said = capsys.readouterr().out
    assert "24 images don't fit into memory, so each epoch reads them anew." in said
    assert "leaves out --close" in said
    assert weights(tmp_path)


def test_a_run_of_minutes_ends_in_time_and_is_measured(data: Path, tmp_path: Path, monkeypatch):
    """On a clock that goes on by a second each time it is read: 18 of them for training."""
    ticks = iter(range(10_000))
    clock = SimpleNamespace(monotonic=lambda: float(next(ticks)))  # threads read the true one
    monkeypatch.setattr("seviz.training.clock.time", clock)
    monkeypatch.setattr("seviz.training.conclude.Ending.seconds", lambda *_: 12.0)
    news = list(train(replace(TINY, minutes=0.5), data, tmp_path, began=0.0))
    assert news[-1].epoch_end is not None
    assert "top1" in news[-1].epoch_end
    assert 2 < sum(one.epoch_end is None for one in news) < 18
    assert list(train(replace(TINY, minutes=0.5), data, tmp_path)) == []


def test_a_killed_run_of_minutes_keeps_the_time_that_it_used(
    data: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(lab, "SAVE_SECONDS", 0.0)
    recipe = replace(TINY, minutes=5.0)
    killed = train(recipe, data, tmp_path)
    next(killed), next(killed)
    killed.close()
    used = torch.load(tmp_path / "last.pt", weights_only=True)["seconds"]
    assert used > 0
    went_on = train(recipe, data, tmp_path)
    next(went_on)
    went_on.close()
    assert torch.load(tmp_path / "last.pt", weights_only=True)["seconds"] > used


def test_averaged_weights_are_what_is_measured_and_shipped_and_survive_a_kill(
    data: Path, tmp_path: Path, monkeypatch
):
    recipe = replace(TINY, epochs=1, average=0.9)
    expected = losses(train(recipe, data, tmp_path / "whole"))
    plain = losses(train(replace(recipe, average=0.0), data, tmp_path / "plain"))
    assert plain == expected  # the average changes nothing of the training
    assert not same(weights(tmp_path / "whole"), weights(tmp_path / "plain"))
    monkeypatch.setattr(lab, "SAVE_SECONDS", 0.0)
    killed = train(recipe, data, tmp_path / "killed")
    next(killed), next(killed)
    killed.close()
    losses(train(recipe, data, tmp_path / "killed"))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "killed"))


def test_norms_of_training_are_folded_into_what_ships(data: Path, tmp_path: Path):
    normed = replace(SLIM, head_norm=True, gate_norms=True)
    list(train(normed, data, tmp_path / "run"))
    kept = weights(tmp_path / "run")
    assert "global_pool.0.weight" in kept
    export_run(tmp_path / "run", tmp_path / "out")
    shipped = load_file(tmp_path / "out" / "seresnet50_slim.safetensors")
    assert "global_pool.0.weight" not in shipped
    assert "layer1.0.se.bn.weight" in kept
    assert "layer1.0.se.bn.weight" not in shipped
    bare = random_network("seresnet50_slim", num_classes=2)
    bare.load_state_dict({k: v.float() for k, v in shipped.items()})
    assert list(train(normed, data, tmp_path / "run")) == []  # done
    onward = replace(normed, epochs=1, seed=1, peak_lr=0.0)
    start = tmp_path / "out" / "seresnet50_slim.safetensors"
    list(train(onward, data, tmp_path / "second", start=start))
    assert torch.equal(weights(tmp_path / "second")["fc.weight"], bare.fc.weight)


def test_a_mixed_batch_is_learnt_as_both_its_classes():
    model = random_network(lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 3)))
    still = torch.optim.SGD(model.parameters(), lr=0.0)
    x, y, other = randn(4, 3, 2, 2), torch.tensor([0, 1, 2, 0]), torch.tensor([1, 2, 0, 0])
    recipe = Recipe("x", smoothing=0.0)
    found = lab.training_step(model, still, Batch(x, y, other, share=0.7), recipe=recipe)
    log = model(x).log_softmax(1)
    expected = -(0.7 * log[range(4), y] + 0.3 * log[range(4), other]).mean()
    torch.testing.assert_close(found, expected.detach())


def test_a_taught_batch_is_learnt_as_its_labels_and_the_teachers_answers():
    model = random_network(lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 3)))
    still = torch.optim.SGD(model.parameters(), lr=0.0)
    x, y, answers = randn(4, 3, 2, 2), torch.tensor([0, 1, 2, 0]), randn(4, 3, seed=1).softmax(1)
    recipe = Recipe("x", smoothing=0.0, taught=0.25)
    found = lab.training_step(model, still, Batch(x, y, teacher=answers), recipe=recipe)
    log = model(x).log_softmax(1)
    expected = -(0.75 * log[range(4), y].mean() + 0.25 * (answers * log).sum(1).mean())
    torch.testing.assert_close(found, expected.detach())


def test_a_taught_run_learns_from_the_weights_that_it_starts_from(data: Path, tmp_path: Path):
    list(train(replace(SLIM, seed=1), data, tmp_path / "first"))
    export_run(tmp_path / "first", tmp_path / "out")
    start = tmp_path / "out" / "seresnet50_slim.safetensors"
    alone = losses(train(SLIM, data, tmp_path / "alone", start=start))
    taught = losses(train(replace(SLIM, taught=0.5), data, tmp_path / "taught", start=start))
    assert taught != alone
    with pytest.raises(UserError, match="--taught needs weights to learn from"):
        list(train(replace(SLIM, taught=0.5), data, tmp_path / "from nothing"))


def test_a_data_set_of_torchvision_is_trained_on(tmp_path: Path, monkeypatch):
    pixels = write_cifar(tmp_path, monkeypatch)
    access = Access(tmp_path)
    *_, last = train(TINY, "torch/cifar10", tmp_path / "run", access=access)
    assert 0 <= last.epoch_end["top1"] <= 1
    run = torch.load(tmp_path / "run" / "last.pt", weights_only=True)
    assert run["model"]["fc.weight"].shape[0] == 10
    decoded = decode(open_set("torch/cifar10", "val", access=access), 1)
    assert decoded.labels.tolist() == [0, 1, 2, 3]
    assert decoded.pixels.shape == (4, 3, 64, 64)
    np.testing.assert_allclose(  # enlarged, so that corners stay
        decoded.pixels[:, :, 0, 0], pixels[20:, 0, 0], atol=1
    )
