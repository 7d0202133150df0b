"""What hypothesis tries: the same examples in each run, each within five seconds."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def tries(count: int) -> settings:
    """Return settings for a number of examples."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=5000,
        suppress_health_check=SLOW,
    )


NUMBERS = st.one_of(
    st.integers(),
    st.floats(),  # NaN and infinities among them
    st.sampled_from([0, -1, 10**9, 10**400, 1e308, float("nan"), True]),
)
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "9" * 5000, "-1", "²", "a\0b", "\x1b[31m", "\udc80", "../../etc/passwd", "<a href=x>"]
    ),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
