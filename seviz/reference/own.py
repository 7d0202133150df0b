"""Reference statistics of a visitor's own photographs, which hold for this visitor alone.

`seviz.reference.gather.reference` asks here first. What is known is kept in a `ContextVar`, which
the page sets for each step of each event by the visitor's state: threads that copy the context know
it, and processes that ZeroGPU forks do not, so nothing that runs there may ask for a reference.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from seviz.reference.images import ProfiledImages
from seviz.reference.profile import Profile

if TYPE_CHECKING:
    from seviz.zoo.sources import Source


@dataclass(frozen=True)
class OwnStatistics:
    """A visitor's profiles, the latest last; preferred: also where a network has others.

    images: those behind each of the profiles, or none.
    """

    profiles: tuple[Profile, ...] = ()
    preferred: bool = False
    images: tuple[ProfiledImages, ...] = ()

    def of(self, source: "Source") -> Profile | None:
        """Return the latest profile that is of a network; None where there is none."""
        fitting = [profile for profile in self.profiles if profile.is_of(source)]
        return fitting[-1] if fitting else None

    def images_of(self, profile: Profile) -> ProfiledImages | None:
        """Return the images behind one of the profiles; None where they are not known."""
        pairs = zip(self.profiles, self.images, strict=False)
        return next((images for known, images in pairs if known is profile), None)


NONE = OwnStatistics()
_OWN: ContextVar[OwnStatistics] = ContextVar("seviz_own_statistics", default=NONE)


@contextmanager
def using(statistics: OwnStatistics) -> Iterator[None]:
    """Let `reference` return a visitor's own statistics meanwhile."""
    token = _OWN.set(statistics)
    try:
        yield
    finally:
        _OWN.reset(token)


def current() -> OwnStatistics:
    """Return the statistics of the visitor whose event this is; none of anybody else."""
    return _OWN.get()


def fingerprint(profile: Profile | None) -> str:
    """Tell profiles apart: a name, and a hash of the mean gates; "" for None."""
    if profile is None:
        return ""
    hashed = blake2b(digest_size=8)
    for name, block in profile.blocks.items():
        hashed.update(name.encode() + block.s_mean.tobytes() + block.s_std.tobytes())
    return f"{profile.data} {hashed.hexdigest()}"
