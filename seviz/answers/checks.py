"""Checks of arguments before any photograph is read, so that no photograph gets the blame."""

from collections.abc import Iterable, Sequence

from seviz.attribution.layers import layer_site
from seviz.attribution.methods import METHODS
from seviz.errors import UserError
from seviz.gates.grammar import edited_sites, parse_arms
from seviz.passes.dispatch import ask, fetch
from seviz.passes.gpu_seconds import on_cpu
from seviz.records.arms import Arm
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class
from seviz.zoo.models import LoadedModel


def check_attribution(
    key: str,
    *,
    methods: Sequence[str],
    arms: Sequence[str],
    target: str = "",
    layer: str = "",
    profile: Profile | None = None,
) -> None:
    """Raise the UserError of `attribution_report` for arguments that suit no photograph."""
    check_methods(methods)
    parsed_arms = attribution_arms(key, arms, profile)
    source = find(key)
    if target not in ("", "other"):
        find_class(source.labels, target, source.folders)
    key = fetch(key, parsed_arms)
    recorded_for(key, parsed_arms, profile)
    ask(check_places, key, parsed_arms, layer)


@on_cpu
def check_places(loaded: LoadedModel, arms: Iterable[Arm], layer: str = "") -> None:
    """Raise UserError where arms edit gates that a network lacks, or it lacks the block `layer`."""
    for edit in (edit for arm in arms if not arm.is_twin for edit in arm.edits):
        edited_sites(edit, loaded.probe.sites)
    if layer:
        layer_site(loaded, layer)


def attribution_arms(key: str, arms: Sequence[str], profile: Profile | None) -> list[Arm]:
    """Return arms from text, by default intact, and static or, without statistics, identity."""
    without = "static" if profile or reference(key) else "identity"
    return parse_arms(arms or ("intact", without))


def check_methods(methods: Sequence[str]) -> list[str]:
    """Return the methods without repetitions; UserError for an unknown one."""
    if unknown := [name for name in methods if name not in METHODS]:
        choices = ", ".join(METHODS)
        raise UserError(f"There is no method “{unknown[0]}”; choose from {choices}.")
    return list(dict.fromkeys(methods))
