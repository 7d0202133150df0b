"""Any value of any argument of any endpoint gives a result or a sentence, within five seconds."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.utils import get_upload_folder
from hostile import JSON, tries
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from seviz.passes import dispatch
from seviz.passes.forward import trace
from seviz.ui.api import changes, dataset, gate, laboratory, networks, questions

TASKS = (*questions.TASKS, *changes.TASKS, *dataset.TASKS, *gate.TASKS, *laboratory.TASKS)
TASKS += networks.TASKS
NEAR = st.sampled_from(  # values that some argument takes
    [
        "embedded",
        "twin",
        "static",
        "identity",
        "resample@/etc/passwd",
        "SE_4_1",
        "SE_4_1[3]",
        "SE_4_1[999999999999]",
        "SE_9_9[1]",
        ["intact", "twin"],
        ["SE_4*=0.5", "SE_4*=0.50"],
        ["intact", "intact"],
        ["gradcam", "gradcam"],
        ["no such method"],
        "painted",
        "attacked",
        "upper half",
        2.5,
        [["intact"]],
        {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
        {"path": {"path": 1}, "url": "file:///etc/passwd"},
        "other",
        "red panda",
        5,
    ]
)
# Large numbers of channels and classes belong to the limits of a public instance.
VALUES = st.one_of(NEAR, JSON.filter(lambda value: not isinstance(value, int) or value < 1000))


NEEDED: dict[str, dict[str, Any]] = {  # arguments without a default
    "exemplars": {"gate": "SE_4_1[3]"},
    "pictures": {"gate": "SE_2_1[3]", "seeds": 1, "steps": 1},
    "map": {"block": "SE_4_1"},
}


class AskedError(Exception):
    """All arguments were taken, and something that takes long would be computed of them."""


@pytest.fixture(scope="module")
def upload() -> Iterator[dict[str, str]]:
    path = Path(get_upload_folder()) / "any.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.linear_gradient("L").save(path)
    yield {"path": str(path)}
    path.unlink()


@pytest.fixture
def only_traces(monkeypatch) -> None:
    run = dispatch._run

    def stop(task: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if task is not trace:
            raise AskedError
        return run(task, *args, **kwargs)

    monkeypatch.setattr(dispatch, "_run", stop)


@pytest.mark.parametrize(
    ("task", "name"),
    [(task, name) for task in TASKS for name in inspect.signature(task).parameters],
)
def test_any_argument(task: Callable[..., Any], name: str, upload: dict[str, str], only_traces):
    photos = dict.fromkeys({"photo", "other"} & set(inspect.signature(task).parameters), upload)
    photos |= NEEDED.get(task.__name__, {})

    @tries(12)
    @given(VALUES)
    def ask(value: Any) -> None:
        try:
            task(**{**photos, name: value})
        except AskedError:
            pass
        except gr.Error as error:
            assert error.print_exception is False
            assert str(error.message).endswith((".", "?"))

    ask()
