"""A machine with a GPU need not have what makes the page: what runs there imports none of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ("gradio", "gradio_client", "plotly")


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> dict[str, str]:
    """Return an environment in which the page's libraries can't be imported, nor a GPU be seen."""
    folder = tmp_path_factory.mktemp("bare")
    for name in PAGE:
        (folder / f"{name}.py").write_text(f"raise ImportError('no {name} here')\n")
    path = os.pathsep.join([str(folder), str(ROOT)])
    known = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    return {**known, "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": ""}


def python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_all_but_the_page_can_be_imported(bare):
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "seviz").rglob("*.py")]
    page = ("ui", "figures")
    names = sorted(".".join(file.parts) for file in files if file.parts[1] not in page)
    # Made of figures:
    with_figures = ("drawing.class_chart", "drawing.document", "drawing.report", "reports.")
    names = [name for name in names if not name.removeprefix("seviz.").startswith(with_figures)]
    assert "seviz.training.train" in names
    done = python(bare, "-c", "\n".join(f"import {name}" for name in names))
    assert done.returncode == 0, done.stderr


def test_the_tests_on_a_gpu_pass_there_in_a_rehearsal(bare):
    some = ("-k", "features or shares_of_gates")
    done = python(bare, "-m", "pytest", "tests/cuda", "--rehearse", *some)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_without_a_gpu_that_is_required_they_fail_with_one_sentence(bare):
    done = python(bare, "-m", "pytest", "tests/cuda/test_cuda_sizes.py", "-q", "--require-gpu")
    assert done.returncode == 1
    assert (done.stdout + done.stderr).strip() == "Exit: the GPU is hidden: ask `make test-cuda`"
