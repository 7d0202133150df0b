import numpy as np
import pytest
import torch

from seviz.analysis.alpha_path import alpha_path
from seviz.answers.gate_shares import shares_between, top_shares
from seviz.attribution import shares as shares_module
from seviz.attribution.shares import gate_shares
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, STATIC
from seviz.records.target import Difference, score
from seviz.records.trace import Trace
from seviz.reference.recorded import recorded_for
from seviz.watch import Stopped, Watch
from seviz.zoo.models import LoadedModel


@pytest.fixture(scope="module")
def net(zoo) -> LoadedModel:
    return zoo.get("embedded")


@pytest.fixture(scope="module")
def record(net, photo) -> Trace:
    arms = [INTACT, STATIC, IDENTITY]
    return trace(net, photo, arms, recorded=recorded_for("embedded", arms))


def gates(record: Trace, arm: int) -> dict[str, np.ndarray]:
    return {name: s[arm] for name, s in record.s.items()}


def test_the_target_is_the_answer_with_the_photographs_own_gates(net, record):
    found = gate_shares(
        net, record.image, s=gates(record, 0), reference=gates(record, 2), name="other", steps=2
    )
    best = int(record.logits[0].argmax())
    assert found.target.index == best
    assert found.target.logit == pytest.approx(float(record.logits[0, best]), rel=1e-4)
    assert found.target.probability == pytest.approx(float(record.probabilities[0, best]), rel=1e-3)
    assert record.logits[0, best] - record.logits[2, best] > 0.1  # the arms are told apart


def test_as_many_points_of_the_path_pass_as_were_asked_for(net, record, monkeypatch):
    call, passed = shares_module._Path.__call__, []

    def counted(self, *some):
        passed.append(len(some[0]))
        return call(self, *some)

    monkeypatch.setattr(shares_module._Path, "__call__", counted)
    found = gate_shares(
        net, record.image, s=gates(record, 0), reference=gates(record, 1), name="", steps=5
    )
    assert found.steps == 5
    assert sum(passed) == 2 + 5  # the ends, then the points


@pytest.mark.parametrize("arm", [1, 2])
def test_the_shares_add_up_to_the_difference_of_the_two_arms(net, record, arm):
    found = gate_shares(
        net, record.image, s=gates(record, 0), reference=gates(record, arm), name="other"
    )
    best = int(record.logits[0].argmax())
    assert found.target.index == best
    difference = float(record.logits[0, best] - record.logits[arm, best])
    assert found.difference == pytest.approx(difference, rel=1e-4, abs=1e-4)
    total = sum(float(s.sum()) for s in found.shares.values())
    assert total == pytest.approx(difference, rel=shares_module.TOLERANCE)
    assert {name: len(s) for name, s in found.shares.items()} == {
        site.name: site.channels for site in record.sites
    }


def test_they_speak_of_the_sliders_path(net, record):
    own, other = gates(record, 0), gates(record, 2)
    path = alpha_path(net, record.image, s=own, reference=other, name="identity", steps=2)
    found = gate_shares(net, record.image, s=own, reference=other, name="identity", target=7)
    ends = path.logits[:, 7]
    assert found.difference == pytest.approx(float(ends[0] - ends[1]), abs=1e-4)


def test_a_share_is_the_gates_way_times_the_mean_slope_along_it(net, record):
    own, other = gates(record, 0), gates(record, 1)
    found = gate_shares(
        net, record.image, s=own, reference=other, name="static", target=3, steps=16
    )
    site, channel, step = "SE_3_2", 5, 1e-2
    nodes, weights = np.polynomial.legendre.leggauss(16)
    slopes = []
    for node in (nodes + 1) / 2:
        at = {name: other[name] + np.float32(node) * (own[name] - other[name]) for name in own}
        up, down = ({name: s.copy() for name, s in at.items()} for _ in range(2))
        up[site][channel] += step
        down[site][channel] -= step
        logits = (
            alpha_path(net, record.image, s=up, reference=down, name="", steps=2)
            .logits[:, 3]
            .astype(np.float64)
        )
        slopes.append((logits[0] - logits[1]) / (2 * step))
    mean = float((weights / 2 * np.array(slopes)).sum())
    way = float(own[site][channel] - other[site][channel])
    assert found.shares[site][channel] == pytest.approx(way * mean, rel=0.05, abs=1e-5)


def test_gates_that_do_not_differ_have_no_share(net, record):
    found = gate_shares(
        net, record.image, s=gates(record, 0), reference=gates(record, 0), name="itself"
    )
    assert found.difference == 0
    assert not any(s.any() for s in found.shares.values())
    assert found.error == 0


def test_short_memory_takes_fewer_points_at_once(net, record, monkeypatch):
    whole = gate_shares(
        net, record.image, s=gates(record, 0), reference=gates(record, 1), name="", steps=8
    )
    call = shares_module._Path.__call__

    def short(self, *some):
        if len(some[0]) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return call(self, *some)

    monkeypatch.setattr(shares_module._Path, "__call__", short)
    found = gate_shares(
        net, record.image, s=gates(record, 0), reference=gates(record, 1), name="", steps=8
    )
    assert found.total == pytest.approx(whole.total, rel=1e-3)


def test_it_stops_when_told(net, record):
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        gate_shares(
            net, record.image, s=gates(record, 0), reference=gates(record, 1), name="", watch=watch
        )
    watch.close()


def test_the_top_channels_are_the_largest_of_either_sign(record):
    found = shares_between(record, 3)
    top = top_shares(record, found, 5)
    sizes = np.sort(np.abs(np.concatenate(list(found.shares.values()))))[::-1]
    np.testing.assert_allclose([abs(c.share) for c in top], sizes[:5])
    for channel in top:
        assert found.shares[channel.site][channel.channel] == np.float32(channel.share)
        assert channel.s == pytest.approx(float(record.s[channel.site][0, channel.channel]))
        assert channel.other == pytest.approx(float(record.s[channel.site][1, channel.channel]))


def test_the_shares_of_a_difference_add_up_to_the_difference_of_the_differences(net, record):
    found = gate_shares(
        net,
        record.image,
        s=gates(record, 0),
        reference=gates(record, 1),
        name="static",
        target=Difference(186, 34),
        steps=32,
    )
    scores = score(record.logits, Difference(186, 34))
    assert found.target.label == f"{record.labels[186]} rather than {record.labels[34]}"
    assert found.difference == pytest.approx(float(scores[0] - scores[1]), rel=1e-3, abs=1e-3)
    assert found.total == pytest.approx(found.difference, rel=0.05, abs=0.02)
