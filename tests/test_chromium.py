"""Where the page's tests have their Chromium from, on machines that are made up."""

from pathlib import Path

import chromium
import pytest


class Machine:
    """What can be had on a machine, and what was tried there, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.tried: list[str] = []
        self.gives: dict[str, Path] = {}  # a browser's path by the command that brings it
        self.downloaded, self.package = folder / "chrome", folder / "chromium"
        monkeypatch.setattr(chromium, "playwrights", lambda: str(self.downloaded))
        monkeypatch.setattr(chromium, "_runs", self.run)
        monkeypatch.setattr(chromium.shutil, "which", self.which)
        self.root(monkeypatch, 0)

    def root(self, monkeypatch: pytest.MonkeyPatch, user: int) -> None:
        monkeypatch.setattr(chromium.os, "geteuid", lambda: user)

    def which(self, name: str) -> str | None:
        path = "/usr/bin/apt-get" if name == "apt-get" else str(self.package)
        return path if name in ("apt-get", "chromium") else None

    def run(self, command: list[str], seconds: float, **environment: str) -> bool:
        if command[-1] == "--version":
            return Path(command[0]).read_text() == "whole"
        self.tried.append(
            next(word for word in ("playwright", "update", "install") if word in command)
        )
        if path := self.gives.get(self.tried[-1]):
            path.write_text("whole")
        return True


@pytest.fixture
def machine(monkeypatch, tmp_path: Path) -> Machine:
    return Machine(monkeypatch, tmp_path)


def test_a_browser_that_is_there_is_taken(machine: Machine):
    machine.package.write_text("whole")
    assert chromium.get() == str(machine.package)
    assert machine.tried == []


def test_without_one_playwrights_own_is_downloaded(machine: Machine):
    machine.gives["playwright"] = machine.downloaded
    assert chromium.find() is None
    assert chromium.get() == str(machine.downloaded)
    assert machine.tried == ["playwright"]


@pytest.mark.parametrize("downloaded", ["lacks libraries", None])
def test_where_that_does_not_start_debians_is_installed(machine: Machine, downloaded: str | None):
    if downloaded:
        machine.downloaded.write_text(downloaded)
    machine.gives["install"] = machine.package
    assert chromium.get() == str(machine.package)
    assert machine.tried == ["playwright", "update", "install"]


def test_who_is_not_root_gets_one_sentence(machine: Machine, monkeypatch):
    machine.root(monkeypatch, 1000)
    machine.gives["install"] = machine.package
    assert chromium.get() is None
    assert machine.tried == ["playwright"]
    assert "apt-get install chromium" in chromium.NONE


def test_the_other_renderer_is_installed_where_it_is_missing(machine: Machine):
    assert chromium.renderer() is None
    assert machine.tried == ["update", "install"]
    assert "apt-get install librsvg2-bin" in chromium.NO_RSVG


def test_the_other_renderer_is_taken_where_it_is_there(machine: Machine, monkeypatch):
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert chromium.renderer() == "/usr/bin/rsvg-convert"
    assert machine.tried == []
