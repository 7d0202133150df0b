"""Which channels matter for an answer, and the state of the blocks: a report, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.errors import UserError
from seviz.gates.grammar import named_gate
from seviz.passes.dispatch import ask, fetch
from seviz.passes.estimate import GRADIENT
from seviz.passes.gpu_seconds import counts, on_cpu
from seviz.records.analysis import Drivers, Effects
from seviz.records.arms import INTACT
from seviz.records.places import GatePlaces
from seviz.records.sites import Site
from seviz.records.target import ClassTarget, Gate
from seviz.records.trace import Answer, Trace
from seviz.reference.diagnosis import Diagnosis, diagnose
from seviz.reference.gather import reference
from seviz.reference.percentiles import Doubles, nearest_classes, percentiles
from seviz.reference.profile import Profile
from seviz.reference.ranges import shipped_ranges
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel
from seviz.zoo.targets import class_target

TOP = 8  # channels measured exactly
NEAREST = 3  # classes named for each block
DRIVERS = 5  # descriptors of either sign named for a gate


@dataclass(frozen=True)
class RankedChannel:
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
    """A class, and how like its mean gates are to a photograph's: −1 to 1 (`nearest_classes`)."""

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
class PlacesReport:
    """What each place of a block's features adds to one gate, to first order: see `GatePlaces`.

    at_zero: the gate where all features are 0; linear: what all places add together; rest: what
    these two leave of s; map: what each place adds, H rows of W numbers.
    """

    at_zero: float
    linear: float
    rest: float
    map: list[list[float]]

    @classmethod
    def of(cls, places: GatePlaces) -> "PlacesReport":
        """Take the plain numbers of a record."""
        return cls(places.at_zero, places.linear, places.rest, places.map.tolist())


@dataclass(frozen=True)
class GateReport:
    """One gate, z and s, its slopes by the descriptors that raise and lower it most, its places.

    z and places are None, and there are no slopes, where nothing was squeezed.
    """

    site: str
    channel: int
    z: float | None
    s: float
    raised_by: list[Slope]
    lowered_by: list[Slope]
    places: PlacesReport | None


@dataclass(frozen=True)
class ChannelsReport:
    """Which channels matter for an answer.

    target: the class whose logit is followed; top: the channels that matter most for it, that
    first; blocks: in depth order; gate: the report on one gate, if requested.
    """

    model: str
    target: Answer
    top: list[RankedChannel]
    blocks: list[BlockReport]
    gate: GateReport | None


@dataclass(frozen=True, eq=False)
class ChannelsAnswer:
    """A report with the records that it was made from."""

    report: ChannelsReport
    trace: Trace
    effects: Effects


def channels_report(
    key: str,
    photo: Image.Image,
    *,
    target: str = "",
    top: int = TOP,
    gate: str = "",
    profile: Profile | None = None,
) -> ChannelsReport:
    """Return the report of `channels_answer` alone."""
    asked = channels_answer(key, photo, target=target, top=top, gate=gate, profile=profile)
    return asked.report


def channels_answer(
    key: str,
    photo: Image.Image,
    *,
    target: str = "",
    top: int = TOP,
    gate: str = "",
    profile: Profile | None = None,
) -> ChannelsAnswer:
    """Find the channels whose gates matter most for an answer, and the state of every block.

    target and profile: as of `necessity_answer`; top: how many channels; gate: one such as
    SE_4_6[17], to report on it too. UserError for bad input.
    """
    followed = _followed(key, target, top)
    key = fetch(key)
    record, measured, of_gate = ask(_measured, key, photo, target=followed, top=top, gate=gate)
    if profile is not None:
        profile.check_fits(find(key), record.sites)
    reports = [
        RankedChannel(**vars(e), percentile=percentile(record, e.site, e.channel, profile=profile))
        for e in measured.top
    ]
    blocks = [
        BlockReport(
            block_diagnosis(record, site.name, profile),
            block_likeness(record, site.name, NEAREST, profile=profile),
        )
        for site in record.sites
    ]
    report = ChannelsReport(key, measured.target, reports, blocks, of_gate)
    return ChannelsAnswer(report, record, measured)


def check_channels(
    key: str,
    *,
    target: str = "",
    top: int = TOP,
    gate: str = "",
    profile: Profile | None = None,
) -> None:
    """Raise the UserError of `channels_answer` for arguments that suit no photograph."""
    _followed(key, target, top)
    sites = ask(_check_gate, fetch(key), gate)
    if profile is not None:
        profile.check_fits(find(key), sites)


def _followed(key: str, target: str, top: int) -> ClassTarget | None:
    """Return the class, or classes, to follow, None for the answer; UserError for bad input."""
    if top < 1:
        raise UserError(f"top is {top}; give a number of channels, 1 or more.")
    return class_target(find(key), target) if target else None


@on_cpu
def _check_gate(loaded: LoadedModel, gate: str) -> tuple[Site, ...]:
    """Return a network's blocks; UserError where a gate, if one is named, is not theirs."""
    if gate:
        named_gate(loaded.probe.sites, gate, loaded.title)
    return loaded.probe.sites


@counts(lambda *_, top, gate, **__: GRADIENT + 4 + top + (GRADIENT if gate else 0))
def _measured(
    loaded: LoadedModel, photo: Image.Image, *, target: ClassTarget | None, top: int, gate: str
) -> tuple[Trace, Effects, GateReport | None]:
    """Trace a photograph, measure its gates' effects, and report on one gate if asked for."""
    from seviz.analysis.channels import effects
    from seviz.passes.forward import trace

    named = named_gate(loaded.probe.sites, gate, loaded.title) if gate else None
    record = trace(loaded, photo, [INTACT])
    of_gate = _gate(loaded, record, named) if named else None
    return record, effects(loaded, record.image, target=target, top=top), of_gate


# These are of a trace's first arm; profile: by default the network's own `reference`.


def block_percentiles(record: Trace, site: str, profile: Profile | None = None) -> Doubles | None:
    """Return the percentiles (C) of a block's gates among the reference images; None without."""
    known = profile or reference(record.model)
    return percentiles(known.blocks[site], record.s[site][0]) if known else None


def percentile(
    record: Trace, site: str, channel: int, *, profile: Profile | None = None
) -> float | None:
    """Return the percentile of one gate among the reference images; None without them."""
    of_block = block_percentiles(record, site, profile)
    return None if of_block is None else float(of_block[channel])


def block_likeness(
    record: Trace, site: str, count: int, *, profile: Profile | None = None
) -> list[Likeness]:
    """List the classes whose mean gates in a block are most like a photograph's, nearest first."""
    known, names = profile or reference(record.model), find(record.model).class_names
    near = nearest_classes(known, site, record.s[site][0], k=count) if known else []
    return [Likeness(names.get(folder, folder), likeness) for folder, likeness in near]


def block_diagnosis(record: Trace, site: str, profile: Profile | None = None) -> Diagnosis:
    """Diagnose a block; without a reference the diagnosis lacks how far gates vary over images."""
    known = profile or reference(record.model)
    ranges = shipped_ranges(record.model).get(site)
    return diagnose(site, record.s[site][0], known.blocks[site] if known else None, ranges=ranges)


def _gate(loaded: LoadedModel, record: Trace, gate: Gate) -> GateReport:
    """Report on one gate."""
    from seviz.analysis.channels import drivers
    from seviz.analysis.places import gate_places

    site = record.site(gate.site)
    z = record.z[site.name][0]
    slopes = drivers(loaded, site.name, z, channel=gate.channel)
    places = None
    if site.squeezed:
        places = gate_places(loaded, record.image, site.name, channel=gate.channel)
    return GateReport(
        site=site.name,
        channel=gate.channel,
        z=float(z[gate.channel]) if site.squeezed else None,
        s=float(record.s[site.name][0, gate.channel]),
        raised_by=_largest(slopes, 1),
        lowered_by=_largest(slopes, -1),
        places=PlacesReport.of(places) if places else None,
    )


def _largest(slopes: Drivers, sign: int) -> list[Slope]:
    """List the largest slopes of a sign (1 or −1), the steepest first."""
    row = slopes.jacobian
    order = (-sign * row).argsort(kind="stable")[:DRIVERS]
    return [Slope(int(j), float(row[j])) for j in order if sign * row[j] > 0]
