import json
import zipfile

import numpy as np
import pytest

from seviz.answers.export import trace_arrays, write_trace, zip_trace
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.trace import Trace
from seviz.words.archive import archive_words


@pytest.fixture(scope="module")
def record(small, photo) -> Trace:
    return trace(small, photo, [INTACT, IDENTITY])


def test_the_arrays_are_float32_with_arms_first(record: Trace):
    arrays = trace_arrays(record)
    assert len(arrays) == 3 * 16 + 1
    assert {a.dtype for a in arrays.values()} == {np.dtype(np.float32)}
    assert arrays["logits"].shape == (2, 200)
    assert arrays["z/SE_5_3"].shape == (2, 896)
    assert (arrays["s/SE_5_3"][1] == 1).all()
    assert np.array_equal(arrays["s_computed/SE_5_3"], record.s_computed["SE_5_3"])


def test_files_and_zip_hold_the_same(record: Trace, tmp_path):
    write_trace(record, tmp_path / "new" / "lion")
    zip_trace(record, tmp_path / "lion.zip")
    with zipfile.ZipFile(tmp_path / "lion.zip") as archive:
        assert archive.namelist() == ["README.txt", "trace.json", "trace.npz"]
        assert archive.read("README.txt").decode("utf-8") == archive_words(record)
        archive.extractall(tmp_path)
    folder = tmp_path / "new" / "lion"
    assert (folder / "trace.json").read_text("utf-8") == (tmp_path / "trace.json").read_text(
        "utf-8"
    )
    ours, zipped = np.load(folder / "trace.npz"), np.load(tmp_path / "trace.npz")
    assert sorted(ours) == sorted(zipped) == sorted(trace_arrays(record))
    for key, array in trace_arrays(record).items():
        assert np.array_equal(ours[key], array)
        assert np.array_equal(zipped[key], array)


def test_a_name_that_is_no_unicode_is_written_escaped(record: Trace, tmp_path):
    write_trace(record, tmp_path, command="seviz trace caf\udce9.png")
    said = json.loads((tmp_path / "trace.json").read_text("utf-8"))
    assert said["provenance"]["command"] == "seviz trace caf\udce9.png"
