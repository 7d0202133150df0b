"""The gates of a photograph that are more open, or more shut, than usual: as tables."""

from seviz.analysis.movers import movers, movers_against_arm
from seviz.records.arms import IDENTITY
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.words.arms import arm_title
from seviz.words.tables import Table, movers_table


def moved_gates(
    record: Trace, row: int, count: int, *, profile: Profile | None = None
) -> list[Table]:
    """List up to `count` gates that are more open than usual, and as many that are more shut.

    Without reference statistics (profile, or the network's own) they are compared with those of an
    arm, by its row; none where that is the first.
    """
    known = profile or reference(record.model)
    if known:
        found, beside = movers(record, known, count), "usual"
    elif row:
        found, beside = movers_against_arm(record, row, count), arm_title(record.arms[row])
    else:
        return []
    titles = (f"More open than {beside}", f"More shut than {beside}")
    if not known and record.arms[row].edits == IDENTITY.edits:
        titles = ("Largest gates over 1", "Smallest gates")  # that they are under 1 needs no saying
    return [movers_table(t, of, beside) for t, of in zip(titles, found, strict=True) if of]
