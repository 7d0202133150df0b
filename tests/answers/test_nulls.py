from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from seviz.answers.attribution import AttributionReport
from seviz.answers.channels import ChannelsReport
from seviz.answers.gate_similarity import GateSimilarityReport
from seviz.answers.necessity import NecessityReport
from seviz.answers.network_pair import NetworkPairReport
from seviz.answers.nulls import KEY, REASONS, null_fields, with_reasons
from seviz.answers.photo_pair import PhotoPairReport
from seviz.answers.study import StudyResult
from seviz.answers.trace import TraceReport
from seviz.faithfulness.pointing import Pointing
from seviz.measuring.arm_accuracy import ArmAccuracies
from seviz.measuring.costs import Costs
from seviz.measuring.evaluate import Evaluation
from seviz.records.entry import Entry
from seviz.records.provenance import Provenance
from seviz.records.ranges import Ranges
from seviz.records.removal import Removal

ANSWERS = (TraceReport, AttributionReport, NecessityReport, ChannelsReport, PhotoPairReport)
ANSWERS += (
    StudyResult,
    Evaluation,
    ArmAccuracies,
    Pointing,
    Costs,
    Entry,
    Provenance,
    Ranges,
    Removal,
    NetworkPairReport,
    GateSimilarityReport,
)


def nullable(answer: Any) -> Iterator[str]:
    """Yield the fields of an answer's dataclass that may be None, at any depth."""
    hints = get_type_hints(answer)
    for field in fields(answer):
        hint = hints[field.name]
        if get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
            yield field.name
        for inner in inside(hint):
            yield from nullable(inner)


def inside(hint: Any) -> Iterator[Any]:
    if is_dataclass(hint):
        yield hint
    for argument in get_args(hint):
        yield from inside(argument)


def test_every_value_that_may_be_null_has_a_reason():
    found = {name for answer in ANSWERS for name in nullable(answer)}
    assert {"crop_box", "percentile", "sha256", "gap", "latency"} <= found
    assert found - set(REASONS) == set()


def test_an_answer_says_why_its_values_are_null_and_keeps_the_others():
    answer = {"a": 1, "blocks": [{"z": 0.5, "percentile": None}, {"z": None, "stage": None}]}
    assert list(null_fields(answer)) == ["percentile", "z", "stage"]
    found = with_reasons(answer)
    assert found == {**answer, KEY: {name: REASONS[name] for name in ("percentile", "z", "stage")}}
    assert with_reasons({"a": 0, "b": "", "c": []}) == {"a": 0, "b": "", "c": []}


def test_each_answer_of_a_list_has_its_own_reasons():
    first, second = with_reasons([{"gap": None}, {"gap": 1}])
    assert (list(first[KEY]), second) == (["gap"], {"gap": 1})
    assert with_reasons("text") == "text"
