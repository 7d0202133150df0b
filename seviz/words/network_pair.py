"""Sentences that compare two networks, A and B, on one photograph and over many."""

from collections.abc import Iterator, Sequence

import numpy as np

from seviz.analysis.cka import FEW
from seviz.analysis.network_pair import agree
from seviz.photos.examples import Offer
from seviz.phrases import join_list
from seviz.records.network_pair import BY_NUMBER, BlockPair, ClassMatch, GateSimilarity, MapPair
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.words.answers import answer_words, doubt
from seviz.words.gates import excitation_of, kind_of, unsqueezed_words
from seviz.words.numbers import decimals, percent, signed
from seviz.zoo.sources import MEMORY, Source

NO_GATES = "This network is without SE: it has no gates to show."


def headline(a: Trace, b: Trace, classes: ClassMatch) -> str:
    """Say which class each network answers, with which probability, and whether that is the same.

    A network without a head gives no answers.
    """
    said = agree(a, b, classes)
    if said is None:
        silent = [name for name, of in (("A", a), ("B", b)) if not of.labels]
        rest = [f"{name} says {answer_words(of.top(0, 1)[0])}" for name, of in _answering(a, b)]
        return f"{', '.join([*rest, f'{join_list(silent)} without a head no class'])}."
    of_a, of_b = a.top(0, 1)[0], b.top(0, 1)[0]
    if said:
        called = "" if of_a.label == of_b.label else f" (B calls it {of_b.label})"
        probabilities = f"A at {percent(of_a.probability)}, B at {percent(of_b.probability)}"
        return f"Both say {of_a.label}{called}: {probabilities}."
    unknown = [
        f"{name} does not know {answer.label}"
        for name, answer, known in (
            ("B", of_a, {i for i, _ in classes.pairs}),
            ("A", of_b, {j for _, j in classes.pairs}),
        )
        if answer.index not in known
    ]
    why = f"; {join_list(unknown)}" if unknown else ""
    return f"A says {answer_words(of_a)}, B says {answer_words(of_b)}{why}."


def _answering(a: Trace, b: Trace) -> list[tuple[str, Trace]]:
    return [(name, of) for name, of in (("A", a), ("B", b)) if of.labels]


def match_words(classes: ClassMatch, a: int, b: int) -> str:
    """Say which classes the networks have in common; a, b: how many each has."""
    common = len(classes.pairs)
    if not a or not b:
        return "A network without a head has no classes, so there are no answers to compare."
    if not common:
        return (
            f"They have no class in common (A has {a:,}, B has {b:,}), so their answers can’t be "
            "matched; each network’s own best answers stand alone."
        )
    if classes.matched_by == (BY_NUMBER,):
        taken = "Neither network’s classes have names, so class 3 of A is taken to be class 3 of B."
        return taken if a == b else f"{taken} {_alone_words(a - common, b - common)}"
    how = join_list([f"by {each}" for each in classes.matched_by])
    if common == a == b:
        return f"Both know the same {_classes(common)}, matched {how}."
    return (
        f"They have {_classes(common)} in common, matched {how}. "
        f"{_alone_words(a - common, b - common)} Each network shares its probability out over all "
        "of its own classes: compare the order of answers rather than the percentages."
    )


def _alone_words(a: int, b: int) -> str:
    """Say how many classes each network has alone; one of both has some."""
    alone = [f"{name} knows {count:,} more" for name, count in (("A", a), ("B", b)) if count]
    return f"{', '.join(alone)}."


def _classes(count: int) -> str:
    return f"{count:,} class{'es' * (count != 1)}"


def relation_words(a: Source, b: Source) -> str | None:
    """Say how two different networks belong together, as far as that is known."""
    for one, other, names in ((a, b, ("B", "A")), (b, a, ("A", "B"))):
        if one.twin is not None and one.twin.key == other.key:
            name, original = names
            if one.twin.column:
                return f"{name} was folded from {original}: its gates are in its weights."
            return (
                f"{name} is {original}’s twin without SE, trained by the same recipe: what differs "
                "is SE, and the chance of two trainings."
            )
    if _same_architecture(a, b):
        return "Both have the same architecture: what differs is their weights."
    return None


def _same_architecture(a: Source, b: Source) -> bool:
    """Tell whether two networks have one; a module in memory is known by its class alone."""
    modules = MEMORY in (a.kind, b.kind)
    alike = not modules or a.figures.parameters == b.figures.parameters
    return a.architecture == b.architecture and alike


def example_words(a: Offer | None, b: Offer | None) -> str | None:
    """Say of an example which networks do not know it or get it wrong; None for any other."""
    if a is None or b is None:
        return None
    shown = f"The example is of {a.example.shows}: "
    sides = (("A", a), ("B", b))
    if a.known is False and b.known is False:
        return f"{shown}none of their classes."
    unknown = [f"{name} does not know that class" for name, of in sides if of.known is False]
    wrong = [name for name, of in sides if of.known is not False and of.right is False]
    told = [f"{'both get' if len(wrong) > 1 else f'{wrong[0]} gets'} it wrong"] if wrong else []
    said = join_list([*unknown, *told]) if unknown or told else ""
    return f"{shown}{said}." if said else None


def confidence_words(a: Trace, b: Trace) -> str | None:
    """Say how often each variant is right at these confidences; None where not calibrated."""
    first, second = a.confidence(0), b.confidence(0)
    if first is None or second is None:
        return None
    tenths = [max(round(10 * confidence), 1) for confidence in (first, second)]
    return (
        f"Where it is as sure as here, A is right in about {tenths[0]} of 10 cases, "
        f"B in about {tenths[1]}."
    )


def guess_warnings(a: Trace, b: Trace) -> Iterator[str]:
    """Yield a warning for each answer that is little more than a guess."""
    for name, trace in (("A", a), ("B", b)):
        if warning := doubt(trace):
            yield f"{name}: {warning}"


def scale_words(a: Trace, b: Trace, *spans: tuple[float, float]) -> str:
    """Say whether both atlases share a colour scale; spans: the gates at the ends of each scale."""
    ranges = [f"from {signed(low)} to {signed(high)}" for low, high in spans]
    if not a.sites or not b.sites:
        without, other = ("A", 1) if not a.sites else ("B", 0)
        return f"{without} has no gates; those of the other are shown {ranges[other]}."
    if kind_of(a.sites) == kind_of(b.sites):
        return f"Both are on one scale, {ranges[0]}, so equal colours are equal gates."
    return (
        f"Each is on the scale of its own gates, A {ranges[0]}, B {ranges[1]}: compare the numbers."
    )


def colour_words(sites: tuple[Site, ...], rows: int = 0) -> str:
    """Explain the colours of a network's atlas; sites: its SE blocks; rows: of the atlas."""
    if not sites:
        return NO_GATES
    empty = "Empty rows are blocks that only the other network has." if rows > len(sites) else ""
    told = [excitation_of(sites).colours, unsqueezed_words(sites), empty]
    return " ".join(filter(None, told))


def bar_words(sites: tuple[Site, ...]) -> str:
    """Explain the bars of a variant's depth profile; sites: its SE blocks."""
    return excitation_of(sites).counted if sites else NO_GATES


def blocks_words(blocks: Sequence[BlockPair], a: Trace, b: Trace, *, same: bool) -> str:
    """Say whether channels of one number correspond, and how alike their gates are.

    same: whether both networks have the same blocks; a, b: have gates.
    """
    if not blocks:
        return (
            "No block of A has the name and the number of channels of a block of B, so channels "
            "can’t be paired: compare the gates by depth."
        )
    others = (
        ""
        if same
        else f" {len(blocks)} blocks of one name and size are compared; A has {len(a.sites)} in "
        f"all, B {len(b.sites)}."
    )
    if all(not block.difference for block in blocks):
        return f"The gates are the same at all {len(blocks)} blocks.{others}"
    related = [block for block in blocks if block.corresponds]
    if not related:
        return f"{_unrelated_words(blocks)}{others}"
    where = (
        "all blocks" if len(related) == len(blocks) else f"{len(related)} of {len(blocks)} blocks"
    )
    ends = _ends([block.weight_correlation for block in related])
    return (
        f"The weights W₁ of A and B correlate at {where} (r from {ends}): one network was trained "
        "on from the other, or both began with the same weights. There, channel c of A corresponds "
        f"to channel c of B. {_alike_words(related)}{others}"
    )


def _unrelated_words(blocks: Sequence[BlockPair]) -> str:
    """Say that channels of one number do not correspond, or that this is not known."""
    if all(block.weight_correlation is None for block in blocks):
        return (
            "The weights W₁ of A and B have other shapes, so it is not known whether channel c of "
            "A corresponds to channel c of B: compare rows, not columns."
        )
    return (
        "The weights W₁ of A and B do not correlate (|r| under 0.2 at each block): A and B were "
        "trained from other first weights, which number their channels independently. Channel c "
        "of A does not correspond to channel c of B: compare rows, not columns."
    )


def _alike_words(related: Sequence[BlockPair]) -> str:
    known = [block for block in related if block.gate_correlation is not None]
    if not known:
        return "The gates of each block are all equal."
    most = max(known, key=lambda block: block.gate_correlation or 0)
    least = min(known, key=lambda block: block.gate_correlation or 0)
    return (
        f"Their gates correlate most at {most.site} (r = {_number(most.gate_correlation)}) and "
        f"least at {least.site} (r = {_number(least.gate_correlation)})."
    )


def _ends(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{decimals(min(known), 2)} to {decimals(max(known), 2)}"


def _number(value: float | None) -> str:
    return "constant" if value is None else decimals(value, 2)


def map_words(maps: MapPair) -> str:
    """Say how alike two networks' maps of one class are, where both see the photograph."""
    alike = maps.likeness
    if alike is None:
        return (
            f"Both maps are of {maps.label}, and which part of the photograph each network sees is "
            "not known, so they can’t be laid over each other."
        )
    ssim = "" if alike.ssim is None else f", a structural similarity of {decimals(alike.ssim, 2)}"
    return (
        f"For {maps.label}, the two maps have a rank correlation of {decimals(alike.spearman, 2)}"
        f"{ssim}, and {percent(alike.overlap)} of their strongest tenth of places in common. Equal "
        f"maps would have {'1' if alike.ssim is None else '1, 1'} and 100 %. Compared is the part "
        "of the photograph that both networks see."
    )


def similarity_headline(found: GateSimilarity) -> str:
    """Say how alike the gates of two networks are over the same images."""
    if found.model_a == found.model_b:
        return f"A and B are the same network, so each block is like itself: {_over(found)}."
    pairs = [(name, cka) for name, cka in found.same_name if not np.isnan(cka)]
    if pairs:
        least, most = (end(pairs, key=lambda pair: pair[1]) for end in (min, max))
        return (
            f"Gates of blocks of one name have a CKA between {decimals(least[1], 2)} ({least[0]}) "
            f"and {decimals(most[1], 2)} ({most[0]}), {_over(found)}."
        )
    if np.isnan(found.cka).all():
        return f"No two blocks can be compared: all gates of a network stand still, {_over(found)}."
    i, j = np.unravel_index(np.nanargmax(found.cka), found.cka.shape)
    return (
        f"{found.blocks_a[i]} of A and {found.blocks_b[j]} of B are most alike "
        f"(CKA {decimals(found.cka[i, j], 2)}), {_over(found)}."
    )


def _over(found: GateSimilarity) -> str:
    rough = ", rough" if found.count < FEW else ""
    return f"over {found.data or 'the photographs'} (n = {found.count:,}{rough})"


def similarity_words(found: GateSimilarity) -> str:
    """Say which blocks are constant, and how rough the estimate is; "" where nothing is to say."""
    said = [
        f"Constant in {name}: {join_list(list(blocks))}: no gate there moves, so nothing can be "
        "compared with it (an empty row or column)."
        for name, blocks in (("A", found.constant_a), ("B", found.constant_b))
        if blocks
    ]
    constant = [len(found.constant_a), len(found.constant_b)]
    estimated = (len(found.blocks_a) - constant[0]) * (len(found.blocks_b) - constant[1])
    if np.isfinite(found.cka).sum() < estimated:
        said.append("Other empty cells: too few photographs for an estimate.")
    if found.count < FEW:
        said.append(f"With fewer than {FEW} photographs the estimate is rough; more are better.")
    return " ".join(said)
