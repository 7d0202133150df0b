"""Answers of the command line as lines of text, for people; `--json` holds everything."""

from collections.abc import Iterator, Sequence

from seviz.analysis.photo_pair import MEASURES
from seviz.answers.explaining import Attributed
from seviz.answers.pairing import Compared
from seviz.answers.queries import Change, Channels, Needs
from seviz.attribution.methods import METHODS
from seviz.cli.bench_rows import Row, Skipped
from seviz.faithfulness.pointing import Interval, Pointing
from seviz.measuring.arm_accuracy import ByArm
from seviz.records.trust import MapTrust
from seviz.words.numbers import percent, signed


def needs_lines(found: Needs) -> Iterator[str]:
    """Write which blocks matter: a table of the logit's changes."""
    said = found.target
    yield f"{said.label}: {percent(said.probability)}, logit {signed(said.logit)}"
    yield f"Gates replaced by {found.replaced_by}: change of the logit, * where the answer flips."
    yield f"\n{'block':12}  {'alone':>9}  {'and all behind it':>18}"
    for block in found.blocks:
        yield f"{block.name:12}  {_changed(block.alone):>9}  {_changed(block.onward):>18}"


def _changed(change: Change) -> str:
    return f"{change.logit:+.3f}{'*' if change.flipped else ' '}"


def channels_lines(found: Channels) -> Iterator[str]:
    """Write which channels matter, the state of each block, and one gate's drivers."""
    yield f"{found.target.label}: what the gates add to its logit"
    yield f"\n{'channel':16}  {'s':>6}  {'first order':>11}  {'exact':>8}  percentile"
    for c in found.top:
        place = "" if c.percentile is None else f"{c.percentile:10.1f}"
        called = f"{c.site}[{c.channel}]"
        yield f"{called:16}  {c.s:6.3f}  {c.first_order:+11.4f}  {c.exact:+8.4f}  {place}"
    yield f"\n{'block':12}  {'gates':10}  nearest classes"
    for block in found.blocks:
        near = ", ".join(known.label for known in block.nearest)
        yield f"{block.diagnosis.site:12}  {block.diagnosis.verdict or 'at work':10}  {near}"
    if gate := found.gate:
        z = "" if gate.z is None else f"z = {signed(gate.z)}, "
        yield f"\n{gate.site}[{gate.channel}]: {z}s = {gate.s:.4f}"
        for way, slopes in (("raised", gate.raised_by), ("lowered", gate.lowered_by)):
            drivers = ", ".join(f"z[{d.channel}] ({d.slope:+.3g})" for d in slopes)
            yield f"{way} by {drivers or 'none'}"


def compared_lines(found: Compared, names: Sequence[str]) -> Iterator[str]:
    """Write what was found as lines of text; names: the two photographs'."""
    for name, answers in zip(names, (found.first, found.second), strict=True):
        yield f"{name}: {', '.join(f'{a.label} ({percent(a.probability)})' for a in answers)}"
    yield found.headline
    among = "  (farther than this share of pairs of reference images)" if found.reference else ""
    yield f"\n{'block':12}  {'cosine distance':>18}  {'mean |Δs|':>18}{among}"
    for b in found.blocks:
        cosine, difference = (_placed(b.value(m), b.place(m)) for m in MEASURES)
        yield f"{b.site:12}  {cosine}  {difference}{'  constant' if b.constant else ''}"
    yield f"\n{'block':12}  {'channel':>7}  {'first s':>8}  {'second s':>8}"
    for c in found.channels:
        far = "" if c.deviations is None else f"  {c.deviations:.1f} standard deviations apart"
        yield f"{c.site:12}  {c.channel:7}  {c.first:8.3f}  {c.second:8.3f}{far}"


def _placed(value: float, place: float | None) -> str:
    return f"{signed(value):>10} {'' if place is None else percent(place / 100):>7}"


def explained_lines(found: Attributed) -> Iterator[str]:
    """Write what the maps add up to, how far they can be trusted, and what the gates add."""
    said = found.target
    yield f"{said.label}: {percent(said.probability)}, logit {signed(said.logit)}"
    for method in found.methods:
        steps = f", {method.steps} steps" if method.steps else ""
        yield f"{method.title}{f' at {method.layer}' if method.layer else ''}{steps} {method.note}"
        for arm in method.arms:
            if arm.total is not None and arm.score is not None and arm.error is not None:
                yield (
                    f"  {arm.arm}: adds up to {arm.total:+.3f} of {arm.score:+.3f}, "
                    f"{percent(arm.error)} off"
                )
        for measured in method.trust:
            yield f"  {_trusted(measured)}"
    if gates := found.gates:
        yield (
            f"Gates: {gates.first} − {gates.second} is {gates.difference:+.3f}; the shares add up "
            f"to {gates.total:+.3f}, {percent(gates.error)} off"
        )
        largest = ", ".join(f"{c.site}[{c.channel}] {c.share:+.3f}" for c in gates.top[:5])
        yield f"  largest: {largest}"


def _trusted(measured: MapTrust) -> str:
    areas = ", ".join(f"{c.task} ({c.baseline}) {c.area:.3f}" for c in measured.curves)
    others = (
        ("infidelity", measured.infidelity),
        ("sensitivity", measured.sensitivity),
        ("Spearman with the first", measured.likeness.spearman),
    )
    known = ", ".join(f"{name} {value:.3f}" for name, value in others if value is not None)
    return f"{measured.name}: {areas}, {known}"


def pointing_lines(found: Pointing) -> Iterator[str]:
    """Write how often explanations meet the objects."""
    yield (
        f"{METHODS[found.method].title} over {found.images} images; a blind map would have "
        f"{percent(found.chance)} in the box"
    )
    rows = [(arm.arm, arm.hits, arm.energy) for arm in found.arms]
    rows.append(("difference", found.hits_difference, found.energy_difference))
    for name, hits, energy in rows:
        yield f"{name:12}  points into the box {_interval(hits)}, energy {_interval(energy)}"


def by_arm_lines(found: ByArm) -> Iterator[str]:
    """Write how often a network is right in each arm, and how far the first arm is ahead."""
    first, *others = found.arms
    yield f"{found.images} images; {first.arm}: top-1 {first.top1:.2%}, top-5 {first.top5:.2%}"
    for arm in others:
        yield (
            f"{arm.arm}: top-1 {arm.top1:.2%} ({100 * arm.difference:+.1f} points, standard error "
            f"{100 * arm.standard_error:.1f}), top-5 {arm.top5:.2%}; {first.arm}'s answer to "
            f"{arm.agreement:.1%}; most often {arm.most_frequent}, to {arm.most_frequent_share:.1%}"
        )


def _interval(found: Interval) -> str:
    return f"{100 * found.mean:.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]"


def bench_line(found: Row | Skipped) -> str:
    """Write a measurement of `bench`, or why there is none."""
    if isinstance(found, Skipped):
        return f"{found.name:21} not measured: {found.why}"
    verdict = "within" if found.ratio <= found.limit else "OVER"
    return (
        f"{found.name:21} {found.ratio:.3f} × bare [{found.low:.3f}, {found.high:.3f}], "
        f"{verdict} {found.limit:.2f}  ({found.ours:.1f} ms, bare {found.theirs:.1f} ms)"
    )
