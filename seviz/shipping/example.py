"""The part of `remake` that keeps the result of the page's first example."""

import datetime

from seviz.learn.example import FILE, ExampleResult, kept_weights
from seviz.learn.story import telling_gate
from seviz.passes.dispatch import ZOO
from seviz.passes.forward import arm_logits, feature_maps, trace
from seviz.photos.crop import crop_box
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.records.arms import TWIN as TWIN_ARM
from seviz.records.arms import Arm, Edit, Rule
from seviz.reference.arm_choice import default_arms
from seviz.reference.recorded import recorded_for
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.zoo.catalogue import EMBEDDED, TWIN

FIRST = EXAMPLES[0]


def make_example(weights: dict[str, str]) -> ExampleResult:
    """Ask the embedded network about the first example, in its default arms.

    weights: the sha256 of its and its twin's weights, by key.
    """
    loaded, photo, arms = ZOO.get(EMBEDDED), read_photo(FIRST.path), default_arms(EMBEDDED)
    assert TWIN_ARM in arms
    record = trace(loaded, photo, arms, recorded=recorded_for(EMBEDDED, arms))
    block, channel = telling_gate(record)
    shut = Arm("shut", (Edit(Rule("set", 0.0), block, ((channel, channel + 1),)),))
    box = crop_box(loaded.transform, photo.size)
    assert box is not None
    return ExampleResult(
        name=FIRST.name,
        trace=record,
        maps=feature_maps(loaded, record.image, block),
        channel=channel,
        box=box,
        silenced=arm_logits(loaded, record.image, [shut])[0],
        weights=weights,
        made=datetime.date.today().isoformat(),
    )


def _digests() -> dict[str, str]:
    return weight_digests(EMBEDDED, TWIN)


def _current(setting: Setting) -> bool:
    return kept_weights(setting.out / FILE) == _digests()


def _make(setting: Setting) -> str:
    make_example(_digests()).save(setting.out / FILE)
    return ""


def _lacks(_: Setting) -> str:
    return "" if FIRST.path.exists() else f"the photograph {FIRST.path} is not there"


EXAMPLE = Part("example", _current, _make, _lacks)
