import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.passes import dispatch
from seviz.passes.dispatch import ask, fetch, fetch_arms
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, TWIN
from seviz.zoo import download
from seviz.zoo.models import LoadedModel

ROOT = Path(__file__).resolve().parents[2]

# A stand-in for the package `spaces` on ZeroGPU: work is done in a forked process, arguments and
# results are pickled, and of errors only the class comes back.
SPACES = """
import os, pickle

def GPU(task):
    def borrowed(*args, **kwargs):
        sent = pickle.dumps((args, kwargs))
        read, write = os.pipe()
        if (child := os.fork()) == 0:
            os.close(read)
            try:
                again, named = pickle.loads(sent)
                answer = ("ok", task(*again, **named))
            except BaseException as error:
                answer = ("error", type(error).__name__)
            with os.fdopen(write, "wb") as out:
                pickle.dump(answer, out)
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            how, value = pickle.load(answer)
        os.waitpid(child, 0)
        if how == "error":
            raise RuntimeError("ZeroGPU worker error: " + value)
        return value
    return borrowed
"""

# The app in such a Space: a photograph, a channel, an answer that can't be given; and locks that
# another thread of this process holds while it forks.
PROGRAM = """
import json, sys
import numpy as np
import torch
from PIL import Image
from seviz.passes.dispatch import ZOO, ask
from seviz.errors import UserError
from seviz.photos.read import read_photo
from seviz.records.arms import IDENTITY, INTACT, Arm, Edit, Rule
from seviz.passes.forward import feature_maps, trace

BROKEN = Arm("broken", (Edit(Rule("set", float("nan"))),))  # its answer is no number
photo = read_photo(sys.argv[1])
torch.set_num_threads(2), torch.randn(512, 512) @ torch.randn(512, 512)  # threads a fork has not
record = ask(trace, "embedded", photo, [INTACT, IDENTITY])
maps = ask(feature_maps, "embedded", record.image, "SE_4_6", arm=IDENTITY)
try:
    ask(trace, "embedded", Image.new("RGB", (9, 9)), [BROKEN])
except UserError as error:
    said = str(error)
ZOO._loading.acquire(), ZOO._lock.acquire()
again = ask(trace, "embedded", photo, [INTACT])
print(json.dumps({
    "logits": record.logits.tolist(), "again": again.logits.tolist(),
    "z": float(np.abs(maps.u.mean((1, 2)) - record.z["SE_4_6"][1]).max()),
    "loaded_here": "embedded" in ZOO, "said": said,
}))
"""


def square(loaded: LoadedModel, value: int, *, plus: int = 0) -> tuple[str, int]:
    return loaded.key, value**2 + plus


def refuse(loaded: LoadedModel) -> None:
    raise UserError(f"{loaded.key} refuses.")


def test_a_task_gets_the_network_and_its_arguments():
    assert ask(square, "seresnet50_slim", 3, plus=1) == ("embedded", 10)


def test_a_tasks_sentence_is_raised_here():
    with pytest.raises(UserError, match=r"embedded refuses\."):
        ask(refuse, "embedded")


def fail(loaded: LoadedModel, says: str) -> None:
    raise RuntimeError(says)


def test_short_memory_gets_a_sentence_and_other_errors_stay_as_they_are():
    with pytest.raises(UserError, match="device's memory does not suffice"):
        ask(fail, "embedded", "CUDA error: out of memory")
    with pytest.raises(RuntimeError, match="shapes differ"):
        ask(fail, "embedded", "shapes differ")


def test_an_unknown_network_is_refused_before_the_device_is_asked(monkeypatch):
    monkeypatch.setattr(dispatch, "_run", lambda *args, **kwargs: pytest.fail("asked"))
    with pytest.raises(UserError, match="There is no network"):
        ask(square, "seresnet5O", 3)


def test_weights_are_downloaded_here_and_only_where_the_network_is_not_in_memory(monkeypatch):
    calls: list[str] = []
    monkeypatch.setattr(download, "fetch", lambda source: calls.append(source.key))
    assert fetch("embedded") == "embedded"
    assert fetch("seresnet50") == "seresnet50.a1_in1k"
    assert calls == ["seresnet50.a1_in1k"]


def test_a_twins_weights_are_downloaded_where_an_arm_asks_for_it(monkeypatch):
    calls: list[str] = []
    monkeypatch.setattr(download, "fetch", lambda source: calls.append(source.key))
    assert fetch("seresnet50", [INTACT, TWIN]) == "seresnet50.a1_in1k"
    assert calls == ["seresnet50.a1_in1k", "resnet50.a1_in1k"]
    assert fetch_arms("embedded", [INTACT, TWIN]) == ([INTACT, TWIN], "")


def test_a_twin_that_cant_be_had_costs_no_other_arm_its_answer(monkeypatch):
    def offline(source) -> None:
        if not source.has_gates:
            raise UserError(f"The weights of {source.title} can't be used.")

    monkeypatch.setattr(download, "fetch", offline)
    found = fetch_arms("seresnet50", [TWIN, INTACT, IDENTITY])
    said = "The weights of ResNet-50 · a1_in1k · the twin without SE can't be used."
    assert found == ([INTACT, IDENTITY], said)


def test_networks_without_gates_are_refused_before_anything_is_downloaded(monkeypatch):
    monkeypatch.setattr(download, "fetch", lambda source: pytest.fail(source.key))
    for key in ("resnet50.a1_in1k", "twin"):
        with pytest.raises(UserError, match="the twin without SE has no Squeeze-and-Excitation"):
            ask(square, key, 3)


def test_the_app_works_where_device_work_is_done_by_forked_processes(
    tmp_path: Path, photo: Image.Image, zoo
):
    (tmp_path / "spaces.py").write_text(SPACES)
    photo.save(tmp_path / "photo.png")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "photo.png")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    expected = trace(zoo.get("embedded"), photo, [INTACT, IDENTITY]).logits
    np.testing.assert_allclose(said["logits"], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(said["again"], expected[:1], rtol=1e-4, atol=1e-5)
    assert said["z"] < 1e-5
    assert said["said"].startswith("In the arm “broken” the answer of")
    assert not said["loaded_here"]  # what a borrowed process loads stays there
