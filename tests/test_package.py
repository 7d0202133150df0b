"""The wheel, built as anybody's pip builds it, and seviz as it is once it is installed."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from packaging.requirements import Requirement

import seviz

ROOT = Path(__file__).resolve().parents[1]
BUILT_FROM = ("LICENSE", "README.md", "pyproject.toml", "setup.py")
CODE = (".py", ".css", ".js", ".typed")
LEFT_OUT = {  # of assets: what readers of the repository look at, and what only `remake` reads
    "architectures.md",
    "bench.md",
    "explanations.webp",
    "figures.md",
    "gpu.md",
    "limits.md",
    "page.webp",
    "thumbnail.png",
    "seresnet50_slim.figures.json",
    "seresnet50_slim.md",
    "researcher.ipynb",
    "structures.md",
    "student.ipynb",
}
EXTRAS = {"test", "bench", "heic", "parquet", "umap", "hfds", "wds", "tfds", "onnx", "mcp", "svg"}
Run = Callable[..., subprocess.CompletedProcess[str]]


def pip(*arguments: str) -> None:
    command = (sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments)
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    done = subprocess.run((*command, *offline), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel, from a copy: a build leaves its own folders in the tree."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for folder in ("seviz", "assets"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (*(ROOT / name for name in BUILT_FROM), *ROOT.glob("requirements*.txt")):
        shutil.copyfile(file, tree / file.name)
    pip("wheel", str(tree), "--wheel-dir", str(out))
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory) -> Path:
    """Install the wheel into a folder that was empty."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--target", str(folder), str(wheel))
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Return a way to run Python in another folder, where seviz is the installed one."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**known, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command, work = (sys.executable, *arguments), tmp_path / "work"
        work.mkdir(exist_ok=True)
        return subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True)

    return run


@pytest.fixture(scope="module")
def metadata(installed: Path) -> Distribution:
    (folder,) = installed.glob("seviz-*.dist-info")
    return PathDistribution(folder)


def files(folder: Path) -> dict[str, int]:
    """Return the sizes of the files in a folder, but for compiled ones, by their paths in it."""
    every = [p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    return {str(path.relative_to(folder)): path.stat().st_size for path in every}


def requirements(name: str) -> set[Requirement]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {Requirement(line) for line in lines}


def test_the_wheel_holds_all_code_and_what_runs_and_nothing_else(wheel: Path):
    with ZipFile(wheel) as held:
        names = {name for name in held.namelist() if ".dist-info/" not in name}
        sizes = {name: held.getinfo(name).file_size for name in names}
    expected = {f"seviz/{n}": s for n, s in files(ROOT / "seviz").items() if n.endswith(CODE)}
    assets = {n: s for n, s in files(ROOT / "assets").items() if n not in LEFT_OUT}
    assert sizes == expected | {f"seviz/assets/{name}": size for name, size in assets.items()}
    assert {"seviz/py.typed", "seviz/ui/parts/css/base.css"} <= names
    assert {name for name in names if name.endswith((".md", ".png", ".jpg"))} == {
        "seviz/assets/study.md"  # the page shows it
    }


def test_no_file_of_the_package_is_of_a_kind_that_the_wheel_leaves_out():
    written_by_gradio = ".pyi"
    odd = [n for n in files(ROOT / "seviz") if not n.endswith((*CODE, written_by_gradio))]
    assert odd == ["README.md"]  # of those who read the code


def test_the_metadata_say_what_the_files_of_requirements_say(metadata: Distribution):
    told = [Requirement(text) for text in metadata.requires or []]
    assert {r for r in told if r.marker is None} == requirements("requirements.txt")
    for extra in EXTRAS:
        own = {Requirement(str(r).split(";")[0]) for r in told if str(r).endswith(f'"{extra}"')}
        assert own == requirements(f"requirements-{extra}.txt")
        assert own
    assert set(metadata.metadata.get_all("Provides-Extra") or ()) == EXTRAS
    assert metadata.version == seviz.__version__
    assert metadata.metadata["License-Expression"] == "MIT"


def test_the_console_script_is_the_command_line(metadata: Distribution, run: Run, installed: Path):
    assert [(e.group, e.name, e.value) for e in metadata.entry_points] == [
        ("console_scripts", "seviz", "seviz.__main__:run")
    ]
    script, module = run(str(installed / "bin" / "seviz"), "--help"), run("-m", "seviz", "--help")
    assert (script.returncode, module.returncode) == (0, 0), script.stderr + module.stderr
    assert script.stdout == module.stdout
    assert "\n  app  " in module.stdout


def test_a_photograph_is_traced_from_any_folder_and_the_package_stays_as_it_is(
    run: Run, installed: Path, photo, tmp_path: Path
):
    before = files(installed)
    photo.save(tmp_path / "disc.png")
    out = tmp_path / "out"
    command = ("trace", str(tmp_path / "disc.png"), "--arms", "intact", "static")
    done = run("-m", "seviz", *command, "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert [arm["name"] for arm in json.loads((out / "disc/trace.json").read_text())["arms"]] == [
        "intact",
        "static",
    ]
    network, arms = seviz.load("embedded"), [seviz.INTACT, seviz.STATIC]
    expected = seviz.trace(network, photo, arms, recorded=seviz.recorded_for("embedded", arms))
    with np.load(out / "disc" / "trace.npz") as told:
        np.testing.assert_allclose(told["logits"], expected.logits, rtol=1e-4, atol=1e-4)
    assert files(installed) == before


def test_the_example_of_the_package_runs_from_any_folder(run: Run, photo, tmp_path: Path):
    lines = [line[4:] for line in seviz.__doc__.splitlines() if line.startswith("    ")]
    (tmp_path / "work").mkdir()
    photo.save(tmp_path / "work" / "photo.jpg")
    told = "print(seviz.__file__, gates.shape, len(blocks))"
    done = run("-c", "\n".join([*lines, told]))
    assert done.returncode == 0, done.stderr
    where, shape = done.stdout.strip().split(" ", 1)
    assert shape == "(3, 384) 16"
    assert "installed" in where
    assert (tmp_path / "work" / "gates.html").exists()


def test_the_changelog_tells_of_this_version():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)[:2] == ["Unreleased", seviz.__version__]
