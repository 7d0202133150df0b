"""What `import seviz` offers to scripts."""

import subprocess
import sys

import numpy as np
import pytest

import seviz
from seviz.records.arms import Arm


def test_the_import_alone_brings_neither_torch_nor_gradio():
    code = (
        "import sys, seviz\n"
        "from seviz import Arm, UserError, __version__, parse_arms\n"
        "print([name for name in ('torch', 'timm', 'gradio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", [name for name in seviz.__all__ if name != "__version__"])
def test_each_public_name_is_there_and_documented(name: str):
    value = getattr(seviz, name)
    assert name in seviz.__doc__.split('"lion.jpg")')[1].replace(",", "").split()
    if isinstance(value, Arm):
        assert value.name == name.lower()
    else:
        assert value.__name__ == name
        assert value.__doc__


def test_no_other_name_is_there():
    assert sorted(seviz._MODULES) == [name for name in sorted(seviz.__all__) if name[0] != "_"]
    assert set(seviz.__all__) <= set(dir(seviz))
    with pytest.raises(AttributeError, match="module 'seviz' has no attribute 'tracing'"):
        seviz.tracing  # noqa: B018


def test_the_example_in_its_words_runs(photo, tmp_path, monkeypatch):
    photo.save(tmp_path / "lion.jpg")
    monkeypatch.chdir(tmp_path)
    lines = [line[4:] for line in seviz.__doc__.splitlines() if line.startswith("    ")]
    names: dict = {}
    exec("\n".join(lines), names)
    record = names["record"]
    assert isinstance(record, seviz.Trace)
    assert record.s["SE_4_6"].shape == (3, 384)
    np.testing.assert_allclose(record.s["SE_5_1"][2], 1)


def test_a_network_opens_by_the_name_that_people_type():
    assert seviz.load("seresnet50_slim").key == "embedded"
    with pytest.raises(seviz.UserError, match="did you mean seresnet50"):
        seviz.load("seresnet5O")
