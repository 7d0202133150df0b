"""Which network the app opens with, and with which reference statistics."""

import os
from pathlib import Path

from seviz.errors import UserError
from seviz.passes.dispatch import fetch
from seviz.reference.gather import set_reference
from seviz.reference.profile import Profile
from seviz.zoo import catalogue
from seviz.zoo.checkpoint import open_checkpoint


def statistics(file: str | Path | None) -> str:
    """Bring the reference statistics of a file, or that SEVIZ_PROFILE names; a notice, or ""."""
    path = file or os.environ.get("SEVIZ_PROFILE")
    try:
        if path:
            set_reference(Profile.load(Path(path)))
    except UserError as error:
        return f"{error} What travels with the networks is used instead."
    return ""


def first_network(
    checkpoint: str | Path | None, architecture: str | None, model: str | None = None
) -> tuple[str, str]:
    """Choose the network that the page opens with: its key, and a notice for people or "".

    checkpoint and architecture, as given at the launch, bring somebody's own, and model names one
    to open instead; else SEVIZ_MODEL names one, and SEVIZ_CHECKPOINT and SEVIZ_ARCH bring one. The
    embedded network is opened where that can't be had.
    """
    wanted = model or (None if checkpoint else os.environ.get("SEVIZ_MODEL"))
    checkpoint = checkpoint or os.environ.get("SEVIZ_CHECKPOINT")
    architecture = architecture or os.environ.get("SEVIZ_ARCH")
    try:
        own = (
            catalogue.add_checkpoint(open_checkpoint(Path(checkpoint), architecture or ""))
            if checkpoint
            else None
        )
        return fetch(wanted or own or catalogue.EMBEDDED), ""
    except UserError as error:
        return catalogue.EMBEDDED, f"{error} The embedded network is open instead."
