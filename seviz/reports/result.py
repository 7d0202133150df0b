"""What a report tells: the answers to a photograph, and what they depend on."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from seviz.answers.alpha_path import STEPS, check_reference, find_path
from seviz.answers.attribution import attribution_report
from seviz.answers.changes import ChangeAnswer, change_answer, change_rows
from seviz.answers.checks import check_attribution
from seviz.answers.gate_shares import gated
from seviz.answers.necessity import weigh_gates
from seviz.answers.photo_pair import PhotoPairAnswer, photo_pair_answer
from seviz.attribution.methods import GRADCAM
from seviz.passes.dispatch import ask
from seviz.passes.estimate import PassRows
from seviz.photos.changes import find_change
from seviz.records.analysis import AlphaPath, Effects, Necessity
from seviz.records.arms import INTACT, Rule
from seviz.records.attribution import Attribution, GateShares
from seviz.records.drift import Changing
from seviz.records.target import ClassTarget, class_of, target_text
from seviz.records.trace import Answer, Trace
from seviz.records.trust import Trust
from seviz.reference.arm_choice import default_arms
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.reference.replacement import replacing_rule
from seviz.watch import Watch
from seviz.zoo.catalogue import find
from seviz.zoo.targets import class_target


@dataclass(frozen=True, eq=False)
class Result:
    """A photograph's answers in all arms, and what one class, or the lead of one, depends on.

    needed, effects: of blocks and of gates; maps: attributions, a method each; shares: of the gates
    in the difference between the first two arms with gates, None where they were not asked for.
    layer: the block that layer methods were asked to look at, "" for the last. profile: statistics
    that were given for this result, None for the network's own, if it has any. trusts: how far each
    map can be trusted, None where that was not measured; empty where it was of none. path: from
    the photograph's own gates to reference gates; change: what a change of the photograph does;
    pair: how its gates differ from a second photograph's; each None where it was not asked for.
    """

    trace: Trace
    needed: Necessity
    effects: Effects
    maps: Sequence[Attribution]
    shares: GateShares | None = None
    layer: str = ""
    profile: Profile | None = None
    trusts: Sequence[Trust | None] = ()
    path: AlphaPath | None = None
    change: ChangeAnswer | None = None
    pair: PhotoPairAnswer | None = None

    @property
    def measured(self) -> list[tuple[Attribution, Trust | None]]:
        """Return the maps, each with how far it can be trusted; None where that is not known."""
        trusts = self.trusts or [None] * len(self.maps)
        return list(zip(self.maps, trusts, strict=True))

    @property
    def followed(self) -> Answer:
        """Return the class, or the lead of one, that is followed."""
        return self.effects.target

    @property
    def compared(self) -> int:
        """Return the row of the first arm whose gates are others than the first's; 0 for none."""
        pair = gated(self.trace)
        return pair[1] if len(pair) > 1 else 0


def report_result(
    key: str,
    photo: Image.Image,
    *,
    arms: Sequence[str] = (),
    target: str = "",
    methods: Sequence[str] = (GRADCAM,),
    layer: str = "",
    steps: int | None = None,
    trust: bool = False,
    shares: bool = False,
    alpha_to: str = "",
    change: Changing | None = None,
    second: Image.Image | None = None,
    profile: Profile | None = None,
    watch: Watch | None = None,
) -> Result:
    """Work out all that a report tells of an RGB photograph; UserError for bad input.

    The arguments are as of `attribution_report`, but the target is a class or the lead of one over
    another, and the arms are by default those of the page. alpha_to: the reference gates at the end
    of the α path, as of `seviz.answers.alpha_path`; "" for no path. change: of the photograph, by
    `seviz.answers.changes.asked_change`; second: an RGB photograph to compare it with.
    """
    if target:
        class_target(find(key), target)
    arms = arms or [arm.name for arm in default_arms(key)]
    found = attribution_report(
        key,
        photo,
        methods=methods,
        arms=arms,
        target=target,
        layer=layer,
        steps=steps,
        trust=trust,
        shares=shares,
        profile=profile,
        watch=watch,
    )
    followed = found.attributions[0].target
    assert isinstance(followed, Answer)  # `class_target` refuses gates
    rule = replacing_rule(key, "", profile=profile)
    needed, effects = weigh_gates(found.trace, rule, class_of(followed), profile=profile)
    return Result(
        found.trace,
        needed,
        effects,
        found.attributions,
        shares=found.gates,
        layer=layer,
        profile=profile,
        trusts=found.trusts if trust else (),
        path=_path(found.trace, photo, alpha_to, profile=profile) if alpha_to else None,
        change=None
        if change is None
        else _change(found.trace, photo, change, followed=followed, profile=profile),
        pair=None if second is None else photo_pair_answer(key, photo, second, profile=profile),
    )


def _change(
    trace: Trace,
    photo: Image.Image,
    changing: Changing,
    *,
    followed: Answer,
    profile: Profile | None,
) -> ChangeAnswer:
    """Change the photograph, in the arms of the trace and for the class that is followed."""
    target = target_text(class_of(followed), trace.labels)
    return change_answer(
        trace.model, photo, changing, arms=trace.arms, target=target, profile=profile
    )


def _path(trace: Trace, photo: Image.Image, to: str, *, profile: Profile | None) -> AlphaPath:
    """Compute the path from the photograph's own gates, which a trace need not have."""
    if INTACT not in trace.arms:
        from seviz.passes.forward import trace as trace_photo

        trace = ask(trace_photo, trace.model, photo, [INTACT])
    return find_path(trace, to, profile)


def check_report(
    key: str,
    *,
    arms: Sequence[str] = (),
    target: str = "",
    methods: Sequence[str] = (GRADCAM,),
    layer: str = "",
    shares: bool = False,
    alpha_to: str = "",
    profile: Profile | None = None,
) -> None:
    """Raise the UserError of `report_result` for arguments that suit no photograph."""
    if alpha_to:
        check_reference(key, alpha_to, profile)
    if target:
        class_target(find(key), target)
    check_attribution(
        key,
        methods=methods,
        arms=arms or [arm.name for arm in default_arms(key)],
        target=target,
        layer=layer,
        shares=shares,
        profile=profile,
    )


def more_rows(arms: int, *, path: bool, change: Changing | None, second: bool) -> PassRows:
    """Count how many rows pass for what a report has only where it is asked for, but for trust."""
    rows = PassRows(forward=STEPS * path + 4 * second)  # each photograph passes twice, as a trace
    return rows if change is None else rows + change_rows(find_change(change.change), arms)


def completed(
    trace: Trace,
    target: ClassTarget,
    *,
    rule: Rule,
    needed: Necessity | None = None,
    effects: Effects | None = None,
    maps: Sequence[Attribution] = (),
) -> Result:
    """Work out what is missing to what is known of a trace already.

    rule: what replaces gates; needed, effects, maps: those of the target that are known. Without
    maps, the trace's arms are explained by Grad-CAM. UserError as of `weigh_gates`.
    """
    if needed is None or effects is None:
        needed, effects = weigh_gates(trace, rule, target, known=effects)
    return Result(trace, needed, effects, maps or [_gradcam(trace, target)])


def _gradcam(trace: Trace, target: ClassTarget) -> Attribution:
    from seviz.attribution.maps import attribute

    recorded = recorded_for(trace.model, trace.arms)
    return ask(
        attribute,
        trace.model,
        trace.image,
        trace.arms,
        method=GRADCAM,
        target=target,
        recorded=recorded,
    )
