import threading
from pathlib import Path

import pytest
from made_collection import picture_file

from seviz.errors import UserError
from seviz.ui.dataset import folder
from seviz.ui.dataset.folder import ServerFolder
from seviz.watch import Stopped, Watch


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for i, name in enumerate(("pug/1.png", "pug/2.png", "cliff/1.png")):
        (tmp_path / "pets" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pets" / name).write_bytes(picture_file(i))
    return tmp_path / "pets"


@pytest.fixture
def watch():
    made = Watch()
    yield made
    made.close()


def test_it_is_read_and_passed_once_for_all(root: Path, watch: Watch, monkeypatch):
    server, asked = ServerFolder(), []
    ask = folder.ask
    monkeypatch.setattr(
        folder, "ask", lambda *args, **how: asked.append(args[1]) or ask(*args, **how)
    )
    server.offer(root)
    assert server.known("embedded") is None
    first = server.answer("embedded", watch)
    assert server.answer("embedded", watch) is first is server.known("embedded")
    assert asked == ["embedded"]
    assert first.profile.data == "the 3 photographs of the folder pets"
    assert first.profile.classes == ("cliff", "pug")
    assert str(root.parent) not in repr(first.collection.photographs.skipped) + first.profile.data


def test_as_many_of_each_class_as_the_limit_allows(root: Path, watch: Watch, monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_FOLDER", "2")
    server = ServerFolder()
    server.offer(root)
    photographs = server.answer("embedded", watch).collection.photographs
    assert [photo.folder for photo in photographs.photos] == ["cliff", "pug"]


def test_the_environment_names_one_and_what_is_none_is_told(root: Path, watch: Watch, monkeypatch):
    server = ServerFolder()
    with pytest.raises(UserError, match="This server offers no folder"):
        server.answer("embedded", watch)
    monkeypatch.setenv("SEVIZ_DATA", str(root))
    server.offer(None)
    assert server.name == "pets"
    with pytest.raises(UserError, match="no folder that can be opened"):
        server.offer(root / "nothing")


def test_who_waits_for_anothers_work_can_stop(root: Path, watch: Watch):
    server = ServerFolder()
    server.offer(root)
    with server._lock:
        timer = threading.Timer(0.1, watch.stop)
        timer.start()
        with pytest.raises(Stopped):
            server.answer("embedded", watch)
        timer.join()
