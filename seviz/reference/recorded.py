"""The recorded gates with which static and resampled arms replace a network's own gates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.gpu_seconds import on_cpu
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT, RECORDED, Arm, Recorded, check_arms
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.zoo.catalogue import find

if TYPE_CHECKING:
    from seviz.zoo.models import LoadedModel


def recorded_for(key: str, arms: Sequence[Arm], profile: Profile | None = None) -> Recorded:
    """Return the gates that the arms need, by rule and site, for a network of the catalogue.

    Static gates are the means of `profile`, or of the network's `reference`; resampled gates are
    those of the photograph in the rule's file. UserError where an arm's gates can't be had.
    """
    check_arms(arms)
    if profile is not None:  # also where no arm needs it: people mean its own network
        profile.check_fits(find(key), ask(_sites, key))
    rules = {rule for arm in arms for edit in arm.edits for rule in edit.rule.all}
    return {
        rule: _static(key, profile) if rule.name == "static" else _resampled(key, Path(rule.source))
        for rule in rules
        if rule.name in RECORDED
    }


def _static(key: str, profile: Profile | None) -> dict[str, Floats]:
    profile = profile or reference(key)
    if profile is None:
        raise UserError(
            f"There are no reference statistics of “{find(key).identity}” for a static arm; make "
            "them by python -m seviz profile and give them by --profile, or in Python by "
            "network.profile(data), or take identity."
        )
    return {name: block.s_mean for name, block in profile.blocks.items()}


@on_cpu
def _sites(loaded: LoadedModel) -> tuple[Site, ...]:
    return loaded.probe.sites


def _resampled(key: str, file: Path) -> dict[str, Floats]:
    from seviz.passes.forward import trace

    record = ask(trace, key, read_photo(file), [INTACT])
    return {name: gates[0] for name, gates in record.s.items()}
