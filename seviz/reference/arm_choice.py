"""Which arms a network can have, and which are compared unless others are chosen."""

from seviz.records.arms import ARMS, IDENTITY, INTACT, STATIC, TWIN, Arm
from seviz.reference.gather import reference
from seviz.zoo.catalogue import find, twin_at_hand


def possible_arms(key: str) -> tuple[Arm, ...]:
    """Return the arms of `ARMS` that a network can have, in that order.

    Static gates need reference statistics, and the twin arm a twin, whose weights may first have to
    be downloaded. UserError where there is no such network.
    """
    lacking = []
    if reference(key) is None:
        lacking.append(STATIC)
    if find(key).twin is None:
        lacking.append(TWIN)
    return find(key).named([arm for arm in ARMS.values() if arm not in lacking])


def default_arms(key: str) -> tuple[Arm, ...]:
    """Return intact, static (identity without statistics), and the twin whose weights are here.

    UserError where there is no such network.
    """
    without = IDENTITY if reference(key) is None else STATIC
    return find(key).named([INTACT, without, *([TWIN] if twin_at_hand(key) else [])])
