import json
import socket
import urllib.error
import urllib.request

import pytest

from seviz.cli.early_page import EarlyPage


@pytest.fixture
def port(monkeypatch) -> int:
    """Return a free port, which Gradio's environment variable names."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        found = free.getsockname()[1]
    monkeypatch.setenv("GRADIO_SERVER_PORT", str(found))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return found


def test_it_says_that_the_app_is_starting_until_it_leaves_the_port(port: int):
    early = EarlyPage()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert json.load(answer) == {"status": "starting"}
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/?model=embedded")
        with told.value as page:
            assert page.code == 503
            assert "is starting" in page.read().decode()
    finally:
        early.close()
    with socket.socket() as next_one:  # as Gradio takes it
        next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        next_one.bind(("127.0.0.1", port))


@pytest.mark.parametrize("odd", ["none", "-1", "99999999"])
def test_a_port_that_can_not_be_had_is_left_to_gradio(monkeypatch, odd: str):
    monkeypatch.setenv("GRADIO_SERVER_PORT", odd)
    EarlyPage().close()


def test_the_port_of_another_app_stays_its_own(port: int):
    with socket.create_server(("127.0.0.1", port)) as theirs:
        EarlyPage().close()
        assert theirs.getsockname()[1] == port
