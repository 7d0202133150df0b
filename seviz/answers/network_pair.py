"""Two networks on one photograph: a typed report, ready for JSON."""

from dataclasses import dataclass

from PIL import Image

from seviz.analysis.network_pair import (
    agree,
    match_classes,
    pair_blocks,
    same_plan,
    view_network,
)
from seviz.analysis.shared_region import on_shared_region
from seviz.answers.checks import check_methods
from seviz.answers.trace import TOPK, TraceReport, trace_report
from seviz.attribution.methods import GRADCAM, pass_rows
from seviz.errors import UserError
from seviz.faithfulness.likeness import likeness
from seviz.passes.dispatch import ask, without_gates
from seviz.passes.gpu_seconds import counts
from seviz.photos.crop import Box
from seviz.phrases import brief
from seviz.records.arms import INTACT
from seviz.records.attribution import Attribution
from seviz.records.network_pair import (
    BlockPair,
    ClassMatch,
    MapPair,
    NetworkView,
)
from seviz.records.numbers import Floats
from seviz.records.trust import Likeness
from seviz.watch import Part, Watch
from seviz.words.network_pair import headline
from seviz.zoo.catalogue import find
from seviz.zoo.labels import find_class
from seviz.zoo.models import LoadedModel


@dataclass(frozen=True)
class CommonAnswer:
    """A class that both networks know; a, b: each network's own probability of it.

    A network shares its probability out over all of its classes, so those of networks with other
    classes are on other scales. index_a, index_b: the class's number in each.
    """

    label: str
    index_a: int
    index_b: int
    a: float
    b: float


@dataclass(frozen=True)
class CommonClasses:
    """How two networks' classes fit: their counts, by what they were matched, and those alone.

    only_a, only_b: the names of the classes that one network has alone.
    """

    common: int
    matched_by: list[str]
    only_a: list[str]
    only_b: list[str]


@dataclass(frozen=True)
class MapPairReport:
    """One method's maps of both networks for one class; likeness: over what both see.

    layer_a, layer_b: the layers that were explained, "" where the method looks at pixels; region:
    (left, top, right, bottom) in the photograph's pixels, None where that is not known.
    """

    method: str
    label: str
    layer_a: str
    layer_b: str
    region: Box | None
    likeness: Likeness | None


@dataclass(frozen=True)
class NetworkPairReport:
    """Two networks' answers to one photograph, and their gates.

    agree: whether both answer with the same class, None where one has no answers; common: the
    classes of either's best answers that both know. blocks: those of one name and channel count;
    same_plan: whether these are all of both. maps: None where no explanation was asked for.
    """

    headline: str
    agree: bool | None
    a: TraceReport
    b: TraceReport
    classes: CommonClasses
    common: list[CommonAnswer]
    same_plan: bool
    blocks: list[BlockPair]
    maps: MapPairReport | None


@dataclass(frozen=True, eq=False)
class NetworkPairAnswer:
    """A report with what it was made from: both views of the photograph, and both maps if any."""

    report: NetworkPairReport
    views: tuple[NetworkView, NetworkView]
    classes: ClassMatch
    maps: MapPair | None


def network_pair_answer(
    a: str,
    b: str,
    photo: Image.Image,
    *,
    topk: int = TOPK,
    method: str = "",
    target: str = "",
    watch: Watch | None = None,
) -> NetworkPairAnswer:
    """Compare two networks of the catalogue, with SE or without, on an RGB photograph.

    method: also explain one class in both, as of `explain_both`. UserError where a network can't
    be had.
    """
    if method:
        check_methods([method])
    classes = match_classes(find(a), find(b))
    views = view_network(a, photo), view_network(b, photo)
    maps = explain_both(views, method, target=target, watch=watch) if method else None
    report = pair_report(views, classes, topk=topk, maps=maps)
    return NetworkPairAnswer(report, views, classes, maps)


def pair_report(
    views: tuple[NetworkView, NetworkView],
    classes: ClassMatch,
    *,
    topk: int = TOPK,
    maps: MapPair | None = None,
) -> NetworkPairReport:
    """Report on what two networks made of one photograph."""
    a, b = (view.trace for view in views)
    return NetworkPairReport(
        headline=headline(a, b, classes),
        agree=agree(a, b, classes),
        a=trace_report(a, topk),
        b=trace_report(b, topk),
        classes=CommonClasses(
            common=len(classes.pairs),
            matched_by=list(classes.matched_by),
            only_a=list(classes.only_a),
            only_b=list(classes.only_b),
        ),
        common=common_answers(views, classes, topk),
        same_plan=same_plan(a, b),
        blocks=pair_blocks(*views),
        maps=None if maps is None else _maps_report(maps),
    )


def common_answers(
    views: tuple[NetworkView, NetworkView], classes: ClassMatch, k: int
) -> list[CommonAnswer]:
    """List the common classes among either network's k best answers, the most probable first."""
    a, b = (view.trace for view in views)
    if not classes.pairs or not a.labels or not b.labels:
        return []
    best_a, best_b = ({answer.index for answer in of.top(0, k)} for of in (a, b))
    found = [
        CommonAnswer(
            label=a.labels[i],
            index_a=i,
            index_b=j,
            a=float(a.probabilities[0, i]),
            b=float(b.probabilities[0, j]),
        )
        for i, j in classes.pairs
        if i in best_a or j in best_b
    ]
    return sorted(found, key=lambda answer: -max(answer.a, answer.b))


def explain_both(
    views: tuple[NetworkView, NetworkView],
    method: str = GRADCAM,
    *,
    target: str = "",
    watch: Watch | None = None,
) -> MapPair:
    """Explain one class in both networks by one method.

    target: a class by its name or number in A, or by its name in B; by default A's answer, or where
    B does not know that, B's, or else the class that A finds most probable of the common ones.
    UserError where they have no class in common, or the method is not right for one of them.
    """
    check_methods([method])
    keys = [view.trace.model for view in views]
    classes = match_classes(*map(find, keys))
    pair = _common_class(views, classes, target)
    watch = watch or Watch()
    a, b = (
        ask(_explain, key, view.trace.image, method=method, target=index, watch=part)
        for key, view, index, part in zip(
            keys, views, pair, (Part(watch, 0, 0.5), Part(watch, 0.5, 1)), strict=True
        )
    )
    found = on_shared_region(a.pixels[0], b.pixels[0], (views[0].crop_box, views[1].crop_box))
    return MapPair(
        label=views[0].trace.labels[pair[0]],
        a=a,
        b=b,
        region=found[2] if found else None,
        likeness=likeness(found[0], found[1]) if found else None,
    )


@without_gates
@counts(lambda _, __, *, method, **___: 3 * pass_rows(method, 1).weight)
def _explain(
    loaded: LoadedModel, image: Floats, *, method: str, target: int, watch: Watch | None = None
) -> Attribution:
    from seviz.attribution.maps import attribute

    return attribute(loaded, image, [INTACT], method=method, target=target, watch=watch)


def _common_class(
    views: tuple[NetworkView, NetworkView], classes: ClassMatch, target: str
) -> tuple[int, int]:
    """Return the class that is explained, by its index in A and in B."""
    a, b = (view.trace for view in views)
    if not classes.pairs:
        raise UserError(
            f"{find(a.model).title} and {find(b.model).title} have no class in common, so no class "
            "can be explained in both; choose networks that share some."
        )
    to_b = dict(classes.pairs)
    to_a = {j: i for i, j in classes.pairs}
    if target:
        return _named_class(views, to_b, target)
    first, other = (of.top(0, 1)[0].index for of in (a, b))
    if first in to_b:
        return first, to_b[first]
    if other in to_a:
        return to_a[other], other
    return max(classes.pairs, key=lambda pair: a.logits[0, pair[0]])


def _named_class(
    views: tuple[NetworkView, NetworkView], to_b: dict[int, int], target: str
) -> tuple[int, int]:
    a, b = (find(view.trace.model) for view in views)
    try:
        index = find_class(a.labels, target, a.folders, of=a.title)
    except UserError:
        other = find_class(b.labels, target, b.folders, of="either network")
        index = next((i for i, j in to_b.items() if j == other), -1)
    if index not in to_b:
        raise UserError(
            f"“{brief(target)}” is a class of one of the two networks alone; name one that both "
            "know."
        )
    return index, to_b[index]


def _maps_report(maps: MapPair) -> MapPairReport:
    return MapPairReport(
        method=maps.a.method,
        label=maps.label,
        layer_a=maps.a.layer,
        layer_b=maps.b.layer,
        region=maps.region,
        likeness=maps.likeness,
    )
