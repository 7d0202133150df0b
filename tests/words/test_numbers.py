import pytest

from seviz.words.numbers import decimals, difference, duration, ordinal, percent, points, signed


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0.0 %"),
        (0.0004, "< 0.1 %"),
        (0.012, "1.2 %"),
        (0.314, "31 %"),
        (0.9951, "99.5 %"),
        (0.9999, "> 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_percent(share: float, written: str):
    assert percent(share) == written


def test_differences_and_values_have_a_minus_sign():
    assert (points(-0.123), points(0.5), signed(-0.12345)) == ("−12.3", "+50.0", "−0.1235")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "about 1 s"), (12.4, "about 12 s"), (200, "about 3 min")]
)
def test_times_to_come(seconds: float, said: str):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "about 1 s"), (1, "about 1 s"), (89.4, "about 89 s"), (90, "about 2 min")],
)
def test_a_time_to_come_is_in_seconds_up_to_a_minute_and_a_half(seconds: float, said: str):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [
        *((1, ""), (2, "2nd "), (3, "3rd "), (4, "4th "), (11, "11th "), (12, "12th ")),
        *((13, "13th "), (21, "21st "), (22, "22nd "), (101, "101st "), (111, "111th ")),
    ],
)
def test_a_rank_has_its_english_ending_and_the_first_none(n: int, said: str):
    assert ordinal(n) == said


def test_decimals_are_rounded_and_differences_have_a_sign():
    assert (decimals(-1.256, 2), decimals(3, 1)) == ("−1.26", "3.0")
    assert (difference(-1.256), difference(2), difference(0)) == ("−1.26", "+2.00", "0.00")
    assert (signed(0.000012345), signed(12345.6)) == ("1.234e−05", "1.235e+04")


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.001, "0.1 %"), (0.0999, "10.0 %"), (0.1, "10 %"), (0.99, "99 %"), (0.999, "99.9 %")],
)
def test_shares_have_a_decimal_near_both_ends(share: float, written: str):
    assert percent(share) == written


def test_what_rounds_to_0_has_no_sign():
    assert (points(-0.0004), points(0.0004), points(-0.0006)) == ("0.0", "0.0", "−0.1")
    assert (difference(0.0625, 3), difference(-0.0004, 3)) == ("+0.062", "0.000")
    assert (difference(-0.004), decimals(-0.004, 2), signed(-0.0)) == ("0.00", "0.00", "0")
