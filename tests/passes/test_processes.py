"""The app on ZeroGPU: the real package `spaces` against a device API on loopback."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from networks import random_network
from safetensors.torch import save_file
from zerogpu import Platform, device_api

SUPPORT = Path(__file__).resolve().parents[1] / "support"
SMALL, LARGE = "embedded", "checkpoint"
OFFER = r"or choose “Answer on the CPU” \(cpu=true in scripts\), about \d+ (s|min)\.$"


class Space(SimpleNamespace):
    """A served app: its platform, a client, and a photograph."""

    platform: Platform
    client: Client
    photo: Any

    def ask(self, kind: str, model: str, given: str = "") -> list[Any]:
        return self.client.predict(kind, model, given, api_name="/question")

    def calls(self, model: str, name: str, **more: Any) -> list[int]:
        """Ask a question of the API; returns the seconds of GPU that it asked for, call by call."""
        before = len(self.platform.asked)
        self.client.predict(photo=self.photo, model=model, api_name=name, **more)
        return self.platform.asked[before:]


def weights(folder: Path) -> Path:
    """Write the weights of a network that is too large for the CPU of a Space."""
    model = random_network("legacy_seresnet18", num_classes=10)
    save_file(model.state_dict(), file := folder / "large.safetensors")
    return file


@pytest.fixture(scope="module")
def space(tmp_path_factory, picture: Path) -> Iterator[Space]:
    """Serve the app once for all tests, and see that it leaves no process behind."""
    folder, platform = tmp_path_factory.mktemp("space"), Platform()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with device_api(platform) as variables:
        command = [str(SUPPORT / "zerogpu.py"), str(SUPPORT / "zero_app.py")]
        with subprocess.Popen(
            [sys.executable, *command, str(weights(folder)), str(port)],
            env={**os.environ, **variables, "HOME": str(folder), "SEVIZ_MAX_CACHE": "0"},
            stdout=subprocess.PIPE,
            text=True,
        ) as app:
            assert app.stdout
            while (line := app.stdout.readline()) != "ready\n":
                assert line
            client = Client(f"http://127.0.0.1:{port}", verbose=False)
            yield Space(platform=platform, client=client, photo=handle_file(picture))
            workers = psutil.Process(app.pid).children(recursive=True)
            app.terminate()
    assert app.returncode == 0
    assert psutil.wait_procs(workers, timeout=10)[1] == []


@pytest.fixture(autouse=True)
def _plenty(space: Space) -> None:
    """Give each test a platform that lends what is asked for."""
    vars(space.platform).update(left=float("inf"), idle=False, busy=False, deadline=None)


def test_the_platform_is_told_at_the_launch_that_a_gpu_is_borrowed(space: Space):
    assert space.platform.paths[0] == "/startup-report"


def test_each_call_is_a_forked_process_that_has_the_network_in_memory(space: Space):
    workers = [space.ask("pid", LARGE) for _ in range(2)]
    assert [known for _, known, _ in workers] == [True, True]
    assert len({workers[0][0], workers[1][0], workers[0][2]}) == 3
    assert space.platform.pids[-2:] == [worker for worker, _, _ in workers]
    assert not space.platform.lent  # both were released


def test_an_idle_process_is_given_the_next_call(space: Space):
    first = space.ask("pid", LARGE)[0]
    space.platform.idle = True
    assert space.ask("pid", LARGE)[0] == first


def test_small_networks_are_asked_on_the_cpu_in_processes_of_their_own(space: Space):
    before = list(space.platform.paths)
    for key in (SMALL, "lab_resnet_se"):
        worker, known, app = space.ask("pid", key)
        assert known
        assert worker != app
    assert space.platform.paths == before


@pytest.mark.parametrize("model", [SMALL, LARGE])
def test_a_sentence_and_a_defect_come_back_as_what_they_are(space: Space, model: str):
    with pytest.raises(AppError, match=f"{model} refuses"):
        space.ask("refuse", model)
    with pytest.raises(AppError) as told:
        space.ask("fail", model)
    assert "not for people" not in str(told.value)


def test_a_watch_is_shared_with_either_process(space: Space):
    for model in (SMALL, LARGE):
        assert space.ask("watch", model) == [
            0.5,
            "Stopped; what had been computed before is still there.",
        ]


def test_a_twin_that_was_loaded_later_is_known_to_new_processes(space: Space):
    assert space.ask("twin", "lab_resnet_r2") == [False, True]


def test_the_seconds_follow_the_rows_and_have_a_ceiling(space: Space):
    before = len(space.platform.asked)
    for rows in (1, 1000, 10**6):
        space.ask("rows", LARGE, str(rows))
    few, many, most = space.platform.asked[before:]
    assert few < many < most == 60
    assert few <= 6


QUESTIONS = [
    ("/trace", {}),
    ("/necessity", {}),
    ("/channels", {"top": 2, "gate": "SE_2_1[0]"}),
    ("/attribute", {"methods": ["gradcam", "saliency"]}),
]


@pytest.mark.parametrize(("name", "more"), QUESTIONS)
def test_a_question_is_one_call_of_seconds_and_none_for_the_embedded_network(
    space: Space, name: str, more: dict[str, Any]
):
    (seconds,) = space.calls(LARGE, name, **more)
    assert seconds < 10
    assert space.calls(SMALL, name, **more) == []


def test_a_pair_of_photographs_is_one_call(space: Space):
    assert len(space.calls(LARGE, "/compare", other=space.photo)) == 1


def test_a_visitor_without_gpu_time_is_told_when_to_come_back_and_gets_the_cpu(space: Space):
    space.platform.left = 3
    forked = len(space.platform.pids)
    says = rf"^This needs \d s of a GPU, more than you have left today: come back .*, {OFFER}"
    with pytest.raises(AppError, match=says):
        space.calls(LARGE, "/trace")
    assert len(space.platform.pids) == forked  # refused before anything was started
    assert space.calls(LARGE, "/trace", cpu=True) == []
    assert space.calls(SMALL, "/trace") == []


def test_a_page_that_chooses_the_cpu_gets_it(space: Space):
    config = space.client.config
    (box,) = [c["id"] for c in config["components"] if c["props"].get("elem_id") == "on-cpu"]
    (event,) = [d["id"] for d in config["dependencies"] if d["targets"] == [[box, "input"]]]
    url = f"{space.client.src}gradio_api/run/predict"
    for wanted, calls in ((True, 0), (False, 1)):
        body = {"fn_index": event, "data": [wanted], "session_hash": space.client.session_hash}
        posted = urllib.request.Request(
            url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(posted).close()
        assert len(space.calls(LARGE, "/trace")) == calls


def test_without_a_free_gpu_the_visitor_is_told(space: Space):
    space.platform.busy = True
    with pytest.raises(AppError, match=f"^No GPU is free now: come back in a minute, {OFFER}"):
        space.calls(LARGE, "/trace")


def test_what_is_taken_back_at_the_deadline_or_dies_is_told_and_the_next_is_answered(space: Space):
    gone = f"^The GPU was taken back before the answer, .*: try again, {OFFER}"
    space.platform.deadline = 0.02
    with pytest.raises(AppError, match=gone):
        space.calls(LARGE, "/attribute")
    space.platform.deadline = None
    with pytest.raises(AppError, match=gone):
        space.ask("die", LARGE)
    with pytest.raises(AppError, match="has ended before its answer"):
        space.ask("die", SMALL)
    assert len(space.calls(LARGE, "/trace")) == 1
    assert not space.platform.lent
