import pytest
import torch

from seviz.bench import rows as module
from seviz.bench.rows import Networks, Row, compare, summarise


def test_a_row_has_the_median_and_the_quartiles_of_its_ratios_and_both_times():
    times = [
        (r * seconds, seconds)
        for r, seconds in zip([1, 1.1, 1.2, 1.3, 9], range(1, 6), strict=True)
    ]
    row = summarise("capture", times, 1.05)
    assert (row.low, row.ratio, row.high) == pytest.approx((1.05, 1.2, 5.15))
    assert (row.ours, row.theirs) == pytest.approx((3600.0, 3000.0))


def test_calls_are_measured_in_so_many_pairs(monkeypatch):
    asked = []

    def times_of(*call):
        asked.append(call)
        return [(2.0, 1.0), (2.0, 1.0)]

    monkeypatch.setattr(module, "times_of", times_of)
    row = compare("capture", min, max, limit=1.05, pairs=7)
    assert asked == [(min, max, 7)]
    assert row == Row("capture", 2.0, 2.0, 2.0, 1.05, 2000.0, 1000.0)


def test_the_bare_network_is_the_probed_one_without_a_probe():
    made = Networks.make("seresnet50_slim", 64)
    again = Networks.make("seresnet50_slim", 64)
    assert made.batch.shape == (1, 3, 64, 64)
    assert torch.equal(made.batch, again.batch)
    assert torch.equal(torch.from_numpy(made.image), made.batch[0])
    ours, theirs = made.loaded.model.state_dict(), made.bare.state_dict()
    assert all(torch.equal(ours[name], value) for name, value in theirs.items())
    with torch.no_grad():
        assert torch.equal(made.loaded.model(made.batch), made.bare(made.batch))
    assert any(m._forward_hooks for m in made.loaded.model.modules())
    assert not any(m._forward_hooks for m in made.bare.modules())
    three = made.rows(3)
    assert torch.equal(three, torch.cat([made.batch] * 3))
