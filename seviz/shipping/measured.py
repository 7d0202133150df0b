"""Measurements of networks that are part of seviz, stored as JSON beside the weights.

A file has an entry for each part: the sha256 of the weights by network, the date, the hardware,
the seconds that it took, and the result. An entry is written as soon as it is measured.
"""

import datetime
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.faithfulness.pointing import pointing
from seviz.files import write_whole
from seviz.gates.grammar import parse_arms
from seviz.measuring.arm_accuracy import ArmAccuracies, measure_arms
from seviz.measuring.evaluate import Evaluation, evaluate
from seviz.measuring.hardware import hardware
from seviz.measuring.ranges import measure_ranges
from seviz.measuring.unknown import mean_over_networks, separations
from seviz.nets.embedded import DATA
from seviz.nets.shipped import openable_keys
from seviz.passes.dispatch import ZOO
from seviz.passes.forward import trace
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.photos.sources import Reading
from seviz.records.arms import INTACT
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.profile import Profile
from seviz.reference.ranges import NAME as RANGES
from seviz.reference.unknown import CHOSEN, KNOWN_BELOW
from seviz.shipping.dynamic import measure_dynamic
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.shipping.pictures import measure_opened, opened_lacks
from seviz.watch import Bar
from seviz.zoo.catalogue import EMBEDDED, TWIN

ARMS = ("intact", "static", "uniform", "identity")
POINTING_IMAGES = 1000
RANGED_IMAGES = 2000
TOP = 3  # answers to each photograph
OF_SOME_CLASSES = openable_keys()  # networks that know some of the data set's classes
DYNAMIC = {f"dynamic_{key}": key for key in (EMBEDDED, *OF_SOME_CLASSES)}  # parts by name
Measure = Callable[[Setting], Any]  # its result is stored as JSON


def read_figures(file: Path) -> dict[str, Any]:
    """Read the entries by part; empty without a file, UserError where it is damaged."""
    if not file.exists():
        return {}
    try:
        entries: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise UserError(f"{file} is damaged; delete it to measure again.") from error
    return entries


def is_current(entry: dict[str, Any] | None) -> bool:
    """Tell whether an entry was measured on the present weights."""
    return entry is not None and entry["weights"] == weight_digests(*entry["weights"])


def profile_lacks(setting: Setting) -> str:
    """Return why the statistics, which static arms need, can't be used; "" where they can."""
    file = setting.profile
    if file.exists() and images_path(file).exists():
        known = Profile.load(file)
        own = known.weights == weight_digests(EMBEDDED)[EMBEDDED]
        if own and ProfiledImages.load(images_path(file)).is_of(known):
            return ""
    return f"{file.name} is not of the present weights; make the part profile first"


def _part(
    name: str,
    measure: Measure,
    *keys: str,
    lacks: Callable[[Setting], str] = lambda _: "",
    file: Callable[[Setting], Path] = lambda setting: setting.figures,
) -> Part:
    """Make a part that measures the networks `keys` and stores the result as the entry `name`."""

    def current(setting: Setting) -> bool:
        return is_current(read_figures(file(setting)).get(name))

    def make(setting: Setting) -> str:
        start, digests = time.perf_counter(), weight_digests(*keys)
        result = measure(setting)
        entry = {
            "weights": digests,
            "date": datetime.date.today().isoformat(),
            "hardware": hardware(),
            "seconds": round(time.perf_counter() - start, 1),
            "found": result,
        }
        entries = read_figures(file(setting)) | {name: entry}
        text = json.dumps(entries, indent=1, ensure_ascii=False)
        write_whole(file(setting), f"{text}\n".encode())
        return ""

    return Part(name, current, make, lacks)


def _evaluate_pair(setting: Setting) -> list[dict[str, Any]]:
    """Measure both networks, on the original images and on images made photographs."""
    return [
        {"photographs": photographs}
        | _figures(evaluate(key, setting.data, photographs, loaders=setting.loaders))
        for key in (EMBEDDED, TWIN)
        for photographs in (False, True)
    ]


def _measure_arms(setting: Setting) -> dict[str, Any]:
    """Measure the SE network with its gates edited."""
    statistics = Profile.load(setting.profile)
    arms, loaders = parse_arms(ARMS), setting.loaders
    return _figures(measure_arms(EMBEDDED, setting.data, arms, profile=statistics, loaders=loaders))


def _figures(found: Evaluation | ArmAccuracies) -> dict[str, Any]:
    """Return a measurement without its list of images, which are those of the shipped data set."""
    figures = asdict(found)
    del figures["used"]
    return figures


def _play_pointing_game(setting: Setting) -> dict[str, Any]:
    """Play the pointing game with Grad-CAM."""
    with Bar("pointing") as bar:
        found = pointing(
            EMBEDDED,
            setting.data,
            images=POINTING_IMAGES,
            arms=ARMS[:2],
            profile=Profile.load(setting.profile),
            loaders=setting.loaders,
            watch=bar,
        )
    return asdict(found)


def _answer_photographs(_: Setting) -> dict[str, list[dict[str, Any]]]:
    """Return the SE network's first answers to photographs that it was not trained on."""
    loaded = ZOO.get(EMBEDDED)
    records = {e.name: trace(loaded, read_photo(e.path), [INTACT]) for e in EXAMPLES}
    return {name: [asdict(a) for a in record.top(0, TOP)] for name, record in records.items()}


def _photographs_lack(_: Setting) -> str:
    packages = sorted({example.package for example in EXAMPLES if not example.path.exists()})
    return f"the photographs of {' and '.join(packages)} are not here" if packages else ""


def _measure_unknown(setting: Setting) -> dict[str, Any]:
    """Measure how far answers tell photographs of other classes; see `seviz.reference.unknown`."""
    found = separations(OF_SOME_CLASSES, setting.data, loaders=setting.loaders)
    means = mean_over_networks(found)
    found |= separations([EMBEDDED], setting.data, loaders=setting.loaders)
    return {
        "value": CHOSEN,
        "known_below": KNOWN_BELOW,
        **means[CHOSEN],
        "measured_networks": len(OF_SOME_CLASSES),
        "values": means,
        "networks": {key: asdict(by_value[CHOSEN]) for key, by_value in found.items()},
    }


def _measure_ranges(setting: Setting) -> dict[str, Any]:
    """Measure the SE network's ranges, on some of its training images."""
    images = Reading("train", limit=RANGED_IMAGES).open(setting.data)
    data = f"{DATA} (train, {RANGED_IMAGES:,} images)"
    found = measure_ranges(ZOO.get(EMBEDDED), images, data=data, loaders=setting.loaders)
    assert found is not None  # this is the first process
    return asdict(found.ranges)


MEASUREMENTS = (
    _part("evaluate", _evaluate_pair, EMBEDDED, TWIN),
    _part("arms", _measure_arms, EMBEDDED, lacks=profile_lacks),
    _part("pointing", _play_pointing_game, EMBEDDED, lacks=profile_lacks),
    _part("opened", measure_opened, EMBEDDED, lacks=opened_lacks),
    *(
        _part(name, partial(measure_dynamic, key), key, lacks=profile_lacks)
        for name, key in DYNAMIC.items()
    ),
    _part("answers", _answer_photographs, EMBEDDED, lacks=_photographs_lack),
    _part("unknown", _measure_unknown, EMBEDDED, *OF_SOME_CLASSES, file=lambda s: s.unknown),
    _part(RANGES, _measure_ranges, EMBEDDED, file=lambda s: s.ranges),
)
