"""What `import seviz` offers to scripts."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import seviz
from seviz.nets.embedded import ASSETS
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
    assert name in seviz.__doc__.split("every one has")[1].replace(",", "").split()
    if isinstance(value, Arm):
        assert value.name == name.lower()
    else:
        assert value.__name__ == name
        assert value.__doc__


def test_no_other_name_is_there():
    assert sorted(seviz._MODULES) == [name for name in sorted(seviz.__all__) if name[0] != "_"]
    assert dir(seviz) == sorted(seviz.__all__)
    with pytest.raises(AttributeError, match="module 'seviz' has no attribute 'tracing'"):
        seviz.tracing  # noqa: B018


def example() -> str:
    """Return the example in the words of the package."""
    lines = seviz.__doc__.splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    "))


def test_the_readme_shows_the_same_example():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    blocks = [block.partition("```")[0] for block in readme.split("```python\n")[1:]]
    shown = next(block for block in blocks if block.startswith("import seviz"))
    assert [line for line in shown.splitlines() if line] == example().splitlines()


def test_the_example_in_its_words_runs(photo, tmp_path, monkeypatch):
    photo.save(tmp_path / "photo.jpg")
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(example(), names)
    record = names["traced"].trace
    assert isinstance(record, seviz.Trace)
    assert names["gates"].shape == record.s["SE_4_6"].shape == (3, 384)
    np.testing.assert_allclose(record.s["SE_5_1"][2], 1)
    assert [block["name"] for block in names["blocks"]] == [site.name for site in record.sites]
    assert (tmp_path / "gates.html").stat().st_size > 10_000


def test_a_profile_of_the_package_is_read_and_agrees_with_its_classes():
    known = seviz.Profile.load(str(ASSETS / "seresnet50_slim.profile.safetensors"))
    means = known.blocks["SE_4_6"].class_mean[:, 17]
    weighted = sum(mean * n for mean, n in zip(means, known.class_counts, strict=True))
    assert weighted / known.images == pytest.approx(known.blocks["SE_4_6"].s_mean[17], abs=1e-3)


def test_a_network_opens_by_the_name_that_people_type():
    assert seviz.load("seresnet50_slim").key == "embedded"
    with pytest.raises(seviz.UserError, match="did you mean seresnet50"):
        seviz.load("seresnet5O")
    for wrong in (Path("embedded"), None, seviz.INTACT):
        with pytest.raises(seviz.UserError, match="A network is chosen by its key, such as"):
            seviz.load(wrong)


@pytest.fixture(scope="module")
def network():
    return seviz.load("embedded")


def test_a_picture_of_any_mode_and_a_path_are_traced_like_the_photograph(network, photo, tmp_path):
    photo.save(tmp_path / "photo.png")
    expected = seviz.trace(network, photo, [seviz.INTACT]).logits
    clear = photo.convert("RGBA")
    for given in (str(tmp_path / "photo.png"), tmp_path / "photo.png", clear):
        np.testing.assert_array_equal(seviz.trace(network, given, [seviz.INTACT]).logits, expected)
    grey = photo.convert("L")
    expected = seviz.trace(network, grey.convert("RGB"), [seviz.INTACT]).logits
    for given in (grey, grey.convert("LA"), grey.convert("P")):
        np.testing.assert_array_equal(seviz.trace(network, given, [seviz.INTACT]).logits, expected)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("nothing.jpg", "The file nothing.jpg is not there"),
        (b"no picture", "This file is not a picture"),
        (np.zeros((9, 9), np.uint8), "An array that is a photograph is RGB of H×W×3 pixels"),
        (None, "A photograph is a PIL image, the path or bytes of a file, or an array H×W×3, not"),
    ],
)
def test_what_is_no_photograph_is_a_sentence(network, given, says: str):
    with pytest.raises(seviz.UserError, match=says):
        seviz.trace(network, given, [seviz.INTACT])


@pytest.mark.parametrize("arms", ["static", ["static"], [], seviz.STATIC, None])
def test_what_are_no_arms_is_a_sentence(network, photo, arms):
    with pytest.raises(seviz.UserError, match=r"Give a list of arms, such as seviz\.parse_arms"):
        seviz.trace(network, photo, arms)


@pytest.mark.parametrize("arm", ["static", "mix(0.5,static)", "SE_4_6=resample@a.png"])
def test_gates_that_were_not_recorded_are_a_sentence(network, photo, arm: str):
    arms = seviz.parse_arms(["intact", arm])
    with pytest.raises(seviz.UserError, match=r"give recorded=seviz\.recorded_for\(key, arms\)"):
        seviz.trace(network, photo, arms)
    with pytest.raises(seviz.UserError, match=r"recorded is what seviz\.recorded_for"):
        seviz.trace(network, photo, arms, recorded="static")


@pytest.mark.parametrize("given", [{"squeeze": "median"}, {"excitation": "softmax"}, {"r": 0}])
def test_a_block_that_cannot_be_is_a_sentence(given: dict):
    with pytest.raises(seviz.UserError, match=r"^No SE block has 256 channels, squeeze"):
        seviz.SEBlock(256, **given)


def test_a_profile_is_saved_and_read_by_a_path_as_text(tmp_path):
    known = seviz.Profile.load(str(ASSETS / "seresnet50_slim.profile.safetensors"))
    known.save(str(tmp_path / "mine"))
    assert seviz.Profile.load(str(tmp_path / "mine")).weights == known.weights
