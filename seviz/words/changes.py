"""Changes of a photograph in sentences: what becomes of the answer, and what is learnt."""

from dataclasses import dataclass

from seviz.analysis.drift import drift_pair
from seviz.analysis.photo_pair import MEASURES, BlockDistance
from seviz.photos.changes import (
    ATTACKED,
    JIGSAW,
    MIRRORED,
    PAINTED,
    Change,
    find_change,
)
from seviz.phrases import capitalize, join_list
from seviz.records.drift import Drift, Passed
from seviz.reference.profile import Profile
from seviz.words.arms import arm_clause
from seviz.words.numbers import percent
from seviz.words.photo_pair import pair_words

CURVE_HELP = (
    "Each column's probability of the class that is followed, from the photograph as it is (left) "
    "to the strongest change; the dotted line is at the strength chosen."
)
OF = "with the change and without it"
HALF = 50  # percentile: nearer than most pairs of reference images below it
STILL, STILL_FIRST = "still", "still first"
MOVES_LATER, MOVES_EARLIER = "moves later", "moves earlier"


@dataclass(frozen=True)
class Lesson:
    """What a change teaches, and what it says of the gates, which is checked on each photograph.

    claim: STILL (no block's gates move as far as those of most pairs of photographs), STILL_FIRST
    (those of the first block do not), MOVES_LATER (those of the last block move farther than those
    of the first, as places among pairs), or MOVES_EARLIER (the other way round).
    """

    text: str
    claim: str


LESSONS = {
    MIRRORED: Lesson(
        "z is a mean over places, and most patterns come in both directions, so a mirror image "
        "should leave the gates nearly as they are.",
        STILL,
    ),
    "rotated": Lesson(
        "Textures stay, and z has no places, so the first block's gates should move less than "
        "another photograph moves them; but kernels know up from down, and so does the answer.",
        STILL_FIRST,
    ),
    "cropped": Lesson(
        "Everything is larger: edges stay edges to the first block, but later blocks, whose "
        "channels stand for parts of things, see other parts, so their gates should move more.",
        MOVES_LATER,
    ),
    "darker": Lesson(
        "Less light shrinks all of U at once, and no norm looks at the single photograph, so z of "
        "the first block shrinks with it and its gates move; those of later blocks should move "
        "less, as the network has learnt that light is not the thing.",
        MOVES_EARLIER,
    ),
    "blurred": Lesson(
        "A blur leaves each colour's mean as it is and takes the edges, which the first channels "
        "respond to: so z should move there first, and less where a block stands for things.",
        MOVES_EARLIER,
    ),
    "noisy": Lesson(
        "Noise leaves each colour's mean as it is, but its edges are everywhere, and a mean over "
        "places adds up all of them: so the first block's gates should move most.",
        MOVES_EARLIER,
    ),
    "grey": Lesson(
        "Edges are edges in grey, too, so the first block's gates should hardly move; a later "
        "block that moves shows where colour counts.",
        STILL_FIRST,
    ),
    "tinted": Lesson(
        "A tint changes every pixel but no edge, so the first block's gates should hardly move; a "
        "later block that moves shows where colour counts.",
        STILL_FIRST,
    ),
    "jpeg": Lesson(
        "Compression keeps the means of small squares and drops their detail; the squares' own "
        "edges take its place, so the first block's gates should not move far.",
        STILL_FIRST,
    ),
    JIGSAW: Lesson(
        "z of the first block is a mean over places, so shuffled tiles should barely move it; what "
        "moves later is what the layers see at the seams and across places.",
        STILL_FIRST,
    ),
    "smaller": Lesson(
        "Fewer pixels hold the same means without their detail, as of a blur: so z should move in "
        "the first block, and less where a block stands for things.",
        MOVES_EARLIER,
    ),
    PAINTED: Lesson(
        "z is a mean over all places: a part that is painted over is only its share of each mean, "
        "so the first gates should hardly move, while what is no longer there is missing later.",
        STILL_FIRST,
    ),
    ATTACKED: Lesson(
        "The step is chosen to change the answer of the network with its gates, and it is hard to "
        "see; a small one should leave the gates nearly as they are, whatever the answer becomes.",
        STILL,
    ),
}


def change_headline(
    drift: Drift, point: Passed, profile: Profile | None, *, measure: str = MEASURES[0]
) -> tuple[str, str]:
    """Say what a change does to the intact answer and gates; a headline, and more or ""."""
    change = find_change(drift.changing.change)
    if point.strength == change.neutral:
        return "At this strength the photograph is as it is, and so is every gate.", ""
    pair = drift_pair(drift, point, profile)
    gates, more = pair_words(pair, measure, of=OF)
    said = f"{capitalize(change.title)}{_strength(change, point.strength)}, "
    if drift.labels:
        return f"{said}{_answer_words(drift, point)}.", f"{gates} {more}".strip()
    return gates, more


def as_changed(change: Change, strength: float) -> str:
    """Say what a change makes of the photograph: “noisy (standard deviation of 255: 30)”."""
    return f"{change.title}{_strength(change, strength)}"


def lesson_words(drift: Drift, point: Passed, profile: Profile | None) -> str:
    """Say what a change teaches, and whether that is so for this photograph, as measured."""
    lesson = LESSONS[drift.changing.change]
    if point.strength == drift.unchanged.strength:
        return lesson.text
    pair = drift_pair(drift, point, profile)
    placed = [block for block in pair.blocks if _place(block) is not None and not block.constant]
    if not placed:
        return f"{lesson.text} Here {_measured(pair.blocks[0], pair.blocks[-1])}."
    verdict = "So it is here:" if _holds(lesson.claim, placed) else "Not so here:"
    return f"{lesson.text} {verdict} {_measured(*_witnesses(lesson.claim, placed))}."


def holding_words(drift: Drift) -> str:
    """Say up to which strength the answer of each arm holds; "" without answers."""
    change = find_change(drift.changing.change)
    if not drift.labels or len(drift.points) < 2:
        return ""
    held = {arm_clause(arm): _last_held(drift, row) for row, arm in enumerate(drift.arms)}
    if change.name == MIRRORED:
        kept = [clause for clause, last in held.items() if last == drift.points[-1].strength]
        lost = [clause for clause in held if clause not in kept]
        parts = [f"it stays {join_list(kept)}"] if kept else []
        parts += [f"it becomes another {join_list(lost)}"] if lost else []
        return f"The network's first answer: {'; '.join(parts)}."
    unit = f" ({change.strength})" if change.strength else ""
    parts = [f"{clause} {_until(drift, last)}" for clause, last in held.items()]
    return f"How far each first answer stays, at the strengths measured{unit}: {'; '.join(parts)}."


def _until(drift: Drift, last: float) -> str:
    if last == drift.points[-1].strength:
        return "to the end"
    if last == drift.unchanged.strength:
        return "not even at the weakest"
    return f"up to {last:g}"


def _last_held(drift: Drift, arm: int) -> float:
    """Return the last strength up to which an arm's first answer is that to the unchanged one."""
    own = int(drift.unchanged.logits[arm].argmax())
    last = drift.unchanged.strength
    for point in drift.points:
        if int(point.logits[arm].argmax()) != own:
            break
        last = point.strength
    return last


def _strength(change: Change, strength: float) -> str:
    return f" ({change.strength}: {strength:g})" if change.strength else ""


def _answer_words(drift: Drift, point: Passed) -> str:
    """Say within a sentence what becomes of the intact answer."""
    before, after = drift.answer(drift.unchanged, 0), drift.answer(point, 0)
    if after.index == before.index:
        return (
            f"the photograph is still “{before.label}” to the network ({percent(after.probability)}"
            f", as it is {percent(before.probability)})"
        )
    return (
        f"the photograph is “{after.label}” to the network ({percent(after.probability)}), no "
        f"longer “{before.label}”"
    )


def _place(block: BlockDistance) -> float | None:
    return block.place(MEASURES[0])


def _places(blocks: list[BlockDistance]) -> list[float]:
    return [place for block in blocks if (place := _place(block)) is not None]


def _holds(claim: str, placed: list[BlockDistance]) -> bool:
    """Tell whether a claim holds for blocks that have places, in depth order."""
    places = _places(placed)
    if claim == STILL:
        return max(places) < HALF
    if claim == STILL_FIRST:
        return places[0] < HALF
    first, last = places[0], places[-1]
    return first < last if claim == MOVES_LATER else first > last


def _witnesses(claim: str, placed: list[BlockDistance]) -> tuple[BlockDistance, BlockDistance]:
    """Return the two blocks whose distances show whether a claim holds."""
    if claim == STILL:
        most = max(range(len(placed)), key=_places(placed).__getitem__)
        return placed[0], placed[most]
    return placed[0], placed[-1]


def _measured(first: BlockDistance, other: BlockDistance) -> str:
    """Say within a sentence how far the gates moved at one block or two."""
    if first.site == other.site:
        return f"at {first.site} the gates move by {_distance(first)}"
    near, far = _distance(first), _distance(other)
    return f"at {first.site} the gates move by {near}, at {other.site} by {far}"


def _distance(block: BlockDistance) -> str:
    place = _place(block)
    among = "" if place is None else f", farther than {percent(place / 100)} of reference pairs"
    return f"{block.cosine:.2g} (cosine distance{among})"
