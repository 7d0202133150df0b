"""The kept result of the page's example, and how it is read."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.learn.example import FILE, ExampleResult, kept_weights, load_example
from seviz.nets.embedded import ASSETS
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo

KEPT = ASSETS / FILE
NO_TORCH = """
import sys
from pathlib import Path
from seviz.figures.atlas import atlas
from seviz.figures.inspector import channel_figures
from seviz.learn.example import load_example
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.words.answers import headline
kept = load_example(Path(sys.argv[1]), read_photo(EXAMPLES[0].path))
assert len(atlas(kept.trace, arm=0, show="s").data) == len(kept.trace.sites)
assert channel_figures(kept.maps, kept.channel, kept.trace.seen, small=True).after.data
assert "lion" in headline(kept.trace)
assert "torch" not in sys.modules, "torch was imported"
"""


@pytest.fixture(scope="module")
def lion() -> Image.Image:
    return read_photo(EXAMPLES[0].path)


@pytest.fixture(scope="module")
def kept(lion: Image.Image) -> ExampleResult:
    return load_example(KEPT, lion)


def test_a_result_is_read_as_it_was_written(kept: ExampleResult, lion, tmp_path: Path):
    kept.save(tmp_path / "again.npz")
    again = load_example(tmp_path / "again.npz", lion)
    assert (again.name, again.channel, again.box) == (kept.name, kept.channel, kept.box)
    assert (again.weights, again.made) == (kept.weights, kept.made)
    np.testing.assert_array_equal(again.silenced, kept.silenced)
    for name in ("model", "sites", "arms", "labels", "temperature"):
        assert getattr(again.trace, name) == getattr(kept.trace, name)
    for name in ("z", "s", "s_computed", "shift"):
        groups = [getattr(of.trace, name) for of in (again, kept)]
        assert list(groups[0]) == list(groups[1])
        for block, values in groups[0].items():
            np.testing.assert_array_equal(values, groups[1][block])
    for name in ("logits", "seen", "image"):
        np.testing.assert_array_equal(getattr(again.trace, name), getattr(kept.trace, name))
    for name in ("u", "s", "s_computed", "z"):
        np.testing.assert_array_equal(getattr(again.maps, name), getattr(kept.maps, name))
    assert again.maps.site == kept.maps.site
    assert kept_weights(tmp_path / "again.npz") == kept.weights


def test_only_one_channel_of_the_block_is_kept(kept: ExampleResult):
    u = kept.maps.u
    assert u[kept.channel].any()
    assert not np.delete(u, kept.channel, 0).any()
    assert kept.maps.site.channels == len(u)
    np.testing.assert_array_equal(kept.maps.s, kept.trace.s[kept.maps.site.name][0])


def test_the_file_holds_no_pixels_of_the_photograph(kept: ExampleResult):
    with np.load(KEPT) as archive:
        arrays = dict(archive)
    numbers = {name: array for name, array in arrays.items() if name != "facts"}
    assert {name.partition("/")[0] for name in numbers} == {
        "z",
        "s",
        "s_computed",
        "shift",
        "logits",
        "u",
        "silenced",
    }
    # What has rows and columns is one map of a channel, much coarser than the photograph.
    maps = {name: array.shape for name, array in numbers.items() if array.ndim > 2}
    assert maps == {}
    assert max(numbers["u"].shape) * 2 <= min(kept.trace.seen.shape[:2])
    assert kept.trace.image.size == 0


def test_what_was_seen_is_cut_from_the_photograph_that_is_given(kept: ExampleResult, lion):
    flat = load_example(KEPT, Image.new("RGB", lion.size, (1, 2, 3)))
    assert flat.trace.seen.shape == kept.trace.seen.shape
    assert (flat.trace.seen == (1, 2, 3)).all()
    np.testing.assert_array_equal(flat.trace.logits, kept.trace.logits)


def damaged() -> dict[str, bytes]:
    whole = KEPT.read_bytes()
    middle = len(whole) // 2
    return {
        "empty": b"",
        "text": b"hello",
        "short": whole[:middle],
        "head only": whole[:100],
        "turned": whole[:middle]
        + bytes(255 - b for b in whole[middle : middle + 64])
        + whole[middle + 64 :],
    }


@pytest.mark.parametrize("kind", list(damaged()))
def test_a_damaged_file_gets_a_sentence(kind: str, lion, tmp_path: Path):
    (tmp_path / "a.npz").write_bytes(damaged()[kind])
    with pytest.raises(UserError, match="holds no example's result"):
        load_example(tmp_path / "a.npz", lion)


def test_other_files_and_none_get_a_sentence_too(lion, tmp_path: Path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    np.save(tmp_path / "array.npy", np.zeros(3))
    for name in ("other.npz", "array.npy", "none.npz"):
        with pytest.raises(UserError, match="holds no example's result"):
            load_example(tmp_path / name, lion)
        assert kept_weights(tmp_path / name) == {}


def test_it_is_read_and_drawn_without_torch():
    code = [sys.executable, "-c", NO_TORCH, str(KEPT)]
    done = subprocess.run(code, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
