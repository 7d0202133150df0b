"""What people read where ZeroGPU lends no GPU, or takes it back: when to come again.

The package tells its reasons apart by the titles of its errors.
"""

import re

LOST = "The process that computed this has ended before its answer; try again."
NEEDED = re.compile(r"\((\d+)s requested vs\. (\d+)s left\)")
AGAIN = re.compile(r"Try again in (?:(\d+) days?, )?(\d+):(\d\d):(\d\d)")
ABORTED = "GPU task aborted"


def offer_cpu(seconds: float) -> str:
    """Offer the CPU, which takes about so many seconds, as what may be done instead."""
    about = f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
    return f"or choose “Answer on the CPU” (cpu=true in scripts), about {about}"


def sentence(error: Exception, seconds: int, *, offer: str) -> str:
    """Say what an error of the package means for people; "" for one of another kind.

    seconds: those that were asked for; offer: a clause about what may be done instead.
    """
    title = str(getattr(error, "title", ""))
    says = str(getattr(error, "message", error))
    if title == "ZeroGPU quota exceeded" and "No GPU was available" not in says:
        return f"{_used_up(says, seconds)}: come back {_when(says)}, {offer}."
    if title == "ZeroGPU pending credits exceeded":
        return f"Your other questions hold all your GPU time: come back when one is done, {offer}."
    if title == "ZeroGPU illegal duration":
        return f"This needs {seconds} s of a GPU, more than is lent at once: ask for less, {offer}."
    if title == "ZeroGPU worker error" and says == ABORTED:
        return f"The GPU was taken back before the answer, {seconds} s at most: try again, {offer}."
    if "No GPU was available" in says:
        return f"No GPU is free now: come back in a minute, {offer}."
    if title == "ZeroGPU client error" or _is_unreachable(error):
        return f"The GPU could not be asked for: reload the page and try again, {offer}."
    return ""


def _used_up(says: str, seconds: int) -> str:
    """Say what of the GPU time is missing."""
    if found := NEEDED.search(says):
        seconds, left = map(int, found.groups())
        return f"This needs {seconds} s of a GPU, and of today’s you have {left} s left"
    return f"This needs {seconds} s of a GPU, more than you have left today"


def _when(says: str) -> str:
    """Say when there will be GPU time again; a day after its first use at the latest."""
    found = AGAIN.search(says)
    if found is None:
        return "within 24 hours"
    days, hours, minutes, _ = (int(part or 0) for part in found.groups())
    hours += 24 * days
    return f"in {hours} h {minutes} min" if hours else f"in {minutes + 1} min"


def _is_unreachable(error: Exception) -> bool:
    """Tell whether the platform itself did not answer, or not as it should."""
    return type(error).__module__.startswith("httpx") or "ZeroGPU API" in str(error)
