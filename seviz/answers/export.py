"""Traces and explanations as files: JSON, NumPy archives, PNGs, and a zip for the page."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from seviz import limits
from seviz.analysis.evidence import scale_limit
from seviz.answers.alpha_path import alpha_path_report
from seviz.answers.attribution import Explanation, method_report
from seviz.answers.changes import ChangeAnswer
from seviz.answers.necessity import report_on
from seviz.answers.nulls import with_reasons
from seviz.answers.photo_pair import PhotoPairAnswer
from seviz.answers.provenance import provenance_of_trace
from seviz.answers.trace import TOPK, trace_report
from seviz.files import make_folder, write_whole
from seviz.photos.overlay import overlay
from seviz.records.analysis import AlphaPath, Effects, Necessity
from seviz.records.attribution import Attribution, GateShares
from seviz.records.drift import Drift
from seviz.records.target import ClassTarget
from seviz.records.trace import Trace
from seviz.records.trust import Trust
from seviz.words.archive import archive_words


def trace_arrays(trace: Trace) -> dict[str, npt.NDArray[np.float32]]:
    """Return a trace's arrays by key: z/SITE, s/SITE, s_computed/SITE and logits.

    s: the gates after the arm's edits; s_computed: before them. Every array is float32, arms×C, or
    arms×K (K classes) for the logits.
    """
    kinds = {"z": trace.z, "s": trace.s, "s_computed": trace.s_computed}
    arrays = {f"{kind}/{name}": a for kind, group in kinds.items() for name, a in group.items()}
    return {**arrays, "logits": trace.logits}


def write_trace(trace: Trace, folder: Path, topk: int = TOPK, *, command: str = "") -> None:
    """Write trace.json and trace.npz into a folder, which is made where it is missing.

    command: the line that made the trace. UserError where a file can't be written.
    """
    _write_files(folder, trace_files(trace, topk, command=command))


def zip_trace(trace: Trace, path: Path) -> None:
    """Write the two files of `write_trace` into one zip, with a read-me; UserError if too large."""
    size = sum(array.nbytes for array in trace_arrays(trace).values())
    limits.ZIP.check(-(-size // 1_000_000))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.txt", archive_words(trace))
        for name, content in trace_files(trace).items():
            archive.writestr(name, content)


def write_explanation(
    explanation: Explanation, photo: str, folder: Path, *, command: str = ""
) -> None:
    """Write attributions.json, attributions.npz and one PNG per method and arm into a folder.

    photo: the photograph's file name. The JSON holds it, the `trace_report`, the explanation's
    report and its provenance; command: the line that made it. UserError where a file can't be
    written.
    """
    of = asdict(provenance_of_trace(explanation.trace, command))
    content = _json({"photo": photo, **explanation_dict(explanation), "provenance": of}) + b"\n"
    files = attribution_files(explanation.trace, explanation.attributions, explanation.gates)
    _write_files(folder, {"attributions.json": content, **files})


def explanation_dict(explanation: Explanation) -> dict[str, Any]:
    """Return the `trace_report` and the explanation's report as one."""
    return {**asdict(trace_report(explanation.trace)), **asdict(explanation.report)}


def attribution_files(
    trace: Trace, found: Sequence[Attribution], gates: GateShares | None
) -> dict[str, bytes]:
    """Return attributions.npz and one PNG per method and arm, by file name."""
    drawn = {f"{name}.png": _png(pixels) for name, pixels in _overlays(trace, found)}
    return {"attributions.npz": _npz(attribution_arrays(found, gates)), **drawn}


def trust_files(measured: Iterable[tuple[Attribution, Trust | None]]) -> dict[str, bytes]:
    """Return trust.json, how far methods' maps can be trusted, by file name; none where unknown."""
    reports = [method_report(found, trust) for found, trust in measured if trust]
    return {"trust.json": _json({"methods": list(map(asdict, reports))})} if reports else {}


def path_files(
    path: AlphaPath | None, labels: Sequence[str], target: ClassTarget
) -> dict[str, bytes]:
    """Return alpha_path.json and alpha_path.npz, by file name; none where there is no path.

    The arrays are alphas, N, and logits, N×K.
    """
    if path is None:
        return {}
    report = asdict(alpha_path_report(path, labels, target))
    arrays = {"alphas": path.alphas, "logits": path.logits}
    return {"alpha_path.json": _json(report), "alpha_path.npz": _npz(arrays)}


def change_files(answer: ChangeAnswer | None) -> dict[str, bytes]:
    """Return change.json and change.npz (`drift_arrays`); none where nothing was changed."""
    if answer is None:
        return {}
    report = _json(asdict(answer.report))
    return {"change.json": report, "change.npz": _npz(drift_arrays(answer.drift))}


def pair_files(answer: PhotoPairAnswer | None) -> dict[str, bytes]:
    """Return second.json and second.npz (`pair_arrays`); none where there is no second photo."""
    if answer is None:
        return {}
    arrays = pair_arrays(answer.first, answer.second)
    return {"second.json": _json(asdict(answer.report)), "second.npz": _npz(arrays)}


def drift_arrays(drift: Drift) -> dict[str, npt.NDArray[Any]]:
    """Return strengths (S), logits (S×arms×K), and s/SITE, the gates, S×arms×C."""
    gates = {
        f"s/{site.name}": np.stack([point.s[site.name] for point in drift.points])
        for site in drift.sites
    }
    logits = np.stack([point.logits for point in drift.points])
    return {"strengths": np.array(drift.strengths), "logits": logits, **gates}


def pair_arrays(first: Trace, second: Trace) -> dict[str, npt.NDArray[Any]]:
    """Return first/SITE and second/SITE, the gates s (C), and the logits of both (K)."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, record in (("first", first), ("second", second)):
        arrays |= {f"{name}/{site}": gates[0] for site, gates in record.s.items()}
        arrays[f"{name}/logits"] = record.logits[0]
    return arrays


def effects_files(needed: Necessity, effects: Effects) -> dict[str, bytes]:
    """Return matters.json and matters.npz: what blocks and gates do to an answer, by file name.

    The arrays are necessity/logit and necessity/probability, 2×B (each of B blocks alone, and with
    all later ones; edited − intact), and effects/SITE, s·∂logit/∂s of a block's C channels.
    """
    report = {"blocks": asdict(report_on(needed)), "channels": [asdict(e) for e in effects.ranked]}
    arrays = {f"effects/{name}": values for name, values in effects.first_order.items()} | {
        "necessity/logit": needed.logit,
        "necessity/probability": needed.probability.astype(np.float32),
    }
    return {"matters.json": _json(report), "matters.npz": _npz(arrays)}


def attribution_arrays(
    found: Sequence[Attribution], gates: GateShares | None
) -> dict[str, npt.NDArray[np.float32]]:
    """Return the signed maps as METHOD/ARM and the gates' shares as gates/SITE.

    A map is 3×H×W (colours), or 1×H×W for methods that attribute to a layer, at the network's input
    size. gates/SITE holds one share per channel of the block: what its gate contributes to the
    difference between the logits of the first two arms with gates.
    """
    maps = {
        f"{attribution.method}/{arm.name}": attribution.maps[i]
        for attribution in found
        for i, arm in enumerate(attribution.arms)
    }
    shares = gates.shares if gates else {}
    return maps | {f"gates/{name}": share for name, share in shares.items()}


def _overlays(
    trace: Trace, found: Sequence[Attribution]
) -> Iterator[tuple[str, npt.NDArray[np.uint8]]]:
    """Yield file name and pixels of each map laid over the network's crop of the photograph.

    All maps of a method share one colour scale; the last is the first arm's map less the second's.
    """
    for attribution in found:
        method, maps = attribution.method, attribution.pixels
        scale = scale_limit(maps)
        for arm, pixels in zip(attribution.arms, maps, strict=True):
            yield f"{method}-{_file_name(arm.name)}", overlay(trace.seen, pixels, scale)
        if len(attribution.arms) > 1:
            yield f"{method}-difference", overlay(trace.seen, maps[0] - maps[1], scale)


def _file_name(text: str) -> str:
    """Turn an arm's name into part of a file name."""
    return re.sub(r"[^\w.-]+", "_", text)[:60]


def trace_files(trace: Trace, topk: int = TOPK, *, command: str = "") -> dict[str, bytes]:
    """Return the contents of trace.json and trace.npz; command: as of `write_trace`."""
    of = asdict(provenance_of_trace(trace, command))
    report = _json({**asdict(trace_report(trace, topk)), "provenance": of})
    return {"trace.json": report, "trace.npz": _npz(trace_arrays(trace))}


def _write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder, each whole or not at all; UserError where one can't be."""
    make_folder(folder)
    for name, content in contents.items():
        write_whole(folder / name, content)


def _json(value: dict[str, Any]) -> bytes:
    text = json.dumps(with_reasons(value), indent=1, ensure_ascii=False)
    return text.encode(errors="backslashreplace")  # names of files may be no Unicode


def _npz(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()
