"""The result of an example, as a network gives it."""

import datetime

from PIL import Image

from seviz.learn.example import ExampleResult
from seviz.learn.story import telling_gate
from seviz.passes.forward import arm_logits, feature_maps, trace
from seviz.photos.crop import crop_box
from seviz.photos.examples import Example
from seviz.records.arms import Arm, Edit, Rule
from seviz.reference.arm_choice import default_arms
from seviz.reference.recorded import recorded_for
from seviz.zoo.models import LoadedModel


def ask_example(
    loaded: LoadedModel, example: Example, photo: Image.Image, *, weights: dict[str, str]
) -> ExampleResult:
    """Ask a network of the catalogue about an example, in its default arms, on its device.

    photo: the example's, in RGB; weights: the sha256 of the networks' weights, by key. UserError
    as `seviz.passes.forward.trace`.
    """
    arms = default_arms(loaded.key)
    record = trace(loaded, photo, arms, recorded=recorded_for(loaded.key, arms))
    block, channel = telling_gate(record)
    shut = Arm("shut", (Edit(Rule("set", 0.0), block, ((channel, channel + 1),)),))
    box = crop_box(loaded.transform, photo.size)
    assert box is not None  # timm's preprocessing has no step of another kind
    return ExampleResult(
        name=example.name,
        trace=record,
        maps=feature_maps(loaded, record.image, block),
        channel=channel,
        box=box,
        silenced=arm_logits(loaded, record.image, [shut])[0],
        weights=weights,
        made=datetime.date.today().isoformat(),
    )
