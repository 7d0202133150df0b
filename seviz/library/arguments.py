"""What the questions of a network are given, as they need it."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from seviz.errors import UserError
from seviz.gates.grammar import parse_arms, whole_arm_text
from seviz.photos.file import read_file
from seviz.photos.read import Photo, as_rgb
from seviz.records.arms import Arm
from seviz.reference.profile import Profile

Arms = Sequence[str | Arm]
Statistics = Profile | str | os.PathLike[str]


class GivenPhoto(NamedTuple):
    """A photograph as it was given, under the name of the argument, and as a picture."""

    name: str
    given: Photo
    picture: Image.Image


def read_given(photo: Photo, name: str = "photo") -> GivenPhoto:
    """Read a photograph as RGB, with the record of its file where it is a path.

    UserError where it is none.
    """
    if isinstance(photo, str | os.PathLike):
        return GivenPhoto(name, photo, read_file(photo))
    return GivenPhoto(name, photo, as_rgb(photo))


def read_arms(arms: Arms) -> list[Arm]:
    """Read arms, of which each is a text or an arm; UserError for anything else."""
    listed = isinstance(arms, list | tuple)
    if not listed or not all(isinstance(arm, str | Arm) for arm in arms):
        raise UserError('Give a list of arms, such as ["intact", "static", "SE_5*=1"].')
    return parse_arms([arm if isinstance(arm, str) else whole_arm_text(arm) for arm in arms])


def read_methods(methods: str | Sequence[str]) -> list[str]:
    """Read the names of methods, or of one; UserError for anything else."""
    named = [methods] if isinstance(methods, str) else methods
    if not isinstance(named, list | tuple) or not all(isinstance(name, str) for name in named):
        raise UserError('Give the names of methods, such as "gradcam" or ["gradcam", "saliency"].')
    return list(named)


def texts_of(arms: Sequence[Arm]) -> list[str]:
    """Return arms as the texts that `read_arms` reads."""
    return [whole_arm_text(arm) for arm in arms]


def read_statistics(profile: Statistics | None) -> Profile | None:
    """Return statistics, read where they are a file; UserError where they are neither."""
    if profile is None or isinstance(profile, Profile):
        return profile
    if isinstance(profile, str | os.PathLike):
        return Profile.load(profile)  # type: ignore[arg-type]
    raise UserError(
        "profile is a seviz.Profile, or the path of its file, not "
        f"{type(profile).__name__}; network.profile(data) makes one."
    )
