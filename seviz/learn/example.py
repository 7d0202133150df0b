"""An example's result as a file: what the page shows before any network has answered.

The file holds records and no pixels of the photograph, which its package brings. Reading it needs
no torch.
"""

import json
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz.errors import UserError
from seviz.files import atomic_write
from seviz.photos.file import file_of
from seviz.records.arms import ARMS
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps, Trace

FILE = "example.npz"  # in assets/
Box = tuple[float, float, float, float]
# What reading a file raises that is not there, or damaged.
DAMAGED: tuple[type[Exception], ...] = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
)
DAMAGED += (zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, eq=False)
class ExampleResult:
    """A trace of an example, and one channel of one of its blocks.

    name: the example's. Of the trace, image is not kept: it is empty. Of maps.u, the other channels
    are 0. box: the part of the photograph that the network saw, (left, top, right, bottom) in its
    pixels. silenced: the logits (K) with the channel's gate at 0. weights: the sha256 of the
    networks' weights by key; made: the date.
    """

    name: str
    trace: Trace
    maps: FeatureMaps
    channel: int
    box: Box
    silenced: Floats
    weights: dict[str, str]
    made: str

    def save(self, path: Path) -> None:
        """Write the file; UserError where it can't be written."""
        t, m = self.trace, self.maps
        facts = {
            "name": self.name,
            "model": t.model,
            "arms": [arm.name for arm in t.arms],
            "labels": t.labels,
            "sites": [asdict(site) for site in t.sites],
            "temperature": t.temperature,
            "size": t.seen.shape[:2],
            "block": m.site.name,
            "channel": self.channel,
            "box": self.box,
            "weights": self.weights,
            "made": self.made,
        }
        groups = {"z": t.z, "s": t.s, "s_computed": t.s_computed, "shift": t.shift}
        arrays = {f"{group}/{name}": a for group, of in groups.items() for name, a in of.items()}
        arrays |= {"logits": t.logits, "u": m.u[self.channel], "silenced": self.silenced}
        with atomic_write(path) as temporary, temporary.open("wb") as stream:
            text = np.array(json.dumps(facts, ensure_ascii=False))
            np.savez_compressed(stream, facts=text, **arrays)  # type: ignore[arg-type]


def load_example(path: Path, photo: Image.Image) -> ExampleResult:
    """Read the result of an example from its file, and what was seen from its RGB photograph.

    UserError where the file is none.
    """
    try:
        return _example(*_read(path), photo=photo)
    except DAMAGED as error:
        raise UserError(f"{path} holds no example's result: {error}") from error


def kept_weights(path: Path) -> dict[str, str]:
    """Return the sha256 of the weights that a file's result is of, by network; else nothing."""
    try:
        weights: dict[str, str] = _read(path)[0]["weights"]
    except DAMAGED:
        return {}
    return weights


def _read(path: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Read a file's facts and arrays; raises one of DAMAGED where it is none."""
    with path.open("rb") as stream, np.load(stream) as archive:  # which leaves a bad file open
        arrays = dict(archive)
    return json.loads(str(arrays.pop("facts"))), arrays


def _example(
    facts: dict[str, Any], arrays: dict[str, npt.NDArray[Any]], *, photo: Image.Image
) -> ExampleResult:
    groups: dict[str, dict[str, Floats]] = {"z": {}, "s": {}, "s_computed": {}, "shift": {}}
    for key, array in arrays.items():
        group, _, name = key.partition("/")
        if name:
            groups[group][name] = array
    height, width = facts["size"]
    seen = photo.resize((width, height), Image.Resampling.BOX, tuple(facts["box"]))
    trace = Trace(
        model=facts["model"],
        sites=tuple(Site(**site) for site in facts["sites"]),
        arms=tuple(ARMS[name] for name in facts["arms"]),
        labels=tuple(facts["labels"]),
        logits=arrays["logits"],
        image=np.zeros((3, 0, 0), np.float32),
        seen=np.asarray(seen),
        temperature=facts["temperature"],
        z=groups["z"],
        s=groups["s"],
        s_computed=groups["s_computed"],
        shift=groups["shift"],
        photo=file_of(photo),
    )
    name, channel = facts["block"], facts["channel"]
    u = np.zeros((len(trace.s[name][0]), *arrays["u"].shape), np.float32)
    u[channel] = arrays["u"]
    return ExampleResult(
        name=facts["name"],
        trace=trace,
        maps=FeatureMaps(
            trace.site(name), u, trace.s[name][0], trace.s_computed[name][0], trace.z[name][0]
        ),
        channel=channel,
        box=tuple(facts["box"]),
        silenced=arrays["silenced"],
        weights=facts["weights"],
        made=facts["made"],
    )
