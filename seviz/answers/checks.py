"""Checks of arguments before any photograph is read, so that no photograph gets the blame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seviz import limits
from seviz.attribution.methods import GRADCAM, METHODS, pass_rows, unknown_method
from seviz.errors import UserError
from seviz.gates.grammar import edited_sites, names_gate, parse_arms
from seviz.passes.dispatch import ask, expected_seconds, fetch
from seviz.passes.estimate import PassRows
from seviz.passes.gpu_seconds import on_cpu
from seviz.records.arms import Arm
from seviz.records.target import Gate, Target
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.words.numbers import duration
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel
from seviz.zoo.targets import find_class_target, find_target


@dataclass(frozen=True)
class Explaining:
    """What `attribution_report` is asked, but for the network and the photograph."""

    methods: Sequence[str]
    arms: Sequence[str]
    target: str
    layer: str
    trust: bool
    shares: bool


def check_explaining(key: str, asked: Explaining, more: PassRows | None = None) -> None:
    """Raise UserError for arguments that suit no photograph, or are more than one question may.

    more: rows that pass for what else the question asks.
    """
    arms = len(asked.arms) or 2
    limits.MAPS.check(len(asked.methods) * arms)
    names = check_methods(asked.methods)
    if asked.trust:
        limits.MEASURES.check(len(names))
    rows = attribution_rows(names, arms, steps=None, trust=asked.trust, shares=asked.shares)
    rows += more or PassRows()
    limits.PASSES.check(rows.count)
    check_attribution(
        key,
        methods=names,
        arms=asked.arms,
        target=asked.target,
        layer=asked.layer,
        shares=asked.shares,
    )
    check_time(key, rows, "arms or methods, or without trust and shares")


def check_attribution(
    key: str,
    *,
    methods: Sequence[str],
    arms: Sequence[str],
    target: str = "",
    layer: str = "",
    shares: bool = False,
    profile: Profile | None = None,
) -> None:
    """Raise the UserError of `attribution_report` for arguments that suit no photograph."""
    check_methods(methods)
    parsed_arms = attribution_arms(key, arms, profile)
    source = find(key)
    named = target not in ("", "other")
    if named and not names_gate(target):
        find_class_target(source.labels, target, source.folders)
    key = fetch(key, parsed_arms)
    recorded_for(key, parsed_arms, profile)
    layered = any(METHODS[name].layered for name in methods)
    text = target if named else ""
    followed = ask(check_places, key, parsed_arms, layer, target=text, layered=layered)
    if shares:
        check_shares(followed)


def check_shares(target: Target | None) -> None:
    """Raise UserError where a target's score can't be shared out over all gates."""
    if isinstance(target, Gate):
        raise UserError(
            f"The shares of all gates are those of a class's logit, and {target.name} is a gate; "
            "leave the shares out, or follow a class."
        )


@on_cpu
def check_places(
    loaded: LoadedModel,
    arms: Iterable[Arm],
    layer: str = "",
    *,
    target: str = "",
    layered: bool = False,
) -> Target | None:
    """Raise UserError where a network lacks gates that arms edit, or the block `layer`.

    Return the target, None for ""; UserError where it can't be explained in these arms. layered:
    by a method that looks at a layer.
    """
    from seviz.attribution.layers import layer_site
    from seviz.attribution.rows import check_gate

    sites, arms = loaded.probe.sites, list(arms)
    for edit in (edit for arm in arms if not arm.is_twin for edit in arm.edits):
        edited_sites(edit, sites)
    followed = find_target(loaded.source, sites, target) if target else None
    if isinstance(followed, Gate):
        check_gate(loaded, followed, arms)
    if layer or layered:
        layer_site(loaded, layer, before=followed)
    return followed


def attribution_arms(key: str, arms: Sequence[str], profile: Profile | None) -> list[Arm]:
    """Return arms from text, by default intact, and static or, without statistics, identity."""
    without = "static" if profile or reference(key) else "identity"
    return parse_arms(arms or ("intact", without))


def check_methods(methods: Sequence[str]) -> list[str]:
    """Return the methods without repetitions; UserError for an unknown one, or none at all."""
    if not methods:
        raise UserError(f"No method is named; give one or more, such as {GRADCAM}.")
    if unknown := [name for name in methods if name not in METHODS]:
        raise unknown_method(unknown[0])
    return list(dict.fromkeys(methods))


def attribution_rows(
    methods: Sequence[str], arms: int, *, steps: int | None, trust: bool, shares: bool
) -> PassRows:
    """Count about how many rows pass for the answer of `attribution_report`."""
    from seviz.attribution import shares as gates
    from seviz.faithfulness import trust as measures

    rows = gates.PASS_ROWS if shares else PassRows()
    for method in methods:
        rows += pass_rows(method, arms, steps or 0)
        if trust:
            rows += measures.pass_rows(method, arms, steps or 0)
    return rows


def check_time(key: str, rows: PassRows, less: str) -> None:
    """Raise UserError where rows pass for longer than one question may.

    less: what people may ask less of, such as “arms or methods”.
    """
    most = limits.SECONDS.value
    expected = expected_seconds(key, rows, most=most)
    if expected > most:
        raise UserError(
            f"This would take {duration(expected)} here, and one question may take "
            f"{most:,} s ({limits.SECONDS.variable}): ask for fewer {less}, or a smaller "
            "network."
        )
