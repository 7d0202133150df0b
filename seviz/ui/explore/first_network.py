"""Which network the app opens with, and with which reference statistics."""

import os
from pathlib import Path

from seviz.errors import UserError
from seviz.measuring.known_necessity import bring as bring_necessity
from seviz.passes.dispatch import fetch
from seviz.reference.gather import set_reference
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.profile import Profile
from seviz.zoo import catalogue
from seviz.zoo.folded import open_weights
from seviz.zoo.settings import Settings
from seviz.zoo.uploaded import check_openable


def statistics(file: str | Path | None) -> str:
    """Bring the reference statistics of a file, or that SEVIZ_PROFILE names; a notice, or "".

    UserError where the file that is given can't be used; the environment's gets a notice.
    """
    path = file or os.environ.get("SEVIZ_PROFILE")
    try:
        return _bring(Path(path)) if path else ""
    except UserError as error:
        if file:
            raise
        return f"{error} What travels with the networks is used instead."


def necessity_of(file: str | Path | None) -> str:
    """Bring a file of which blocks a network needs, or that SEVIZ_NECESSITY names; a notice, or "".

    UserError where the file that is given can't be used; the environment's gets a notice.
    """
    path = file or os.environ.get("SEVIZ_NECESSITY")
    try:
        if path:
            bring_necessity(Path(path))
    except UserError as error:
        if file:
            raise
        return str(error)
    return ""


def _bring(file: Path) -> str:
    """Make a file's profile the reference of its network, with the images that lie beside it.

    UserError where no network here is its.
    """
    profile, beside = Profile.load(file), images_path(file)
    known = catalogue.openable_sources()
    named = [source for source in known if source.identity == profile.model]
    if not any(profile.is_of(source) for source in named or known):
        profile.check_is_of((named or known)[0])
    images = ProfiledImages.load(beside) if beside.exists() else None
    set_reference(profile, images if images and images.is_of(profile) else None)
    return profile.doubt


def first_network(
    checkpoint: str | Path | None,
    architecture: str | None,
    model: str | None = None,
    *,
    settings: Settings | None = None,
    beside: str | None = None,
) -> tuple[str, str]:
    """Choose the network that the page opens with: its key, and a notice for people or "".

    checkpoint, architecture and settings, as given at the launch, bring somebody's own, and model
    names one to open instead; beside: the key of the network that a folded one stands beside, which
    is opened; UserError where that can't be had. Else SEVIZ_MODEL names one, and
    SEVIZ_CHECKPOINT and SEVIZ_ARCH bring one; where that can't be had, the embedded network is
    opened with a notice.
    """
    wanted = model or (None if checkpoint else os.environ.get("SEVIZ_MODEL"))
    file = checkpoint or os.environ.get("SEVIZ_CHECKPOINT")
    architecture = architecture or os.environ.get("SEVIZ_ARCH")
    try:
        own, notice = ("", "")
        if file:
            own, notice = _bring_own(Path(file), architecture or "", settings, beside=beside)
        key = fetch(wanted or own or catalogue.EMBEDDED)
        return key, notice if key == own else ""
    except UserError as error:
        if model or checkpoint:
            raise
        return catalogue.EMBEDDED, f"{error} The embedded network is open instead."


def is_chosen(checkpoint: str | Path | None, model: str | None) -> bool:
    """Tell whether the launch, or its environment, chooses the network that the page opens with."""
    named = (model, checkpoint, *map(os.environ.get, ("SEVIZ_MODEL", "SEVIZ_CHECKPOINT")))
    return any(named)


def _bring_own(
    file: Path, architecture: str, settings: Settings | None, *, beside: str | None
) -> tuple[str, str]:
    """Add somebody's own network to the catalogue; returns its key, and what to know about it.

    beside: the key of the network whose twin it becomes; that key is returned then.
    """
    source = open_weights(file, architecture, settings)
    if beside is not None and source.classes:
        return catalogue.put_beside(source, beside), " ".join(source.notes)
    check_openable(source)
    return catalogue.add_checkpoint(source), " ".join(source.notes)
