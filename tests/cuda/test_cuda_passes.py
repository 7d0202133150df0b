"""Forward passes and what is captured of them: z, s, logits, in every arm, on both devices."""

import threading

import numpy as np
import pytest
import torch
from cuda_sides import EVERY_RULE, Sides, near, near_by_name, recorded_gates
from photos import disc

from seviz.analysis.alpha_path import alpha_path
from seviz.analysis.channels import drivers, effects
from seviz.analysis.necessity import necessity
from seviz.passes.forward import feature_maps, retrace, trace
from seviz.records.arms import INTACT, TWIN, Arm, Rule
from seviz.zoo import catalogue, models
from seviz.zoo.models import LoadedModel

DIFFERENCE = 1e-3  # of differences of logits, in which most of their figures are lost


def test_float32_is_computed_with_all_its_bits(there):
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
    draw = torch.Generator().manual_seed(0)
    x, w = torch.randn(4, 64, 28, 28, generator=draw), torch.randn(64, 64, 3, 3, generator=draw)
    a, b = (torch.randn(512, 512, generator=draw) for _ in range(2))
    exact = torch.conv2d(x.double(), w.double()), a.double() @ b.double()
    found = torch.conv2d(x.to(there), w.to(there)), (a.to(there) @ b.to(there))
    for one, other in zip(found, exact, strict=True):
        off = (one.double().cpu() - other).norm() / other.norm()
        assert off < 1e-5  # TF32 would be 3e-4 off


@pytest.mark.parametrize("network", ["small", "embedded"])
def test_a_photograph_is_traced_alike_in_every_arm(request, network):
    sides: Sides = request.getfixturevalue(network)
    recorded = recorded_gates(sides.here)
    expected = trace(sides.here, disc(), EVERY_RULE, recorded=recorded)
    found = trace(sides.there, disc(), EVERY_RULE, recorded=recorded)
    near(found.image, expected.image)
    for name in ("z", "s", "s_computed", "shift"):
        near_by_name(getattr(found, name), getattr(expected, name))
    near(found.logits, expected.logits)
    assert len({row.tobytes() for row in found.logits}) == len(EVERY_RULE)  # no arm is another


@torch.inference_mode()
def test_rows_side_by_side_say_what_branching_rows_say(small):
    recorded, x = recorded_gates(small.there), torch.from_numpy(small.image)[None]
    expected = retrace(small.here, small.image, EVERY_RULE, recorded=recorded)
    rows = x.repeat(len(EVERY_RULE), 1, 1, 1).to(small.there.device)
    with small.there.probe.ask(EVERY_RULE, recorded=recorded) as captured:
        logits = small.there.model(rows.contiguous(memory_format=torch.channels_last))
    near(logits.cpu().numpy(), expected.logits)
    near_by_name({name: s.cpu().numpy() for name, s in captured.s.items()}, expected.s)


def test_the_twin_answers_beside_the_network(embedded):
    found = trace(embedded.there, disc(), [INTACT, TWIN])
    plain = models.build_network(catalogue.find("embedded").twin)
    with torch.inference_mode():
        expected = plain(embedded.here.prepare(disc()))
    near(found.logits[1], expected[0].numpy())


def test_features_and_their_gates(small):
    expected, found = (
        feature_maps(one, small.image, "SE_4_6") for one in (small.here, small.there)
    )
    for name in ("u", "s", "s_computed", "z"):
        near(getattr(found, name), getattr(expected, name))


def test_the_path_from_one_arms_gates_to_anothers(small):
    s = {name: gates[0] for name, gates in retrace(small.here, small.image, [INTACT]).s.items()}
    other = recorded_gates(small.here)[Rule("static")]
    expected, found = (
        alpha_path(one, small.image, s=s, reference=other, name="static")
        for one in (small.here, small.there)
    )
    near(found.logits, expected.logits)


@pytest.mark.parametrize("rule", ["identity", "static"])
def test_necessity(small, rule):
    recorded = recorded_gates(small.here)
    expected, found = (
        necessity(one, small.image, Rule(rule), recorded=recorded)
        for one in (small.here, small.there)
    )
    assert found.target.index == expected.target.index
    near(found.logit, expected.logit, DIFFERENCE)
    near(found.probability, expected.probability, DIFFERENCE)


def test_channels_and_what_drives_a_gate(small):
    expected, found = (effects(one, small.image) for one in (small.here, small.there))
    near_by_name(found.first_order, expected.first_order, 1e-2)
    exact = {(e.site, e.channel): e.exact for e in expected.top}
    same = [e for e in found.top if (e.site, e.channel) in exact]
    assert len(same) >= len(exact) - 1  # the last two may be as good as one another
    for effect in same:
        assert effect.exact == pytest.approx(exact[effect.site, effect.channel], rel=1e-2)
    z = retrace(small.here, small.image, [INTACT]).z["SE_3_2"][0]
    by, of = (drivers(one, "SE_3_2", z, channel=5) for one in (small.there, small.here))
    near(by.jacobian, of.jacobian)


def test_eight_threads_with_different_questions_get_what_each_gets_alone(small):
    questions = [[INTACT], EVERY_RULE[1:3], EVERY_RULE, EVERY_RULE[3:7]] * 2
    images = [np.roll(small.image, 7 * i, axis=2) for i in range(len(questions))]
    alone = [_asked(small.here, image, arms) for image, arms in zip(images, questions, strict=True)]
    start = threading.Barrier(len(questions))
    found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in questions]

    def run(i: int) -> None:
        start.wait()
        for _ in range(5):
            found[i].append(_asked(small.there, images[i], questions[i]))

    threads = [threading.Thread(target=run, args=[i]) for i in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for expected, answers in zip(alone, found, strict=True):
        assert len(answers) == 5
        for answer in answers:
            near(answer[0], expected[0])
            near(answer[1], expected[1])


def _asked(loaded: LoadedModel, image: np.ndarray, arms: list[Arm]) -> tuple[np.ndarray, ...]:
    """Return the logits and all gates of a question."""
    said = retrace(loaded, image, arms, recorded=recorded_gates(loaded))
    return said.logits, np.concatenate([*said.s.values()], 1)
