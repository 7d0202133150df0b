"""Records as files: JSON for people and scripts, arrays for NumPy, a zip for the page."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz.analysis.evidence import limit
from seviz.answers.attribution import Explanation
from seviz.answers.trace import TOPK, trace_report
from seviz.photos.overlay import overlay
from seviz.records.trace import Trace


def trace_arrays(trace: Trace) -> dict[str, npt.NDArray[np.float32]]:
    """Return a trace's arrays by key: z/SITE, s/SITE (as applied), s_computed/SITE, logits.

    Every array is float32 and arms first: arms×C, or arms×K for the logits.
    """
    kinds = {"z": trace.z, "s": trace.s, "s_computed": trace.s_computed}
    arrays = {f"{kind}/{name}": a for kind, group in kinds.items() for name, a in group.items()}
    return {**arrays, "logits": trace.logits}


def write_trace(trace: Trace, folder: Path, topk: int = TOPK) -> None:
    """Write trace.json and trace.npz into a folder, making it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(trace, topk).items():
        (folder / name).write_bytes(content)


def zip_trace(trace: Trace, path: Path) -> None:
    """Write the two files of `write_trace` into one zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in _files(trace, TOPK).items():
            archive.writestr(name, content)


def write_explanation(found: Explanation, photo: str, folder: Path) -> None:
    """Write attributions.json, attributions.npz and a PNG an arm and method into a folder.

    photo: the photograph's file name, which the JSON names; it holds the `trace_report` too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = {"photo": photo, **asdict(trace_report(found.trace)), **asdict(found.report)}
    text = json.dumps(words, indent=1, ensure_ascii=False)
    (folder / "attributions.json").write_text(text + "\n", "utf-8")
    np.savez_compressed(folder / "attributions.npz", **explanation_arrays(found))  # type: ignore[arg-type]
    for name, pixels in _pictures(found):
        Image.fromarray(pixels).save(folder / f"{name}.png")


def explanation_arrays(found: Explanation) -> dict[str, npt.NDArray[np.float32]]:
    """Return the signed maps as METHOD/ARM, C×H×W at the network's input size, and gates/SITE.

    C is 3 (colours), or 1 of methods that look at a layer; gates/SITE are the C shares of a block's
    channels in the difference of the first two arms' logits.
    """
    maps = {
        f"{a.method}/{arm.name}": a.maps[i]
        for a in found.attributions
        for i, arm in enumerate(a.arms)
    }
    shares = found.gates.shares if found.gates else {}
    return maps | {f"gates/{name}": share for name, share in shares.items()}


def _pictures(found: Explanation) -> Iterator[tuple[str, npt.NDArray[np.uint8]]]:
    """Lay each map over the photograph, all arms on one scale, and the difference of two."""
    seen = found.trace.seen
    for a in found.attributions:
        full = limit(a.pixels)
        for arm, pixels in zip(a.arms, a.pixels, strict=True):
            yield f"{a.method}-{_file_name(arm.name)}", overlay(seen, pixels, full)
        if len(a.arms) > 1:
            yield f"{a.method}-difference", overlay(seen, a.pixels[0] - a.pixels[1], full)


def _file_name(text: str) -> str:
    """Turn an arm's name into part of a file name."""
    return re.sub(r"[^\w.-]+", "_", text)[:60]


def _files(trace: Trace, topk: int) -> dict[str, bytes]:
    """Return what a trace is kept as: the contents of its two files, by their names."""
    words = json.dumps(asdict(trace_report(trace, topk)), indent=1, ensure_ascii=False)
    arrays = io.BytesIO()
    np.savez_compressed(arrays, **trace_arrays(trace))  # type: ignore[arg-type]
    return {"trace.json": words.encode(), "trace.npz": arrays.getvalue()}
