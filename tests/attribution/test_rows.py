from dataclasses import replace

import numpy as np
import pytest
import torch
from corner import GATE, HALF, SIDE, bright, made_corner
from networks import awake, randn, random_network
from torch import nn

from seviz.attribution.rows import Leaf, Progress, Rows, as_output, replica
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.passes.batch_size import BatchSizes
from seviz.records.arms import TWIN
from seviz.records.target import Difference, Gate
from seviz.watch import Stopped, Watch
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import Source, wrap

ARMS = parse_arms(["intact", "half: all*=0.5", "closed: all*=0"])
OPEN = [GATE, GATE / 2, 0.0]  # the gates of each arm
BRIGHT = [1.0, 0.25]  # two pictures: the bright one, and one of a quarter of its light


@pytest.fixture
def loaded() -> LoadedModel:
    return made_corner()


@pytest.fixture
def x() -> torch.Tensor:
    """The two pictures, 2×3×32×32."""
    return torch.from_numpy(np.stack([share * bright() for share in BRIGHT]))


@pytest.fixture
def rows(loaded: LoadedModel) -> Rows:
    return Rows(loaded, ARMS, images=2)


def expected(rows: list[int]) -> list[list[float]]:
    """The corner network's logits, by hand: 12, and 24 times gate and light."""
    return [[12.0, 24 * OPEN[row % 3] * BRIGHT[row // 3]] for row in rows]


def test_rows_are_numbered_image_by_image_and_arm_by_arm_within(rows: Rows, x: torch.Tensor):
    assert rows.numbers.tolist() == [0, 1, 2, 3, 4, 5]
    assert rows.image_index.tolist() == [0, 0, 0, 1, 1, 1]
    repeated = rows.repeat(x)
    assert torch.equal(repeated[:3], x[:1].expand(3, -1, -1, -1))
    assert torch.equal(repeated[3:], x[1:].expand(3, -1, -1, -1))


@pytest.mark.parametrize("grad", [True, False])
def test_each_row_is_passed_by_the_arm_of_its_number(rows: Rows, x: torch.Tensor, grad: bool):
    order = [5, 0, 4, 2]
    with torch.set_grad_enabled(grad):
        logits = rows(rows.repeat(x)[order], rows.numbers[order])
    np.testing.assert_allclose(logits.detach(), expected(order), rtol=1e-4, atol=1e-4)


def test_the_first_logits_of_each_row_are_remembered_whatever_passes_later(
    rows: Rows, x: torch.Tensor
):
    with torch.no_grad():
        rows(rows.repeat(x), rows.numbers)
        rows(0 * rows.repeat(x), rows.numbers)
    found = torch.stack([rows.first_logits[row] for row in range(6)])
    np.testing.assert_allclose(found, expected([*range(6)]), rtol=1e-4, atol=1e-4)


def test_without_gradients_rows_pass_in_parts_and_with_them_at_once(
    loaded: LoadedModel, rows: Rows, x: torch.Tensor, monkeypatch
):
    sizes, one = BatchSizes.of(loaded), Rows._pass
    monkeypatch.setattr(sizes.forward, "rows", 4)
    monkeypatch.setattr(sizes.forward, "_settled", True)
    passed: list[int] = []
    monkeypatch.setattr(
        Rows, "_pass", lambda self, x, row: passed.append(len(x)) or one(self, x, row)
    )
    with torch.no_grad():
        rows(rows.repeat(x), rows.numbers)
    assert (passed, rows.progress.passed) == ([3, 3], 6)  # of whole images, at most 4 rows
    rows(rows.repeat(x), rows.numbers)
    assert (passed[2:], rows.progress.passed) == ([6], 12)
    rows.whole = True
    with torch.no_grad():
        rows(rows.repeat(x), rows.numbers)
    assert passed[3:] == [6]


@pytest.mark.parametrize("target", [torch.tensor([1]), torch.tensor([1, 1, 0, 1, 1, 0])])
def test_gradients_are_those_of_the_targets_logits_part_by_part(
    loaded: LoadedModel, rows: Rows, x: torch.Tensor, monkeypatch, target: torch.Tensor
):
    sizes = BatchSizes.of(loaded)
    monkeypatch.setattr(sizes.gradients, "rows", 4)
    monkeypatch.setattr(sizes.gradients, "_settled", True)
    (found,) = rows.gradients(rows, (rows.repeat(x),), target, rows.numbers)
    (again,) = rows.gradients(rows, (rows.repeat(x),), target, (rows.numbers,))
    assert torch.equal(found, again)  # captum wraps the numbers in some of its methods
    slope = 24 / (3 * HALF**2)
    for row, classes in enumerate(target.expand(6).tolist()):
        by_hand = np.zeros((3, SIDE, SIDE))
        by_hand[:, :HALF, :HALF] = slope * OPEN[row % 3] * classes
        np.testing.assert_allclose(found[row], by_hand, rtol=1e-4, atol=1e-7)
    assert rows.progress.passed == 12


def test_a_replica_asks_about_some_of_the_rows_and_shares_weights(rows: Rows, x: torch.Tensor):
    some = rows.replicate(rows.numbers[2:5])
    assert (some.numbers.tolist(), some.whole, rows.whole) == ([2, 3, 4], True, False)
    assert some.model is not rows.model
    assert some.model.fc.weight is rows.model.fc.weight
    with torch.no_grad():
        logits = some(some.repeat(x), some.numbers)
    np.testing.assert_allclose(logits, expected([2, 3, 4]), rtol=1e-4, atol=1e-4)


@pytest.fixture
def with_twin(loaded: LoadedModel) -> LoadedModel:
    """The corner network, with a twin whose logits are twice as large and have no gates."""
    twin = random_network(lambda: nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE * SIDE, 2)))
    twin[1].weight.data = 2 * loaded.model.fc.weight.data
    twin[1].bias.data = 2 * loaded.model.fc.bias.data
    return replace(loaded, cache={Source: twin.requires_grad_(False)})


@pytest.mark.parametrize("grad", [True, False])
def test_the_twin_passes_its_rows_and_each_network_passes_its_own_in_one_batch(
    with_twin: LoadedModel, x: torch.Tensor, grad: bool
):
    rows = Rows(with_twin, [ARMS[1], TWIN, ARMS[0]], images=2)
    batches: dict[str, list[int]] = {"model": [], "twin": []}
    for name, module in rows.named_children():
        module.register_forward_pre_hook(
            lambda _, inputs, name=name: batches[name].append(len(inputs[0]))
        )
    with torch.set_grad_enabled(grad):
        logits = rows(rows.repeat(x), rows.numbers)
    dark = [[12, 24 * GATE * half] for half in (0.5, 1)]
    by_hand = [dark[0], [24, 48], dark[1]]
    quarter = [[12, logit / 4] for _, logit in dark]
    by_hand += [quarter[0], [24, 12], quarter[1]]
    np.testing.assert_allclose(logits.detach(), by_hand, rtol=1e-4, atol=1e-4)
    parts = {"model": [4], "twin": [2]} if grad else {"model": [2, 2], "twin": [1, 1]}
    assert batches == parts  # without gradients, of whole images, at most 4 rows
    groups = {name: numbers.tolist() for name, numbers in rows.by_network().items()}
    assert groups == {"model": [0, 2, 3, 5], "twin": [1, 4]}
    (slopes,) = rows.gradients(rows, (rows.repeat(x),), torch.tensor([1]), rows.numbers)
    slope = 24 / (3 * HALF**2)
    assert slopes[:, 0, 0, 0].tolist() == pytest.approx([slope * g for g in OPEN_OF_ROWS])


OPEN_OF_ROWS = 2 * [GATE / 2, 2.0, GATE]  # the gates, and the twin's factor, of each row


def test_rows_of_one_network_need_not_pass_the_other(with_twin: LoadedModel, x: torch.Tensor):
    rows = Rows(with_twin, [ARMS[0], TWIN], images=2)
    some = rows.replicate(rows.by_network()["twin"])
    with torch.no_grad():
        logits = some(some.repeat(x), some.numbers)
    np.testing.assert_allclose(logits, [[24, 48], [24, 12]], rtol=1e-4)
    assert some.twin is not rows.twin and some.twin[1].weight is rows.twin[1].weight
    assert list(Rows(with_twin, [ARMS[0]]).by_network()) == ["model"]


def test_a_replica_shares_its_parameters_and_buffers_and_keeps_hooks_to_itself(small):
    copied = replica(small.model)
    assert copied is not small.model
    for kind in ("parameters", "buffers"):
        pairs = zip(getattr(copied, kind)(), getattr(small.model, kind)(), strict=True)
        assert all(a is b for a, b in pairs)
    copied.act1.register_forward_hook(lambda *_: None)
    assert not small.model.act1._forward_hooks


class Times(torch.nn.Module):
    def forward(self, x, by):
        return x * by


def test_a_leaf_begins_a_graph_of_its_own():
    before = torch.ones(2, requires_grad=True)
    after = Leaf(Times())(before, by=3)
    after.sum().backward()
    assert after.tolist() == [3, 3]
    assert after.grad.tolist() == [1, 1]
    assert before.grad is None


def test_progress_tells_its_watch_the_share_and_hears_that_it_should_stop():
    watch = Watch()
    progress = Progress(watch, expected=8)
    progress.add(2)
    progress.add(4)
    assert watch.share == 0.75
    progress.check()
    watch.stop()
    for stopped in (progress.check, lambda: progress.add(1)):
        with pytest.raises(Stopped):
            stopped()
    watch.close()


def test_progress_without_a_watch_counts():
    progress = Progress()
    progress.add(3)
    progress.check()
    assert progress.passed == 3


def test_a_watch_is_asked_within_a_pass(loaded: LoadedModel, x: torch.Tensor):
    watch = Watch()
    rows = Rows(loaded, ARMS, images=2, progress=Progress(watch, 6))
    watch.stop()
    with torch.no_grad(), pytest.raises(Stopped):
        rows(rows.repeat(x), rows.numbers)
    assert rows.first_logits == {}  # it did not get through
    watch.close()


def test_bfloat16_rounds_what_the_network_says(loaded: LoadedModel, x: torch.Tensor):
    rows = Rows(loaded, ARMS, images=2, bfloat16=True)
    with torch.no_grad():
        logits = rows(rows.repeat(x), rows.numbers)
    assert logits.dtype == torch.float32
    np.testing.assert_allclose(logits, expected([*range(6)]), rtol=0.02, atol=1e-4)
    assert torch.equal(logits, logits.bfloat16().float())


@pytest.fixture(scope="module")
def lively() -> LoadedModel:
    return prepare(wrap("lively", awake("legacy_seresnet18")))


def test_of_a_difference_the_one_output_is_its_score_and_all_logits_are_remembered(
    loaded: LoadedModel, x: torch.Tensor
):
    rows = Rows(loaded, ARMS, images=2, score=Difference(1, 0))
    with torch.no_grad():
        scores = rows(rows.repeat(x), rows.numbers)
    logits = np.array(expected([*range(6)]))
    np.testing.assert_allclose(scores[:, 0], logits[:, 1] - logits[:, 0], rtol=1e-4, atol=1e-4)
    kept = torch.stack([rows.first_logits[row] for row in range(6)])
    np.testing.assert_allclose(kept, logits, rtol=1e-4, atol=1e-4)
    assert torch.equal(rows.scores(kept), scores)
    odds = 1 / (1 + np.exp(-scores.double().numpy()))
    np.testing.assert_allclose(rows.chances(scores.double()), odds)


def test_of_a_gate_the_one_output_is_its_pre_activation_in_each_rows_own_pass(lively: LoadedModel):
    site = lively.probe.sites[3]
    arms = parse_arms(["intact", "all=0.5", f"{site.name}=0"])
    x = randn(1, 3, 64, 64, seed=4)
    rows = Rows(lively, arms, score=Gate(site.name, 5))
    with torch.no_grad():
        pre = rows(rows.repeat(x), rows.numbers)
        with lively.probe.ask(arms) as captured:
            lively.model(x.expand(3, -1, -1, -1))
    computed = captured.s_computed[site.name][:, 5]
    torch.testing.assert_close(pre[:, 0].sigmoid(), computed)
    torch.testing.assert_close(rows.chances(pre)[:, 0], computed)
    assert float(computed[0]) == pytest.approx(float(computed[2]))  # its own edit comes after it
    assert abs(computed[0] - computed[1]) > 1e-4


def test_the_gradients_of_a_gate_are_those_of_the_logit_of_s(lively: LoadedModel):
    site = lively.probe.sites[2].name
    rows = Rows(lively, parse_arms(["intact"]), score=Gate(site, 1))
    x = randn(1, 3, 64, 64, seed=4)
    (found,) = rows.gradients(rows, (x,), torch.tensor([0]), rows.numbers)
    x.requires_grad_()
    with lively.probe.ask(parse_arms(["intact"])) as captured:
        lively.model(x)
    (gradient,) = torch.autograd.grad(captured.s[site][0, 1].logit(), x)
    torch.testing.assert_close(found, gradient, rtol=1e-3, atol=1e-3 * float(gradient.abs().max()))
    assert float(found.abs().max()) > 0


def test_a_gate_that_cannot_be_followed_is_told(loaded: LoadedModel, lively: LoadedModel):
    with pytest.raises(UserError, match="The twin without SE has no gates"):
        Rows(loaded, [TWIN], score=Gate("se", 0))
    with pytest.raises(UserError, match="has the channels 0 to 2"):
        Rows(loaded, ARMS, score=Gate("se", 3))


def test_a_target_is_a_score_or_a_column_of_the_logits():
    assert as_output(7) == (None, 7)
    assert as_output(Difference(1, 0)) == (Difference(1, 0), 0)
    assert as_output(Gate("se", 2)) == (Gate("se", 2), 0)
