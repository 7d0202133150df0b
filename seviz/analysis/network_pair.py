"""Compares two networks of the catalogue on one photograph, with SE or without."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz.passes.dispatch import ask, without_gates
from seviz.passes.gpu_seconds import counts
from seviz.photos.crop import crop_box
from seviz.records.arms import INTACT
from seviz.records.network_pair import (
    BY_ID,
    BY_NAME,
    BY_NUMBER,
    BlockPair,
    ClassMatch,
    NetworkView,
)
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import Answer, Trace
from seviz.zoo.labels import numbered_labels
from seviz.zoo.models import LoadedModel
from seviz.zoo.sources import Source

WEIGHTS = 4096  # of W₁ of a block that are compared: their correlation is off by some 0.02
EQUAL = 1e-6  # gates of one block that differ by less are all equal


def view_network(key: str, photo: Image.Image) -> NetworkView:
    """Ask a network about an RGB photograph; one without SE has a trace without sites.

    UserError where the network can't be had, or its answer overflows.
    """
    return ask(_view, key, photo)


@without_gates
@counts(lambda *_: 2)
def _view(loaded: LoadedModel, photo: Image.Image) -> NetworkView:
    from seviz.passes.forward import trace

    record = trace(loaded, photo, [INTACT])
    return NetworkView(record, crop_box(loaded.transform, photo.size), _first_weights(loaded))


def _first_weights(loaded: LoadedModel) -> dict[str, Floats]:
    """Return the first weights of each block, such as W₁, or of many an even part."""
    from seviz.gates.sites import modules_of
    from seviz.passes.forward import as_array

    found = {}
    for site in loaded.probe.sites:
        modules = modules_of(loaded.model, site, loaded.probe.places[site.name])
        inner = (p for module in modules for p in module.parameters() if p.dim() > 1)
        if (first := next(inner, None)) is not None:
            weights = as_array(first)
            found[site.name] = weights.ravel()[:: max(weights.size // WEIGHTS, 1)]
    return found


def match_classes(a: Source, b: Source) -> ClassMatch:
    """Match the classes of two networks: by WordNet id where both know it, else by name.

    Names are compared without regard to capitals and underscores. Classes without names are
    matched by number, where neither network's have names.
    """
    if _unnamed(a) and _unnamed(b):
        common = min(a.class_count, b.class_count)
        return _matched(a, b, {i: i for i in range(common)}, *([BY_NUMBER] if common else []))
    if _unnamed(a) or _unnamed(b):
        return _matched(a, b, {})
    by_id = _same(a.folders or (), b.folders or ())
    by_name = _same([_plain(name) for name in a.labels], [_plain(name) for name in b.labels])
    taken = set(by_id.values())
    added = {i: j for i, j in by_name.items() if i not in by_id and j not in taken}
    how = [name for name, found in ((BY_ID, by_id), (BY_NAME, added)) if found]
    if a.folders == a.labels and b.folders == b.labels:  # names are all that they have
        how = [BY_NAME] if by_id or added else []
    return _matched(a, b, by_id | added, *how)


def _unnamed(source: Source) -> bool:
    return source.labels == numbered_labels(source.class_count)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _same(of_a: Sequence[str], of_b: Sequence[str]) -> dict[int, int]:
    """Return the place in B of each text of A that B has, too."""
    places = {text: j for j, text in enumerate(of_b)}
    return {i: places[text] for i, text in enumerate(of_a) if text in places}


def _matched(a: Source, b: Source, pairs: dict[int, int], *how: str) -> ClassMatch:
    known_b = set(pairs.values())
    return ClassMatch(
        pairs=tuple(sorted(pairs.items())),
        matched_by=how,
        only_a=tuple(name for i, name in enumerate(a.labels) if i not in pairs),
        only_b=tuple(name for j, name in enumerate(b.labels) if j not in known_b),
    )


def agree(a: Trace, b: Trace, classes: ClassMatch) -> bool | None:
    """Tell whether both answer with the same class; None where one of both has no answers."""
    if not a.labels or not b.labels:
        return None
    return (a.top(0, 1)[0].index, b.top(0, 1)[0].index) in classes.pairs


def pair_answers(
    a: Trace, b: Trace, classes: ClassMatch, *, k: int
) -> Iterator[tuple[Answer | None, Answer | None]]:
    """Yield A's k best answers, then those of B that are not among them; None where unknown."""
    to_b = dict(classes.pairs)
    to_a = {j: i for i, j in classes.pairs}
    listed = [answer.index for answer in a.top(0, k)] if a.labels else []
    for i in listed:
        other = b.answer(0, to_b[i]) if i in to_b else None
        yield _called(a.answer(0, i), other), other
    for answer in b.top(0, k) if b.labels else []:
        at = to_a.get(answer.index)
        if at is None or at not in listed:
            own = None if at is None else a.answer(0, at)
            yield (own and _called(own, answer)), answer


def _called(answer: Answer, other: Answer | None) -> Answer:
    """Name an answer by both networks' names for its class, where these differ."""
    if other is None or other.label.casefold() == answer.label.casefold():
        return answer
    return replace(answer, label=f"{answer.label} / {other.label}")


def pair_blocks(a: NetworkView, b: NetworkView) -> list[BlockPair]:
    """Compare the gates of blocks that both have, by one name and with as many channels."""
    others = {site.name: site for site in b.trace.sites}
    return [
        _pair(a, b, site)
        for site in a.trace.sites
        if site.name in others and others[site.name].channels == site.channels
    ]


def most_different(blocks: Sequence[BlockPair]) -> BlockPair:
    """Return the block whose gates differ most, among those whose channels correspond if any."""
    related = [block for block in blocks if block.corresponds] or blocks
    return max(related, key=lambda block: block.difference)


def same_plan(a: Trace, b: Trace) -> bool:
    """Tell whether two networks' blocks have the same names and channel counts."""
    plans = [[(site.name, site.channels) for site in of.sites] for of in (a, b)]
    return plans[0] == plans[1]


def _pair(a: NetworkView, b: NetworkView, site: Site) -> BlockPair:
    x, y = (of.trace.s[site.name][0].astype(np.float64) for of in (a, b))
    weights = [of.first[site.name] for of in (a, b) if site.name in of.first]
    reduced = a.trace.site(site.name).reduced, b.trace.site(site.name).reduced
    comparable = len(weights) == 2 and reduced[0] == reduced[1]
    return BlockPair(
        site=site.name,
        channels=site.channels,
        gate_correlation=_correlation(x, y),
        difference=float(abs(x - y).mean()),
        weight_correlation=_correlation(*weights) if comparable else None,
    )


def _correlation(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> float | None:
    """Return Pearson's correlation; None where one of both does not vary."""
    moving = np.ptp(x) > EQUAL and np.ptp(y) > EQUAL
    return float(np.corrcoef(x.astype(np.float64), y)[0, 1]) if moving else None


def block_names(*networks: Sequence[Site]) -> list[str]:
    """Return the names of all these networks' blocks in depth order, each name once.

    Blocks without a stage keep the order of their network, A's before those that B has alone.
    """
    sites = {site.name: site for network in networks for site in network}
    places = {name: place for place, name in enumerate(sites)}

    def depth(name: str) -> tuple[int, int, int]:
        site = sites[name]
        staged = site.stage is not None
        return site.stage or 0, site.block or 0, 0 if staged else places[name]

    return sorted(sites, key=depth)
