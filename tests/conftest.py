"""What tests share: small true networks, a photograph, the app under test."""

import os
import signal
import socket
import tempfile
from pathlib import Path

# Before any import reads them: no test knows what this machine has downloaded, or downloads.
SCRATCH = tempfile.TemporaryDirectory(prefix="seviz-tests-")
for name in ("HF_HOME", "TORCH_HOME", "GRADIO_TEMP_DIR", "HYPOTHESIS_STORAGE_DIRECTORY"):
    os.environ[name] = str(Path(SCRATCH.name) / name.lower())
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "passive"  # spinning threads are slow where cores are taken
# Each of the processes that run tests side by side computes on its share of the cores.
SIDE_BY_SIDE = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
os.environ["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // SIDE_BY_SIDE))
os.environ["CUDA_VISIBLE_DEVICES"] = ""  # expectations are computed on the CPU
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
for name in [name for name in os.environ if name.startswith("SEVIZ_")]:
    del os.environ[name]  # what this machine's app opens

from collections.abc import Iterator
from html import unescape

import gradio as gr
import pytest
from networks import awake
from photos import disc
from PIL import Image

from seviz.nets.results import WEIGHTS
from seviz.passes import dispatch
from seviz.reference import gather
from seviz.zoo import catalogue
from seviz.zoo.memory import Zoo
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


@pytest.fixture(autouse=True)
def _nothing_stays(monkeypatch) -> Iterator[None]:
    """Undo what a command leaves in its process, as no other command comes after it there."""
    monkeypatch.setattr(catalogue, "_own", {})
    monkeypatch.setattr(catalogue, "_beside", {})
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    environment = dict(os.environ)
    handlers = {kind: signal.getsignal(kind) for kind in (signal.SIGINT, signal.SIGTERM)}
    yield
    for source in [source for source in dispatch.ZOO._models if source.kind == "checkpoint"]:
        del dispatch.ZOO._models[source]
    os.environ.clear()
    os.environ.update(environment)
    for kind, handler in handlers.items():
        signal.signal(kind, handler)


@pytest.fixture
def no_laboratory_statistics(monkeypatch) -> None:
    """Let the laboratory's variants have no statistics, as networks from elsewhere have none."""
    real = gather._shipped
    monkeypatch.setattr(
        gather, "_shipped", lambda file: None if file and file.parent == WEIGHTS else real(file)
    )


@pytest.fixture(scope="session")
def small() -> LoadedModel:
    """Return an SE-ResNet of the embedded plan with known random weights."""
    return prepare(wrap("small", awake("seresnet50_slim")))


@pytest.fixture(scope="session")
def zoo() -> Zoo:
    """Return the networks of the app."""
    return dispatch.ZOO


@pytest.fixture(scope="session")
def photo() -> Image.Image:
    """Return a made photograph."""
    return disc()


@pytest.fixture(scope="session")
def picture(photo: Image.Image, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the photograph's file, which lies alone in its folder."""
    path = tmp_path_factory.mktemp("pictures") / "garden.png"
    photo.save(path)
    return path


@pytest.fixture
def notices(monkeypatch) -> list[str]:
    """Collect the sentences shown over the page, as people read them."""
    shown: list[str] = []
    for kind in ("Warning", "Info"):
        monkeypatch.setattr(gr, kind, lambda text, **kwargs: shown.append(unescape(text)))
    return shown


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Serve the app on loopback for the whole run."""
    from seviz.ui import app

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]  # left to itself, Gradio takes the one of a process beside it
    demo = app.launch(app.build(), prevent_thread_lock=True, quiet=True, server_port=port)
    yield demo.local_url.rstrip("/")
    demo.close()
