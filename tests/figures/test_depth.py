import numpy as np
import pytest
from made_record import S

from seviz.figures.depth import depth_profile
from seviz.records.trace import Trace


def test_the_depth_profile_draws_quantiles_and_the_shares_at_the_ends(record: Trace):
    by_name = {t.name: t for t in depth_profile(record, arm=0).data if t.name}
    assert by_name["median"].y[0] == pytest.approx((0.1 + 0.5) / 2)
    assert by_name["25–75 %"].y[0] == pytest.approx(np.quantile(S[0], 0.75))
    assert by_name["5–95 %"].y[1] == pytest.approx(np.quantile(S[0, :2], 0.95))
    assert by_name["s > 0.95"].y == (0.25, 0.5)
    assert by_name["s < 0.05"].y == (-0.25, 0.0)
