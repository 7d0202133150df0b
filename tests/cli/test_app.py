from pathlib import Path

from stand_in import stand_in

from seviz.__main__ import main
from seviz.ui import app
from seviz.zoo.checkpoint import Settings

NOTHING = dict.fromkeys(("model", "checkpoint", "architecture", "profile"))
UNSAID = Settings()


def test_the_first_network_is_left_to_the_page(monkeypatch):
    calls = stand_in(monkeypatch, app, "open_app", None)
    assert main(["app"]) == 0
    assert calls == [NOTHING | {"architecture": "", "settings": UNSAID, "browser": False}]


def test_the_options_reach_the_page(monkeypatch):
    calls = stand_in(monkeypatch, app, "open_app", None)
    options = ["--model", "m", "--checkpoint", "c", "--arch", "a", "--profile", "p", "--open"]
    options += ["--labels", "l", "--head", "sigmoid", "--input-size", "64", "--std", "1", "2", "3"]
    assert main(["app", *options]) == 0
    assert calls == [
        {
            "model": "m",
            "checkpoint": Path("c"),
            "architecture": "a",
            "settings": Settings(Path("l"), "sigmoid", (64,), None, (1, 2, 3)),
            "profile": Path("p"),
            "browser": True,
        }
    ]
