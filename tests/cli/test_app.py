from pathlib import Path
from types import SimpleNamespace

import pytest
from stand_in import stand_in

from seviz.__main__ import main
from seviz.cli import early_page
from seviz.ui import app
from seviz.zoo.settings import Settings


@pytest.fixture(autouse=True)
def early(monkeypatch) -> list[str]:
    """Answer nothing early: what happened to the page that would."""
    told: list[str] = []
    page = SimpleNamespace(close=lambda: told.append("closed"))
    monkeypatch.setattr(early_page, "EarlyPage", lambda: told.append("opened") or page)
    return told


NOTHING = dict.fromkeys(
    ("model", "checkpoint", "architecture", "beside", "profile", "data", "necessity")
)
UNSAID = Settings()


def test_the_first_network_is_left_to_the_page(monkeypatch, early: list[str]):
    calls = stand_in(monkeypatch, app, "open_app", None)
    assert main(["app"]) == 0
    calls[0].pop("before")()
    assert early == ["opened", "closed"]
    off = dict.fromkeys(("uploads", "mcp", "browser"), False)
    assert calls == [NOTHING | {"architecture": "", "settings": UNSAID} | off]


def test_the_options_reach_the_page(monkeypatch):
    calls = stand_in(monkeypatch, app, "open_app", None)
    options = [
        "--model",
        "m",
        "--checkpoint",
        "c",
        "--arch",
        "a",
        "--profile",
        "p",
        "--open",
        "--mcp",
    ]
    options += ["--mcp", "--allow-uploads", "--data", "d", "--necessity", "n", "--beside", "b"]
    options += ["--labels", "l", "--head", "sigmoid", "--input-size", "64", "--std", "1", "2", "3"]
    assert main(["app", *options]) == 0
    calls[0].pop("before")
    assert calls == [
        {
            "model": "m",
            "checkpoint": Path("c"),
            "architecture": "a",
            "settings": Settings(Path("l"), "sigmoid", (64,), None, (1, 2, 3)),
            "beside": "b",
            "profile": Path("p"),
            "data": Path("d"),
            "necessity": Path("n"),
            "uploads": True,
            "mcp": True,
            "browser": True,
        }
    ]
