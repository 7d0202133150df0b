"""The statistics of a network's gates over a data set, in short: a typed report, ready for JSON."""

from dataclasses import dataclass

from seviz.reference.diagnosis import moves
from seviz.reference.profile import Profile


@dataclass(frozen=True)
class BlockStatistics:
    """The gates of a block over all images.

    mean: over images and channels; least and greatest: of all gates; moving: how many channels'
    gates move over the images (`seviz.reference.diagnosis.moves`).
    """

    name: str
    channels: int
    mean: float
    least: float
    greatest: float
    moving: int


@dataclass(frozen=True)
class ProfileReport:
    """A profile without its arrays, which are `profile_arrays`; the fields are as of `Profile`."""

    model: str
    data: str
    images: int
    classes: list[str]
    class_counts: list[int]
    sampled: int
    unreadable: int
    blocks: list[BlockStatistics]
    note: str


def profile_report(profile: Profile) -> ProfileReport:
    """Report on a profile."""
    blocks = [
        BlockStatistics(
            name=name,
            channels=len(block.s_mean),
            mean=float(block.s_mean.mean()),
            least=float(block.s_quantiles[0].min()),
            greatest=float(block.s_quantiles[-1].max()),
            moving=int(moves(block.s_std).sum()),
        )
        for name, block in profile.blocks.items()
    ]
    return ProfileReport(
        model=profile.model,
        data=profile.data,
        images=profile.images,
        classes=list(profile.classes),
        class_counts=list(profile.class_counts),
        sampled=profile.sampled,
        unreadable=profile.unreadable,
        blocks=blocks,
        note=profile.note,
    )
