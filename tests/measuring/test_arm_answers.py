import numpy as np
import pytest
import torch
from networks import awake

from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.measuring import arm_answers
from seviz.measuring.arm_answers import OTHERS, UNKNOWN, AnswerGathering, Answers, donor
from seviz.passes.logits import logits_of
from seviz.photos.batch import Batch
from seviz.records.arms import Arm, Edit, Rule
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

COUNT = 7
STATIC = Rule("static")


@pytest.fixture(scope="module")
def network() -> LoadedModel:
    return prepare(wrap("small", awake("lab_resnet_se")))


@pytest.fixture(scope="module")
def batch() -> Batch:
    """Images of noise, of other classes and with rising indices that have gaps."""
    noise = torch.Generator().manual_seed(0)
    x = torch.randn(COUNT, 3, 64, 64, generator=noise)
    indices = torch.arange(COUNT) * 3 + 5
    return Batch(x, torch.arange(COUNT) % 3, indices, [f"{i}.png" for i in range(COUNT)])


def drawn(network: LoadedModel, rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw gates, rows×C by block; C where rows is 0."""
    noise = np.random.default_rng(seed)
    return {
        site.name: noise.random((*[rows] * (rows > 0), site.channels)).astype(np.float32)
        for site in network.probe.sites
    }


def alone(network: LoadedModel, x: torch.Tensor, arm: Arm, recorded) -> np.ndarray:
    """Return the logits of one image in one arm, whose row passes the network alone."""
    with torch.inference_mode(), network.probe.ask([arm], recorded=recorded):
        return logits_of(network.model, x[None], "small")[0].numpy()


def test_answers_and_scores_are_those_of_rows_alone(network, batch, monkeypatch):
    monkeypatch.setattr(arm_answers, "MOST_ROWS", 10)  # 3 images at once
    first, last = network.probe.sites[0].name, network.probe.sites[-1].name
    arms = parse_arms(["intact", f"{first}=static", f"{last}=0.1", "all=static", f"{last}=static"])
    recorded = {STATIC: drawn(network, 0)}
    gathering = AnswerGathering(network, arms, recorded)
    found = gathering.ask(batch)
    assert found.indices.tolist() == batch.indices.tolist()
    assert found.labels.tolist() == batch.labels.tolist()
    for a, arm in enumerate(arms):
        for i in range(COUNT):
            logits = alone(network, batch.x[i], arm, recorded).astype(np.float64)
            assert found.answers[a, i] == logits.argmax()
            label = int(batch.labels[i])
            score = logits[label] - np.log(np.exp(logits).sum())
            assert found.scores[a, i] == pytest.approx(score, abs=1e-4)
    assert len({tuple(row.round(3)) for row in found.scores}) == len(arms)


def test_each_image_gets_the_gates_of_a_donor_of_its_own(network, batch):
    donors, arm = drawn(network, 4, seed=1), Arm("resampled", (Edit(OTHERS),))
    gathering = AnswerGathering(network, [*parse_arms(["intact"]), arm], {}, donors=donors)
    found, chosen = gathering.ask(batch), donor(batch.indices.numpy(), 4)
    assert len(set(chosen.tolist())) > 1
    for i in range(COUNT):
        own = {OTHERS: {name: gates[chosen[i]] for name, gates in donors.items()}}
        logits = alone(network, batch.x[i], arm, own).astype(np.float64)
        score = logits[int(batch.labels[i])] - np.log(np.exp(logits).sum())
        assert found.scores[1, i] == pytest.approx(score, abs=1e-4)


def test_without_labels_the_intact_answer_is_followed(network, batch):
    arms = parse_arms(["intact", "all=0.2"])
    found = AnswerGathering(network, arms, {}, labelled=False).ask(batch)
    assert set(found.labels.tolist()) == {UNKNOWN}
    assert found.right[0].all()
    assert (found.right[1] == (found.answers[1] == found.answers[0])).all()
    with torch.inference_mode():
        best = network.model(batch.x).log_softmax(-1).max(-1).values.numpy()
    np.testing.assert_allclose(found.scores[0], best, atol=1e-4)


def test_parts_are_put_in_order(network, batch):
    arms = parse_arms(["intact", "all=0.2"])
    whole, one, other = (AnswerGathering(network, arms, {}) for _ in range(3))
    whole.add(batch, whole.ask(batch))
    for gathering, places in ((one, [5, 1, 3]), (other, [6, 0, 2, 4])):
        some = Batch(
            batch.x[places], batch.labels[places], batch.indices[places], [""] * len(places)
        )
        gathering.add(some, gathering.ask(some))
    one.merge(other.arrays())
    for name, values in vars(whole.answers()).items():
        np.testing.assert_allclose(getattr(one.answers(), name), values, atol=1e-4)
    assert len(AnswerGathering(network, arms, {}).answers()) == 0


def test_other_gates_are_other_work(network):
    arms = parse_arms(["intact", "all=static"])
    one, other = ({STATIC: drawn(network, 0, seed)} for seed in (0, 1))
    assert (
        AnswerGathering(network, arms, one).facts() == AnswerGathering(network, arms, one).facts()
    )
    assert (
        AnswerGathering(network, arms, one).facts() != AnswerGathering(network, arms, other).facts()
    )


def test_an_arm_that_overflows_is_named(network, batch):
    gathering = AnswerGathering(network, parse_arms(["intact", "all=3e38"]), {})
    with pytest.raises(UserError, match="all=3e"):
        gathering.ask(batch)


def test_answers_of_some_arms_and_images():
    rows = np.arange(6).reshape(3, 2)
    found = Answers(np.array([4, 8]), np.array([0, UNKNOWN]), rows, rows.astype(np.float32))
    assert found.right.tolist() == [[True, True], [False, False], [False, False]]
    assert found.of_arms([0, 2]).answers.tolist() == [[0, 1], [4, 5]]
    assert found.some(np.array([False, True])).scores.tolist() == [[1.0], [3.0], [5.0]]
