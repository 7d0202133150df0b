"""Work on explanations tells how far it is, and hears that it should stop, wherever it is."""

import numpy as np
import pytest

from seviz.attribution.layers import layer_path, layer_site
from seviz.attribution.maps import attribute
from seviz.attribution.methods import reasons_against
from seviz.attribution.shares import gate_shares
from seviz.faithfulness.trust import trust
from seviz.records.arms import IDENTITY, INTACT
from seviz.watch import Stopped, Watch

ARMS = (INTACT, IDENTITY)


class Told(Watch):
    """Collects the shares that it is told, and stops the work after some of them."""

    def __init__(self, last: int = 10**6) -> None:
        super().__init__()
        self.shares: list[float] = []
        self._last = last

    def report(self, share: float) -> None:
        self.shares.append(share)
        if len(self.shares) > self._last:
            self.stop()
        super().report(share)


class Deaf(Watch):
    """Hears nothing of rows that have passed: it stops the work within a pass, or not at all."""

    def __init__(self, blocks: int) -> None:
        super().__init__()
        self._left = blocks

    def report(self, share: float) -> None:
        pass

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Stopped


@pytest.fixture(scope="module")
def image(small) -> np.ndarray:
    draw = np.random.default_rng(0)
    return draw.standard_normal(small.input_size).astype(np.float32)


def stops_in_the_first_pass(small, work) -> None:
    """Expect that work which is stopped in the middle of the network never comes to its end."""
    # A network is passed once for these, before anything is asked.
    reasons_against(small)
    layer_path(small, layer_site(small, ""))
    ends: list[int] = []
    hook = small.model.fc.register_forward_pre_hook(lambda _, x: ends.append(len(x[0])))
    watch = Deaf(len(small.probe.sites) // 2)
    try:
        with pytest.raises(Stopped):
            work(watch)
    finally:
        hook.remove()
        watch.close()
    assert ends == []


@pytest.mark.parametrize("method", ["saliency", "gradcam"])
def test_a_map_is_stopped_within_a_pass(small, image, method: str):
    stops_in_the_first_pass(
        small, lambda watch: attribute(small, image, ARMS, method=method, target=1, watch=watch)
    )


def test_shares_of_gates_are_stopped_within_a_pass(small, image):
    gates = {s.name: np.full(s.channels, 0.5, np.float32) for s in small.probe.sites}

    def share(watch: Watch | None) -> None:
        gate_shares(small, image, s=gates, reference=gates, name="itself", steps=1, watch=watch)

    share(None)  # the first one proves that rows may branch
    stops_in_the_first_pass(small, share)


def test_a_map_begins_at_nothing_and_ends_at_all(small, image):
    watch = Told()
    attribute(small, image, ARMS, method="smoothgrad", steps=8, watch=watch)
    assert watch.shares[0] <= 0.2
    assert watch.shares[-1] == pytest.approx(1.0)


def test_shares_of_gates_begin_at_nothing(small, image):
    watch, sites = Told(), small.probe.sites
    own, others = ({s.name: np.full(s.channels, v, np.float32) for s in sites} for v in (0.5, 1.0))
    gate_shares(small, image, s=own, reference=others, name="identity", steps=8, watch=watch)
    assert watch.shares[0] <= 0.25


def test_measures_rise_and_are_stopped_in_the_middle_of_a_map(small, image):
    found = attribute(small, image, ARMS, method="smoothgrad", steps=8)
    watch = Told()
    trust(small, image, found, watch=watch)
    assert watch.shares == sorted(watch.shares)
    assert watch.shares[-1] <= 1.01
    within = Told(last=2)  # the first map of the controls passes more rows than that
    with pytest.raises(Stopped):
        trust(small, image, found, watch=within)
    assert within.shares[-1] < 0.1
