"""Pictures that are made for a gate, in sentences."""

from collections.abc import Sequence

from seviz.records.aims import CENTRE, CHANNEL, OPEN, SHUT
from seviz.records.pictures import ControlPicture, MadePicture, PicturesReport
from seviz.words.gates import sample_words
from seviz.words.numbers import decimals

TITLES = {
    OPEN: "What opens the gate",
    SHUT: "What shuts the gate",
    CHANNEL: "What excites the channel",
    CENTRE: "What excites the channel’s centre",
}
CONTROL = "Control: weights shuffled"
HINT = (
    "No photographs: each picture began as noise and was changed step by step, in small random "
    "shifts, scales and rotations, to raise or lower what the gate’s activation receives, or to "
    "excite the channel’s features U. What opens a gate need not be what its channel sees: the "
    "gate looks at all channels of its block. Columns are seeds: the same in each row."
)
TOO_LONG = (
    "On this machine that takes {time}, so it is not done here: `python -m seviz pictures "
    "{command} --model {key}` makes them."
)
NOT_KEPT = (
    "Pictures can’t be kept on this server; `python -m seviz pictures --block BLOCK --out DIR` "
    "draws them elsewhere."
)
CONTROL_HINT = (
    "The control was made in the same way with the network’s weights shuffled. Where it opens the "
    "gate of the trained network as well, the pictures above say little."
)


def headline(report: PicturesReport) -> str:
    """Say how far the pictures that open a gate do so, compared with photographs."""
    gate = f"{report.site}[{report.channel}]"
    opened = [of for of in report.pictures if of.aim == OPEN]
    if not opened:
        return f"Pictures made for {gate}."
    best = max(of.s for of in opened)
    reached = f"The picture that opens {gate} furthest has s = {decimals(best, 3)}"
    if report.most is None:
        return f"{reached}; noise has {decimals(report.noise, 3)}."
    behind = sample_words(report.images, report.all_images)
    return f"{reached}; 99 of 100 images have at most {decimals(report.most, 3)} ({behind})."


def nothing_words(report: PicturesReport) -> str:
    """Say what the gate is at images that show nothing."""
    return (
        f"At images of noise s = {decimals(report.noise, 3)} in the mean, and at the mean colour "
        f"alone {decimals(report.mean_colour, 3)}."
    )


def control_words(report: PicturesReport) -> str:
    """Say whether pictures of the shuffled network open the trained network's gate; maybe ""."""
    if not report.control:
        return ""
    reached = max(of.s for of in report.control)
    said = (
        f"With shuffled weights, pictures made in the same way reach s = {decimals(reached, 3)} in "
        "the trained network"
    )
    opened = max((of.s for of in report.pictures if of.aim == OPEN), default=None)
    if opened is None:
        return f"{said}."
    limit = opened if report.most is None else min(report.most, opened)
    if reached < limit:
        nothing = reached <= max(report.noise, report.mean_colour)
        no_more = ", no more than images that show nothing" if nothing else ""
        return f"{said}{no_more}: what opens this gate further is what the network has learnt."
    return f"{said}, which is no less: this gate opens for pictures without meaning, too."


def caption(of: MadePicture | ControlPicture) -> str:
    """Say what a picture reached."""
    return f"s = {decimals(of.s, 3)}"


def table_lines(report: PicturesReport) -> list[str]:
    """List the pictures for a terminal."""
    lines = [f"{'made to':28}  {'seed':>4}  {'s':>6}  percentile"]
    rows: Sequence[tuple[str, MadePicture | ControlPicture]] = [
        *((TITLES[of.aim], of) for of in report.pictures),
        *((CONTROL, of) for of in report.control),
    ]
    for title, of in rows:
        place = "" if of.percentile is None else f"{of.percentile:10.1f}"
        lines.append(f"{title:28}  {of.seed + 1:4}  {of.s:6.3f}  {place}".rstrip())
    return lines
