from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from folders import class_folders
from shared_necessity import BUDGET, BY, small
from torchrun import torchrun

from seviz.errors import UserError
from seviz.measuring.arm_answers import AnswerGathering
from seviz.measuring.halves import choosing_half
from seviz.measuring.measure_necessity import Asking, choose_more, measure_necessity
from seviz.measuring.necessity_file import load
from seviz.passes.logits import logits_of
from seviz.photos.sources import open_images
from seviz.records.arms import Arm, Edit
from seviz.records.losses import SetNecessity
from seviz.reference import work
from seviz.zoo.models import LoadedModel

SCRIPT = str(Path(__file__).parents[1] / "support" / "shared_necessity.py")
HALF = BY.rule


@pytest.fixture(scope="module")
def network() -> LoadedModel:
    return small()


@pytest.fixture(scope="module")
def data(tmp_path_factory, network) -> Path:
    """Two noisy images of each of the network's classes."""
    root = tmp_path_factory.mktemp("data")
    class_folders(root, network.labels, train=0, val=2)
    return root


@pytest.fixture(scope="module")
def found(network, data: Path) -> SetNecessity:
    asking = Asking(network, open_images(data, "val"), data="made")
    return measure_necessity(asking, BY, budget=100)[0]


@pytest.fixture(scope="module")
def right(network, data: Path):
    """Return which images are answered rightly with some blocks' gates at one half, by rows alone.

    Also their indices.
    """
    images = open_images(data, "val")
    images.match_classes(network.source.folders, network.source.labels)
    images.transform = network.transform
    x, labels = zip(*(images[i] for i in range(len(images))), strict=True)
    batch = torch.stack(x)

    def ask(sites) -> np.ndarray:
        arm = Arm("", tuple(Edit(HALF, site) for site in sites))
        with torch.inference_mode(), network.probe.ask([arm], [0] * len(batch)):
            logits = logits_of(network.model, batch, "small")
        return (logits.argmax(1) == torch.tensor(labels)).numpy()

    return ask, np.arange(len(batch))


def test_blocks_lose_what_rows_alone_tell(found, right, network):
    ask, _ = right
    sites = [site.name for site in network.probe.sites]
    assert [block.site for block in found.blocks] == sites
    intact = ask([]).mean()
    assert found.arms[0].accuracy.mean == intact
    for depth, block in enumerate(found.blocks):
        for of, some in (
            (block.alone, sites[depth : depth + 1]),
            (block.onward, sites[depth:]),
            (block.upto, sites[: depth + 1]),
        ):
            assert of.lost.mean == pytest.approx(intact - ask(some).mean(), abs=1e-9)
        assert block.parameters == sum(
            p.numel()
            for p in network.model.get_submodule(network.probe.sites[depth].path).parameters()
        )


def test_each_step_is_the_best_of_that_step_by_brute_force(found, right, network):
    ask, indices = right
    sites, half = [site.name for site in network.probe.sites], choosing_half(indices)
    assert (found.path.choosing, found.path.checking) == (half.sum(), (~half).sum())
    chosen: list[str] = []
    for step in found.path.steps:
        losses = {
            site: (ask([])[half].astype(int) - ask([*chosen, site])[half]).mean()
            for site in sites
            if site not in chosen
        }
        chosen.append(step.site)
        assert step.chosen.lost.mean == pytest.approx(losses[step.site], abs=1e-9)
        assert losses[step.site] == pytest.approx(min(losses.values()), abs=1e-9)
        others = ~half
        lost = (ask([])[others].astype(int) - ask(chosen)[others]).mean()
        assert step.checked.lost.mean == pytest.approx(lost, abs=1e-9)
    assert sorted(chosen) == sorted(sites)


def test_a_run_that_stops_goes_on(found, network, data: Path, tmp_path: Path, monkeypatch):
    real, passed, most = AnswerGathering.ask, [], 3

    def counted(gathering: AnswerGathering, batch):
        arms = len(gathering.facts()["arms"])
        if passed.count(8) == most:
            raise UserError("stopped")
        passed.append(arms)
        return real(gathering, batch)

    monkeypatch.setattr(work, "batch_for", lambda config: 8)
    monkeypatch.setitem(work.Work.take.__kwdefaults__, "every", 0.0)
    monkeypatch.setattr(AnswerGathering, "ask", counted)

    def run() -> SetNecessity:
        asking = Asking(network, open_images(data, "val"), data="made", parts=tmp_path / "parts")
        return measure_necessity(asking, BY, budget=100)[0]

    with pytest.raises(UserError, match="stopped"):
        run()
    assert passed == [25] * 5 + [8] * 3  # five batches: all sweeps, then 7 blocks after the first
    passed.clear()
    most = None
    same(run(), found)
    assert passed == [8] * 2 + [arms for arms in (7, 6, 5, 4, 3, 2, 9) for _ in range(5)]


def test_a_choice_goes_on_to_a_larger_budget(found, network, data: Path):
    steps = found.path.steps[:2]
    earlier = replace(found, path=replace(found.path, budget=0.0, steps=steps))
    asking = Asking(network, open_images(data, "val"), data="made")
    longer, used = choose_more(asking, BY, earlier, budget=100)
    same(longer, found)
    assert (longer.path.budget, longer.path.choosing) == (100, found.path.choosing)
    assert (longer.blocks, longer.arms, used.images) == (found.blocks, found.arms, found.images)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"weights": "ab"}, "is of other weights"),
        ({"data": "other"}, "is of other images"),
        ({"rule": "static"}, "is of another replacement"),
        ({"path": None}, "chose no blocks"),
        ({"images": 3}, "is of 3 images, and here are 40"),
    ],
)
def test_only_the_same_choice_can_go_on(found, network, data: Path, changes, says: str):
    asking = Asking(network, open_images(data, "val"), data="made")
    with pytest.raises(UserError, match=says):
        choose_more(asking, BY, replace(found, **changes), budget=101)
    with pytest.raises(UserError, match="goes to 100 points already; give a larger --budget"):
        choose_more(asking, BY, found, budget=100)


def same(one: SetNecessity, other: SetNecessity) -> None:
    """Expect the same losses, but for float noise in scores, and whatever the times."""
    for a, b in zip(one.blocks, other.blocks, strict=True):
        for which in ("alone", "onward", "upto"):
            ours, theirs = getattr(a, which), getattr(b, which)
            assert ours.lost == theirs.lost
            assert ours.score.mean == pytest.approx(theirs.score.mean, abs=1e-4)
            assert (ours.stays, ours.hurt) == (theirs.stays, theirs.hurt)
    assert [s.site for s in one.path.steps] == [s.site for s in other.path.steps]
    assert [s.checked.lost for s in one.path.steps] == [s.checked.lost for s in other.path.steps]
    measured = {"blocks": (), "path": None, "arms": (), "hardware": ""}
    assert replace(one, **measured) == replace(other, **measured)


def test_two_processes_find_what_one_does(network, data: Path, tmp_path: Path):
    out = tmp_path / "two.json"
    asking = Asking(network, open_images(data, "val"), data="made")
    found, _ = measure_necessity(asking, BY, budget=BUDGET)
    done = torchrun(2, SCRIPT, str(data), str(out))
    assert done.returncode == 0, done.stderr
    same(load(out), found)


def test_too_few_images_choose_nothing(network, data: Path):
    images = open_images(data, "val", limit=10)
    found, used = measure_necessity(Asking(network, images, data="made"), BY, budget=1)
    assert found.path is None
    assert (found.images, used.images) == (10, 10)


def test_without_labels_the_answer_is_followed(network, data: Path):
    images = open_images(data, "val", labels=False, limit=6)
    asking = Asking(network, images, data="made", labelled=False)
    found, _ = measure_necessity(asking, BY, budget=1)
    assert found.arms[0].accuracy.mean == 1
    assert found.blocks[0].alone.lost.mean == pytest.approx(1 - found.blocks[0].alone.stays)
    assert not any(block.alone.hurt for block in found.blocks)


def test_other_classes_get_one_sentence(network, tmp_path: Path):
    class_folders(tmp_path, ["unicorn"], train=0, val=2)
    asking = Asking(network, open_images(tmp_path, "val"), data="made")
    with pytest.raises(UserError, match="they must be the same"):
        measure_necessity(asking, BY, budget=1)
