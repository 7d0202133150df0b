import numpy as np
import pytest
from made_record import S, Z

from seviz.records.arms import IDENTITY, INTACT
from seviz.records.sites import Site
from seviz.records.trace import Trace


@pytest.fixture
def record() -> Trace:
    sites = (Site("layer1.0.se", "SE_2_1", 2, 1, 4, 2), Site("layer1.1.se", "SE_2_2", 2, 2, 2, 1))
    s = {"SE_2_1": S, "SE_2_2": S[:, :2]}
    return Trace(
        model="made",
        sites=sites,
        arms=(INTACT, IDENTITY),
        labels=("a", "b"),
        z={"SE_2_1": Z, "SE_2_2": Z[:, :2]},
        s={name: np.ones_like(v) for name, v in s.items()},
        s_computed=s,
        logits=np.zeros((2, 2), np.float32),
        image=np.zeros((3, 4, 4), np.float32),
        seen=np.zeros((4, 4, 3), np.uint8),
    )
