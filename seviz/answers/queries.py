"""What the command line and the API ask about one photograph: typed answers, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.analysis.channels import drivers, effects
from seviz.analysis.necessity import necessity
from seviz.errors import UserError
from seviz.gates.grammar import parse_arm
from seviz.passes.dispatch import ask, fetch
from seviz.passes.forward import trace
from seviz.records.analysis import Drivers, Necessity
from seviz.records.arms import INTACT, Edit
from seviz.records.trace import Answer, Trace
from seviz.reference.diagnosis import Diagnosis, diagnose
from seviz.reference.gather import reference
from seviz.reference.percentiles import nearest_classes, percentiles
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.zoo import catalogue
from seviz.zoo.labels import class_names, find_class, labels

TOP = 8  # channels measured exactly
NEAREST = 3  # classes named for each block
DRIVERS = 5  # descriptors of either sign named for a gate


@dataclass(frozen=True)
class Change:
    """How an answer changes, edited − intact, and whether the first answer became another."""

    logit: float
    probability: float
    flipped: bool


@dataclass(frozen=True)
class BlockNeed:
    """What replacing a block's gates changes: its own alone, and with all blocks behind it."""

    name: str
    alone: Change
    onward: Change


@dataclass(frozen=True)
class Needs:
    """The answer of `necessity`: what replaced the gates, the class followed, and the blocks."""

    model: str
    replaced_by: str
    target: Answer
    blocks: list[BlockNeed]


@dataclass(frozen=True)
class ChannelReport:
    """One channel's gate s: first_order and exact as in `ChannelEffect`.

    percentile: the share of reference images with a smaller gate, 0 to 100; None without them.
    """

    site: str
    channel: int
    s: float
    first_order: float
    exact: float
    percentile: float | None


@dataclass(frozen=True)
class Likeness:
    """A class whose mean gates are like a photograph's; 1: equal deviations from the mean."""

    label: str
    likeness: float


@dataclass(frozen=True)
class BlockReport:
    """A block's state, and the classes nearest by its gates (none without reference images)."""

    diagnosis: Diagnosis
    nearest: list[Likeness]


@dataclass(frozen=True)
class Slope:
    """∂s/∂z of a gate by the descriptor of one channel of its block."""

    channel: int
    slope: float


@dataclass(frozen=True)
class GateReport:
    """One gate, z and s, its slopes by the descriptors that raise and lower it most.

    z is None, and there are no slopes, where nothing was squeezed.
    """

    site: str
    channel: int
    z: float | None
    s: float
    raised_by: list[Slope]
    lowered_by: list[Slope]


@dataclass(frozen=True)
class Channels:
    """The answer of `channels`: the target, the channels that matter most, the blocks, one gate."""

    model: str
    target: Answer
    top: list[ChannelReport]
    blocks: list[BlockReport]
    gate: GateReport | None


def needed(
    key: str,
    photo: Image.Image,
    *,
    replace: str = "",
    target: str = "",
    profile: Profile | None = None,
) -> Needs:
    """Replace an RGB photograph's gates block by block; UserError for bad input.

    replace: a rule of `seviz.gates.grammar`, by default static where there are reference statistics
    (profile, or those that travel with the network) and identity else. target: a class by name or
    number; the intact answer by default.
    """
    key = fetch(key)
    known = profile or reference(key)
    arm = parse_arm(replace or ("static" if known else "identity"))
    if [Edit(edit.rule) for edit in arm.edits] != list(arm.edits) or len(arm.edits) != 1:
        raise UserError(f"“{replace}” is no rule for every block; take static, identity or all=0.")
    followed = find_class(labels(key), target) if target else None
    recorded = recorded_for(key, [arm], profile)
    image = ask(trace, key, photo, [INTACT]).image
    found = ask(necessity, key, image, arm.edits[0].rule, recorded, followed)
    blocks = [
        BlockNeed(name, _change(found, 0, column), _change(found, 1, column))
        for column, name in enumerate(found.sites)
    ]
    return Needs(found.model, found.rule, found.target, blocks)


def _change(found: Necessity, row: int, column: int) -> Change:
    at = row, column
    return Change(float(found.logit[at]), float(found.probability[at]), bool(found.flipped[at]))


def examined(
    key: str,
    photo: Image.Image,
    *,
    target: str = "",
    top: int = TOP,
    gate: str = "",
    profile: Profile | None = None,
) -> Channels:
    """Find the channels whose gates matter most for an answer, and the state of every block.

    target and profile: as of `needed`; top: how many channels; gate: one to be explained too, such
    as SE_4_6[17]. UserError for bad input.
    """
    if top < 1:
        raise UserError(f"top is {top}; it counts channels, so 1 or more.")
    key = fetch(key)
    record = ask(trace, key, photo, [INTACT])
    if profile is not None:
        profile.check_fits(catalogue.identity(key), record.sites)
    known = profile or reference(key)
    followed = find_class(labels(key), target) if target else None
    explained = _gate(record, gate) if gate else None
    found = ask(effects, key, record.image, followed, top)
    reports = [
        ChannelReport(**vars(e), percentile=_percentile(record, known, e.site, e.channel))
        for e in found.top
    ]
    blocks = [_block(record, known, site.name) for site in record.sites]
    return Channels(key, found.target, reports, blocks, explained)


def _percentile(record: Trace, known: Profile | None, site: str, channel: int) -> float | None:
    return float(percentiles(known.blocks[site], record.s[site][0])[channel]) if known else None


def _block(record: Trace, known: Profile | None, name: str) -> BlockReport:
    s, called = record.s[name][0], class_names(record.model)
    near = nearest_classes(known, name, s, NEAREST) if known else []
    return BlockReport(
        diagnose(name, s, known.blocks[name] if known else None),
        [Likeness(called.get(folder, folder), likeness) for folder, likeness in near],
    )


def _gate(record: Trace, text: str) -> GateReport:
    """Explain the gate that a text such as SE_4_6[17] names."""
    edit, *more = parse_arm(f"{text}=0").edits
    first, stop = edit.channels[0] if len(edit.channels) == 1 else (0, 0)
    site = next((site for site in record.sites if edit.place in (site.name, site.path)), None)
    if more or site is None or stop != first + 1 or first >= site.channels:
        raise UserError(
            f"“{text}” names no gate of {catalogue.title(record.model)}; write one such as "
            f"{record.sites[-1].name}[0]."
        )
    z = record.z[site.name][0]
    slopes = ask(drivers, record.model, site.name, z, first)
    return GateReport(
        site=site.name,
        channel=first,
        z=float(z[first]) if site.squeezed else None,
        s=float(record.s[site.name][0, first]),
        raised_by=_largest(slopes, 1),
        lowered_by=_largest(slopes, -1),
    )


def _largest(found: Drivers, sign: int) -> list[Slope]:
    order = (-sign * found.jacobian).argsort(kind="stable")[:DRIVERS]
    return [Slope(int(j), float(found.jacobian[j])) for j in order if sign * found.jacobian[j] > 0]
