"""Numbers for people."""

from seviz.phrases import minus


def percent(share: float) -> str:
    """Write a share for people: 78 %, 0.4 %, and never 0 % or 100 % for what only comes near."""
    points = 100 * share
    if 0 < points < 0.1:
        return "< 0.1 %"
    if 99.9 < points < 100:
        return "> 99.9 %"
    digits = 1 if points < 10 or points > 99 else 0
    return f"{points:.{digits}f} %"


def points(change: float) -> str:
    """Write a difference of two shares in percentage points, with its sign; 0.0 has none."""
    return difference(100 * change, 1)


def signed(value: float) -> str:
    """Write a value to four digits, with a minus sign instead of a hyphen."""
    return minus(f"{value + 0.0:.4g}")


def decimals(value: float, digits: int) -> str:
    """Write a value to so many decimals, with a minus sign instead of a hyphen."""
    return minus(f"{round(float(value), digits) + 0.0:.{digits}f}")


def ordinal(n: int) -> str:
    """Write “2nd ” for 2, and nothing for 1: the largest, the 2nd largest."""
    if n == 1:
        return ""
    suffix = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix} "


def difference(value: float, digits: int = 2) -> str:
    """Write a difference to so many decimals, with its sign, but 0.00 without one."""
    rounded = round(float(value), digits)
    return minus(f"{rounded:+.{digits}f}") if rounded else f"{0:.{digits}f}"


def duration(seconds: float) -> str:
    """Write a time to come: “about 12 s”, “about 3 min”."""
    if seconds < 1:
        return "about 1 s"
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min"
