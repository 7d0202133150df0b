"""The parts of a report, made from a result."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from seviz.analysis.against_intact import compare
from seviz.analysis.evidence import scale_limit
from seviz.answers.channels import block_diagnosis, percentile
from seviz.answers.gate_shares import gated
from seviz.answers.movers import moved_gates
from seviz.attribution.methods import METHODS
from seviz.drawing.report import Column, Maps, Section
from seviz.figures import style
from seviz.figures.atlas import atlas
from seviz.figures.depth import depth_profile
from seviz.figures.effects import effects_map
from seviz.figures.explanation import shares_chart, shares_map
from seviz.figures.necessity import necessity_chart
from seviz.photos.overlay import overlay
from seviz.phrases import capitalize
from seviz.records.analysis import AlphaPath
from seviz.records.attribution import Attribution, GateShares
from seviz.records.provenance import NetworkFile, Provenance
from seviz.records.target import chance, class_of
from seviz.records.trace import Trace
from seviz.reference.unknown import likely_unknown
from seviz.reports.alpha_path import alpha_section
from seviz.reports.compare import change_section, pair_section
from seviz.reports.result import Result
from seviz.reports.trust import trust_section
from seviz.words import answers as words
from seviz.words.arms import arm_clause, arm_title, is_twin
from seviz.words.explanations import (
    completeness_warning,
    completeness_words,
    map_figures,
    map_headline,
    shares_headline,
    shares_sum_words,
    value_words,
)
from seviz.words.gates import atlas_words, depth_words, difference_words, held_words, terms_words
from seviz.words.matters import necessity_words
from seviz.words.numbers import percent, signed
from seviz.words.provenance import network_title
from seviz.words.tables import (
    Table,
    diagnoses_table,
    effects_table,
    necessity_table,
    shares_table,
)
from seviz.words.target import target_hint

FIRST = 5  # answers of a column
MOVERS = 8  # gates of either kind
BLOCKS_HINT = (
    "Bars: the gates of this block alone are replaced. Line: those of this block and of all later "
    "ones. A cross marks that the top answer changes."
)
EFFECTS_HINT = (
    "What each gate adds to the answer (red) or takes from it (blue), to first order: s·∂logit/∂s. "
    "In each block’s row the channels stand from the most helpful to the most harmful. The table "
    "has the strongest, also measured exactly, by setting the gate to 0."
)
FEWER = "Maps above are of two columns, as on the page; the command makes them for all columns."
DIAGNOSIS_HINT = (
    "Gates that are always open, always shut, or the same for every photograph do nothing that "
    "plain weights could not do."
)


def sections(result: Result, of: Provenance, *, title: str, made: str) -> list[Section]:
    """Make all parts, in their order; title: the network's name for people; made: a date."""
    found = [
        _answers(result, title),
        _gates(result),
        _moved(result),
        *chain.from_iterable(_maps(result)),
        _matters(result),
        *([_shares(result, result.shares)] if result.shares else []),
        *([_alpha(result, result.path)] if result.path else []),
        *_compared(result),
        _diagnosis(result),
        _repeat(result, of, made),
    ]
    return list(_named_apart(section for section in found if section is not None))


def _named_apart(found: Iterable[Section]) -> Iterator[Section]:
    """Give sections of one name, such as a method's maps at two layers, a number each."""
    times = Counter[str]()
    for section in found:
        times[section.name] += 1
        again = f"{section.name}-{times[section.name]}"
        yield replace(section, name=again) if times[section.name] > 1 else section


def _answers(result: Result, title: str) -> Section:
    trace = result.trace
    tops = words.union_of_tops(trace, FIRST)
    rows = tuple((of[0].label, *(percent(answer.probability) for answer in of)) for of in tops)
    heads = ("answer", *map(arm_title, trace.arms))
    return Section(
        "answers",
        "What the network answers",
        words.headline(trace),
        notices=_known([words.doubt(trace, likely_unknown(trace)), trace.note]),
        columns=[_column(trace, row) for row in range(len(trace.arms))],
        lines=_known([*_changes(trace), words.twin_words(trace)]),
        tables=[Table(words.tops_caption(title, FIRST), heads, rows)],
    )


def _column(trace: Trace, row: int) -> Column:
    arm = trace.arms[row]
    colour = style.ARMS.get(arm.name, style.ARMS["edited"])
    note = words.arm_note(trace, row)
    return Column(arm_title(arm), colour, trace.top(row, FIRST), note or "")


def _changes(trace: Trace) -> Iterator[str]:
    """Say of each arm but the network as trained how far it moves the answers."""
    for row, arm in enumerate(trace.arms):
        if arm.edits and (change := compare(trace, row)):
            said = words.change_words(change, trace.labels[change.target], twin=is_twin(arm))
            yield f"{capitalize(arm_title(arm))}: {said}"


def _gates(result: Result) -> Section:
    trace, row = result.trace, result.compared
    charts = [(atlas(trace, arm=0, show="s"), atlas_words(trace.sites, click=False))]
    if row:
        first, second = (arm_title(trace.arms[r]) for r in (0, row))
        difference = atlas(trace, arm=row, show="s", difference=True)
        charts.append((difference, difference_words("s", first, second, click=False)))
    charts.append((depth_profile(trace, arm=0), depth_words(trace.sites)))
    return Section(
        "gates", "The gates, block by block", lines=[terms_words(trace.sites)], charts=charts
    )


def _moved(result: Result) -> Section | None:
    tables = moved_gates(result.trace, result.compared, MOVERS, profile=result.profile)
    if not tables:
        return None
    return Section("moved", "The gates that differ most from what is usual", tables=tables)


def _maps(result: Result) -> Iterator[list[Section]]:
    """Make a part of each method's maps, and of how far they can be trusted where it is known."""
    for found, trust in result.measured:
        yield [_map(result, found), *([trust_section(found, trust)] if trust else [])]


def _map(result: Result, found: Attribution) -> Section:
    method, trace = METHODS[found.method], result.trace
    limit = scale_limit(found.pixels)
    named = tuple(map(arm_clause, found.arms))
    pictures = [
        (capitalize(arm_title(arm)), overlay(trace.seen, pixels, limit))
        for arm, pixels in zip(found.arms, found.pixels, strict=True)
    ]
    if len(found.arms) > 1:
        moved = found.pixels[0] - found.pixels[1]
        pictures.append(("The first minus the second", overlay(trace.seen, moved, limit)))
    at = f" at the end of {found.layer}" if found.layer else ""
    label = found.target.label
    return Section(
        f"map-{found.method}",
        f"What the answer looks at: {method.title}",
        map_headline(found, named) if len(named) > 1 else "",
        notices=_known([completeness_warning(found, named), found.note]),
        lines=_known([_figures(found, named), completeness_words(found, named)]),
        maps=Maps(pictures, signed(limit)),
        hints=_known(
            [
                f"{method.title}{at}. Red speaks for “{label}”, blue against it; all pictures are "
                f"on one scale, beyond which 1 of 200 values of {value_words(found.method)} lies.",
                method.summary,
                target_hint(found.target),
            ]
        ),
    )


def _figures(found: Attribution, names: Sequence[str]) -> str:
    return map_figures(found, names) if len(names) > 1 else ""


def _matters(result: Result) -> Section:
    trace = result.trace
    places = {
        (effect.site, effect.channel): place
        for effect in result.effects.top
        if (place := _place(result, effect.site, effect.channel)) is not None
    }
    return Section(
        "matters",
        "What the answer depends on",
        necessity_words(result.needed),
        notices=_known([result.needed.note]),
        charts=[
            (necessity_chart(result.needed), BLOCKS_HINT),
            (effects_map(result.effects), EFFECTS_HINT),
        ],
        tables=[effects_table(result.effects, places), necessity_table(result.needed)],
        hints=_known([target_hint(result.followed), held_words(trace.sites)]),
    )


def _place(result: Result, site: str, channel: int) -> float | None:
    return percentile(result.trace, site, channel, profile=result.profile)


def _shares(result: Result, shares: GateShares) -> Section:
    trace = result.trace
    row = gated(trace)[1]
    without = float(chance(trace.logits[row], class_of(shares.target), trace.head))
    reference = {name: gates[row] for name, gates in trace.s.items()}
    return Section(
        "shares",
        "Which gates moved the answer",
        shares_headline(shares),
        notices=_known([shares.note]),
        lines=[shares_sum_words(shares, without)],
        charts=[(shares_chart(shares), ""), (shares_map(shares), "")],
        tables=[shares_table(shares, trace, reference)],
    )


def _alpha(result: Result, path: AlphaPath) -> Section:
    return alpha_section(path, result.trace.labels, class_of(result.followed))


def _compared(result: Result) -> Iterator[Section]:
    if result.change:
        yield change_section(result.change, result.trace, class_of(result.followed))
    if result.pair:
        yield pair_section(result.pair)


def _diagnosis(result: Result) -> Section:
    trace = result.trace
    known = [(s, block_diagnosis(trace, s.name, profile=result.profile)) for s in trace.sites]
    return Section(
        "diagnosis",
        "Whether each block’s gates are at work",
        tables=[diagnoses_table(known)],
        hints=[DIAGNOSIS_HINT],
    )


def _repeat(result: Result, of: Provenance, made: str) -> Section:
    """Say how the result is made again, and of what it is."""
    rows = (
        *(
            (f"photograph {p.path}", f"{p.width}×{p.height}, sha256 {p.sha256}")
            for p in of.photographs
        ),
        *_file("network", of.network),
        *(_file("twin", of.twin) if of.twin else ()),
        ("input", f"{'×'.join(map(str, of.input_size))} (channels, height, width)"),
        ("mean, standard deviation", f"{_numbers(of.mean)}; {_numbers(of.std)}"),
        *((f"arm {name}", edits) for name, edits in of.edits.items()),
        ("computed", f"{of.device}, {of.precision}, {made}"),
        ("versions", ", ".join(f"{name} {version}" for name, version in of.versions.items())),
    )
    return Section(
        "repeat",
        "How to repeat it",
        tables=[Table("What this report is of", ("", ""), rows)],
        hints=[FEWER] if any(found.arms != result.trace.arms for found in result.maps) else [],
        code=of.command,
    )


def _file(what: str, network: NetworkFile) -> Iterator[tuple[str, str]]:
    yield what, network_title(network)
    if network.sha256:
        yield f"{what}’s weights", f"{network.file}, sha256 {network.sha256}"


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def _known(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text]
