"""Records as files: JSON for people and scripts, arrays for NumPy, a zip for the page."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from seviz.compare import compare
from seviz.edits import arm_text
from seviz.records import Site, Trace

TOPK = 5


def trace_json(trace: Trace, topk: int = TOPK) -> dict[str, Any]:
    """Return a trace's words and figures as plain JSON values; its arrays are `trace_arrays`."""
    return {
        "model": trace.model,
        "sites": [site_json(site) for site in trace.sites],
        "arms": [
            {
                "name": arm.name,
                "edits": arm_text(arm.edits),
                "top": [vars(answer) for answer in trace.top(row, topk)],
                "against_intact": vars(against) if (against := compare(trace, row)) else None,
            }
            for row, arm in enumerate(trace.arms)
        ],
    }


def site_json(site: Site) -> dict[str, Any]:
    """Return a SE block as plain JSON values, with its measured r."""
    return {**vars(site), "reduction": site.reduction}


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


def _files(trace: Trace, topk: int) -> dict[str, bytes]:
    """Return what a trace is kept as: the contents of its two files, by their names."""
    words = json.dumps(trace_json(trace, topk), indent=1, ensure_ascii=False)
    arrays = io.BytesIO()
    np.savez_compressed(arrays, **trace_arrays(trace))  # type: ignore[arg-type]
    return {"trace.json": words.encode(), "trace.npz": arrays.getvalue()}
