"""One gate over the images of a data set: a report, ready for JSON."""

from collections.abc import Iterator, Mapping

import numpy as np

from seviz.errors import UserError
from seviz.gates.grammar import GATE, no_block
from seviz.phrases import brief
from seviz.records.one_gate import ClassGate, NamedGate, OneGate
from seviz.reference.gather import reference, reference_images
from seviz.reference.images import Exemplar, ProfiledImages
from seviz.reference.one_gate import correlations, histogram, open_and_shut, ranked_classes
from seviz.reference.percentiles import Doubles
from seviz.reference.profile import BlockProfile, Profile
from seviz.reference.selectivity import class_selectivity, shares
from seviz.words.one_gate import NO_CLASSES, NO_IMAGES, NOT_SQUEEZED, OLDER
from seviz.zoo.catalogue import find


def gate_report(
    key: str,
    gate: str,
    *,
    profile: Profile | None = None,
    images: ProfiledImages | None = None,
) -> OneGate:
    """Report on a gate, such as SE_4_6[17], over the images of a data set.

    profile: by default the network's own `reference`, and images those behind it, where they are
    known. UserError where the network has no statistics, or no such gate.
    """
    statistics, behind = known_statistics(key, profile, images)
    site, channel = named_gate(gate, statistics)
    return one_gate(statistics, behind, (site, channel), names=find(key).class_names)


def known_statistics(
    key: str, profile: Profile | None, images: ProfiledImages | None
) -> tuple[Profile, ProfiledImages | None]:
    """Return a network's statistics, those given or its own, and the images behind them.

    UserError where it has none, or those given are of another network or of other images.
    """
    source = find(key)
    if profile is None:
        own = reference(key)
        if own is None:
            raise UserError(
                f"There are no statistics of {source.title} over images here; `python -m seviz "
                "profile` measures them, and --profile FILE brings them."
            )
        return own, reference_images(key)
    profile.check_is_of(source)
    if images is not None and not images.is_of(profile):
        raise UserError(
            f"These images are not those of the statistics over {profile.data}; "
            "`python -m seviz profile` measures both."
        )
    return profile, images


def named_block(text: str, profile: Profile) -> str:
    """Return the block that a text names; UserError, with the nearest names, if none."""
    if text in profile.blocks:
        return text
    raise no_block(text, list(profile.blocks), where=f"in {profile.model}")


def named_gate(text: str, profile: Profile) -> tuple[str, int]:
    """Return the block and the channel that a text such as SE_4_6[17] names; UserError if none."""
    match = GATE.fullmatch(text)
    if match is None:
        last = list(profile.blocks)[-1]
        raise UserError(f"“{brief(text)}” is not a gate; write one such as {last}[0].")
    site, channel = named_block(match[1], profile), int(match[2])
    channels = len(profile.blocks[site].s_mean)
    if channel >= channels:
        raise UserError(
            f"“{brief(text)}” is not a gate: {site} has the channels 0 to {channels - 1}."
        )
    return site, channel


def one_gate(
    profile: Profile,
    images: ProfiledImages | None,
    gate: tuple[str, int],
    *,
    names: Mapping[str, str],
) -> OneGate:
    """Report on a gate, its block and channel, of statistics that have it.

    images: those behind the statistics, None where they are not known; names: of classes by their
    folders.
    """
    (site, channel), block = gate, profile.blocks[gate[0]]
    behind = images.blocks[site].sample[:, channel] if images else None
    opened, shut = open_and_shut(block.s_quantiles[:, channel], behind)
    of_block = correlations(block)
    share = None
    if profile.has_classes and block.s_within is not None and block.s_between is not None:
        share = _known(shares(block.s_within, block.s_between)[channel])
    return OneGate(
        model=profile.model,
        data=profile.data,
        site=site,
        channel=channel,
        channels=len(block.s_mean),
        images=profile.images,
        sampled=profile.sampled,
        mean=float(block.s_mean[channel]),
        std=float(block.s_std[channel]),
        open=opened,
        shut=shut,
        quantiles=tuple(block.s_quantiles[:, channel].tolist()),
        histogram=histogram(behind) if behind is not None and len(behind) else None,
        share=share,
        selectivity=_known(class_selectivity(block.class_mean)[channel]),
        correlation=None if of_block is None else _known(of_block[channel]),
        block_correlation=None if of_block is None else _median(of_block),
        classes=tuple(_classes(profile, block, channel, names=names)),
        **_exemplars(images, site, channel, names=names),
        missing=tuple(_missing(profile, block, images)),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _median(values: Doubles) -> float | None:
    there = values[~np.isnan(values)]
    return float(np.median(there)) if len(there) else None


def _classes(
    profile: Profile, block: BlockProfile, channel: int, *, names: Mapping[str, str]
) -> Iterator[ClassGate]:
    """Yield the classes that have images by their mean gates; one class is none to compare."""
    if not profile.has_classes:
        return
    for i in ranked_classes(block, channel).tolist():
        folder, z = profile.classes[i], block.z_class_mean
        yield ClassGate(
            names.get(folder, folder),
            float(block.class_mean[i, channel]),
            float(block.class_std[i, channel]),
            None if z is None else _known(z[i, channel]),
            profile.class_counts[i],
        )


def _exemplars(
    images: ProfiledImages | None, site: str, channel: int, *, names: Mapping[str, str]
) -> dict[str, tuple[NamedGate, ...]]:
    """List the images with the largest, middle and smallest gate; none where none are known."""
    if images is None:
        return {"largest": (), "middle": (), "smallest": ()}
    folders = images.classes

    def named(found: list[Exemplar]) -> tuple[NamedGate, ...]:
        return tuple(
            NamedGate(of.name, names.get(folders[of.label], folders[of.label]), of.s)
            for of in found
        )

    return {
        "largest": named(images.largest(site, channel)),
        "middle": named(images.middle(site, channel)),
        "smallest": named(images.smallest(site, channel)),
    }


def _missing(profile: Profile, block: BlockProfile, images: ProfiledImages | None) -> Iterator[str]:
    if not profile.has_classes:
        yield NO_CLASSES
    if block.z_class_mean is None:
        yield OLDER
    elif np.isnan(block.z_mean).all():
        yield NOT_SQUEEZED
    if images is None:
        yield NO_IMAGES
