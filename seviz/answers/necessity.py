"""Which blocks matter for an answer: a typed report, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.passes.dispatch import ask, fetch
from seviz.passes.estimate import GRADIENT
from seviz.passes.gpu_seconds import counts
from seviz.records.analysis import Effects, Necessity
from seviz.records.arms import INTACT, Arm, Edit, Recorded, Rule
from seviz.records.numbers import Floats
from seviz.records.target import ClassTarget
from seviz.records.trace import Answer, Trace
from seviz.reference.profile import Profile
from seviz.reference.recorded import recorded_for
from seviz.reference.replacement import replacing_rule
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel
from seviz.zoo.targets import class_target


@dataclass(frozen=True)
class Change:
    """How an answer changes, edited − intact, and whether the first answer is another."""

    logit: float
    probability: float
    flipped: bool


@dataclass(frozen=True)
class BlockNecessity:
    """The changes by replacing the gates of a block alone, and of it and all later blocks."""

    name: str
    alone: Change
    onward: Change


@dataclass(frozen=True)
class NecessityReport:
    """Which blocks an answer depends on.

    replaced_by: the rule that replaced the gates; target: the class, or the difference of two
    classes, whose logit and probability are followed (see `seviz.records.target`); blocks: in depth
    order; note: a remark about the computation, or "".
    """

    model: str
    replaced_by: str
    target: Answer
    blocks: list[BlockNecessity]
    note: str


@dataclass(frozen=True, eq=False)
class NecessityAnswer:
    """A report with the record that it was made from."""

    report: NecessityReport
    necessity: Necessity


def necessity_report(
    key: str,
    photo: Image.Image,
    *,
    replace: str = "",
    target: str = "",
    profile: Profile | None = None,
) -> NecessityReport:
    """Return the report of `necessity_answer` alone."""
    return necessity_answer(key, photo, replace=replace, target=target, profile=profile).report


def necessity_answer(
    key: str,
    photo: Image.Image,
    *,
    replace: str = "",
    target: str = "",
    profile: Profile | None = None,
) -> NecessityAnswer:
    """Replace an RGB photograph's gates block by block; UserError for bad input.

    replace: a rule of `seviz.gates.grammar`, by default static where there are reference statistics
    (profile, or the network's own `reference`), else identity. target: a class by name or
    number, or two, “A vs B”, of which the difference is followed; the intact answer by default.
    """
    asked = _asked(key, replace, target=target, profile=profile)
    result = ask(
        _photo_necessity,
        find(key).key,
        photo,
        asked.rule,
        recorded=asked.recorded,
        target=asked.target,
    )
    return NecessityAnswer(report_on(result), result)


def report_on(found: Necessity) -> NecessityReport:
    """Report on which blocks an answer depends on."""
    blocks = [
        BlockNecessity(name, _change(found, 0, column), _change(found, 1, column))
        for column, name in enumerate(found.sites)
    ]
    return NecessityReport(found.model, found.rule, found.target, blocks, found.note)


def check_necessity(
    key: str, *, replace: str = "", target: str = "", profile: Profile | None = None
) -> None:
    """Raise the UserError of `necessity_answer` for arguments that suit no photograph."""
    _asked(key, replace, target=target, profile=profile)


@dataclass(frozen=True)
class _Asked:
    """The rule that replaces gates, the gates that it needs, and the class to follow, if any."""

    rule: Rule
    recorded: Recorded
    target: ClassTarget | None


def _asked(key: str, replace: str, *, target: str, profile: Profile | None) -> _Asked:
    """Read the arguments of `necessity_answer`; UserError where they suit no photograph."""
    source = find(key)
    rule = replacing_rule(source.key, replace, profile=profile)
    followed = class_target(source, target) if target else None
    fetch(source.key)
    return _Asked(rule, recorded_for(source.key, [Arm("", (Edit(rule),))], profile), followed)


def weigh_gates(
    record: Trace,
    rule: Rule,
    target: ClassTarget,
    *,
    known: Effects | None = None,
    profile: Profile | None = None,
) -> tuple[Necessity, Effects]:
    """Replace a trace's gates block by block, and measure each gate's effect on a class's logit.

    target: the class, or the difference of two; known: the effects, where they are
    known already; profile: the statistics of static gates, by default the network's own. UserError
    where the rule needs statistics and there are none.
    """
    recorded = recorded_for(record.model, [Arm("", (Edit(rule),))], profile)
    return ask(
        _weigh, record.model, record.image, rule, recorded=recorded, target=target, known=known
    )


@counts(lambda loaded, *_, **__: 2 * len(loaded.probe.sites) + GRADIENT + 10)
def _weigh(
    loaded: LoadedModel,
    image: Floats,
    rule: Rule,
    *,
    recorded: Recorded,
    target: ClassTarget,
    known: Effects | None,
) -> tuple[Necessity, Effects]:
    """Do the work of `weigh_gates` with a network."""
    from seviz.analysis.channels import effects
    from seviz.analysis.necessity import necessity

    needed = necessity(loaded, image, rule, recorded=recorded, target=target)
    return needed, known or effects(loaded, image, target=target)


@counts(lambda loaded, *_, **__: 2 + 2 * len(loaded.probe.sites))
def _photo_necessity(
    loaded: LoadedModel,
    photo: Image.Image,
    rule: Rule,
    *,
    recorded: Recorded,
    target: ClassTarget | None,
) -> Necessity:
    """Replace the gates of a photograph block by block."""
    from seviz.analysis.necessity import necessity
    from seviz.passes.forward import trace

    image = trace(loaded, photo, [INTACT]).image
    return necessity(loaded, image, rule, recorded=recorded, target=target)


def _change(result: Necessity, row: int, column: int) -> Change:
    at = row, column
    return Change(float(result.logit[at]), float(result.probability[at]), bool(result.flipped[at]))
