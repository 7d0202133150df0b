import json
from pathlib import Path

import numpy as np
import pytest
from folders import one_of_each
from PIL import Image

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.measuring.arm_accuracy import measure_arms
from seviz.measuring.evaluate import evaluate
from seviz.passes.forward import trace
from seviz.reference.recorded import recorded_for
from seviz.zoo.catalogue import find

COUNT = 100  # images, each of another class
ARMS = ["intact", "static", "half: SE_4*=0.5; SE_5_1[0:8]*=0", "identity", "twin"]


def picture(i: int) -> Image.Image:
    noise = np.random.default_rng(i)
    coarse = Image.fromarray(noise.integers(0, 256, (5, 5, 3)).astype(np.uint8))
    return coarse.resize((64, 64), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """One made picture of each of the first of the embedded network's classes."""
    return one_of_each(tmp_path_factory.mktemp("data"), find("embedded").folders[:COUNT], picture)


@pytest.fixture(scope="module")
def found(data: Path):
    return measure_arms("embedded", data, parse_arms(ARMS))


def test_each_arm_is_counted_as_the_page_asks_it(found, zoo):
    arms = parse_arms(ARMS)
    recorded = recorded_for("embedded", arms)
    loaded = zoo.get("embedded")
    traces = [trace(loaded, picture(i), arms, recorded=recorded) for i in range(COUNT)]
    answers = np.array([[t.top(a, 1)[0].index for t in traces] for a in range(len(arms))])
    for arm, said in zip(found.arms, answers, strict=True):
        right, at_first = said == np.arange(COUNT), answers[0] == np.arange(COUNT)
        assert arm.top1 == right.mean()
        assert arm.difference == pytest.approx(right.mean() - at_first.mean(), abs=1e-12)
        assert arm.agreement == (said == answers[0]).mean()
        spread = np.std(right.astype(float) - at_first)
        assert arm.standard_error == pytest.approx(spread / COUNT**0.5, abs=1e-12)
        assert arm.most_frequent_share == np.bincount(said).max() / COUNT
        assert (said == loaded.labels.index(arm.most_frequent)).mean() == arm.most_frequent_share
    assert len({arm.agreement for arm in found.arms}) > 3  # the arms are told apart


def test_the_first_arm_and_the_twin_are_measured_as_without_arms(found, data: Path):
    for arm, key in ((found.arms[0], "embedded"), (found.arms[-1], "twin")):
        alone = evaluate(key, data)
        assert (arm.top1, arm.top5) == (alone.top1, alone.top5)
        assert arm.nll == pytest.approx(alone.nll, abs=1e-4)
    assert found.arms[0].difference == found.arms[0].standard_error == 0
    assert found.arms[0].agreement == 1


def test_the_command_says_it_in_lines_and_as_json(found, data: Path, capsys):
    asked = ["evaluate", "--data", str(data), "--arms", *ARMS[:2]]
    assert main([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["images"], len(said["arms"])) == (COUNT, 2)
    assert said["arms"][1]["agreement"] == found.arms[1].agreement
    assert main(asked) == 0
    first, second, used, *_ = capsys.readouterr().out.splitlines()
    assert used == f"{COUNT} images of {COUNT} classes (1 each), in the folder val"
    assert first.startswith(f"{COUNT} images; intact: top-1 ")
    assert second.startswith("static: top-1 ")
    static = found.arms[1]
    assert second.endswith(f"answer: {static.most_frequent}, for {static.most_frequent_share:.1%}")
    assert f"the same answer as intact for {static.agreement:.1%} of the images" in second


def test_the_twin_alone_can_be_asked(data: Path, found):
    alone = measure_arms("embedded", data, parse_arms(["twin"]))
    assert alone.arms[0].top1 == found.arms[-1].top1


@pytest.mark.parametrize(
    ("arms", "sentence"),
    [(["SE_9_9=0"], "There is no block “SE_9_9” here"), (["sttic"], "did you mean static")],
)
def test_an_arm_that_can_not_be_gets_a_sentence(data: Path, capsys, arms, sentence: str):
    assert main(["evaluate", "--data", str(data), "--arms", *arms]) == 2
    assert sentence in capsys.readouterr().err


def test_a_network_without_gates_has_no_arms(data: Path):
    with pytest.raises(UserError, match="SE block"):
        measure_arms("twin", data, parse_arms(["intact", "identity"]))
