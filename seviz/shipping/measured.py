"""Measurements of the embedded pair, stored in one JSON file beside the weights.

The file has an entry for each part: the sha256 of the weights by network, the date, the hardware,
the seconds that it took, and the result. An entry is written as soon as it is measured.
"""

import datetime
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from seviz.errors import UserError
from seviz.faithfulness.pointing import pointing
from seviz.files import write_whole
from seviz.gates.grammar import parse_arms
from seviz.measuring.arm_accuracy import measure_arms
from seviz.measuring.evaluate import evaluate
from seviz.measuring.hardware import hardware
from seviz.passes.dispatch import ZOO
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.reference.profile import Profile
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.watch import Bar
from seviz.zoo.catalogue import EMBEDDED, TWIN

ARMS = ("intact", "static", "uniform", "identity")
POINTING_IMAGES = 1000
TOP = 3  # answers to each photograph
PHOTOGRAPHS = {  # files of installed packages: the package, and the path in it
    "lion": ("gradio", "media_assets/images/lion.jpg"),
    "cat": ("skimage", "data/chelsea.png"),
    "espresso": ("skimage", "data/coffee.png"),
    "cheetah": ("gradio", "media_assets/images/cheetah1.jpg"),
}
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
    if file.exists() and Profile.load(file).weights == weight_digests(EMBEDDED)[EMBEDDED]:
        return ""
    return f"{file.name} is not of the present weights; make the part profile first"


def _part(
    name: str,
    measure: Measure,
    *keys: str,
    lacks: Callable[[Setting], str] = lambda _: "",
) -> Part:
    """Make a part that measures the networks `keys` and stores the result as the entry `name`."""

    def current(setting: Setting) -> bool:
        return is_current(read_figures(setting.figures).get(name))

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
        entries = read_figures(setting.figures) | {name: entry}
        text = json.dumps(entries, indent=1, ensure_ascii=False)
        write_whole(setting.figures, f"{text}\n".encode())
        return ""

    return Part(name, current, make, lacks)


def _evaluate_pair(setting: Setting) -> list[dict[str, Any]]:
    """Measure both networks, on the original images and on images made photographs."""
    return [
        {"photographs": photographs}
        | vars(evaluate(key, setting.data, photographs, loaders=setting.loaders))
        for key in (EMBEDDED, TWIN)
        for photographs in (False, True)
    ]


def _measure_arms(setting: Setting) -> dict[str, Any]:
    """Measure the SE network with its gates edited."""
    statistics = Profile.load(setting.profile)
    arms, loaders = parse_arms(ARMS), setting.loaders
    return asdict(measure_arms(EMBEDDED, setting.data, arms, profile=statistics, loaders=loaders))


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
    records = {n: trace(loaded, read_photo(_photograph(n)), [INTACT]) for n in PHOTOGRAPHS}
    return {name: [asdict(a) for a in record.top(0, TOP)] for name, record in records.items()}


def _photographs_lack(_: Setting) -> str:
    missing = [name for name in PHOTOGRAPHS if not _photograph(name).exists()]
    packages = sorted({PHOTOGRAPHS[name][0] for name in missing})
    return f"the photographs of {' and '.join(packages)} are not here" if missing else ""


def _photograph(name: str) -> Path:
    """Return a photograph's path in its package, without importing it; it may not exist."""
    package, inside = PHOTOGRAPHS[name]
    spec = find_spec(package)
    return Path(spec.origin if spec and spec.origin else package).parent / inside


MEASUREMENTS = (
    _part("evaluate", _evaluate_pair, EMBEDDED, TWIN),
    _part("arms", _measure_arms, EMBEDDED, lacks=profile_lacks),
    _part("pointing", _play_pointing_game, EMBEDDED, lacks=profile_lacks),
    _part("answers", _answer_photographs, EMBEDDED, lacks=_photographs_lack),
)
