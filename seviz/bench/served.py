"""The app in a process of its own, for clients on loopback, and the memory that it takes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from seviz.errors import UserError

START = 300.0  # seconds for the app to come up
END = 20.0  # seconds for it to end


@dataclass(frozen=True)
class Served:
    """An app that is served; url: its address, such as http://127.0.0.1:7860; pid: its process."""

    url: str
    pid: int

    def resident(self) -> float | None:
        """Return its resident memory in MB; None on systems without /proc."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        except OSError:
            return None
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serve(*options: str) -> Iterator[Served]:
    """Serve the app on a free port of loopback; options: of the command `app`.

    UserError where it does not come up.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "seviz", "app", *options],
        env={
            **os.environ,
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_ANALYTICS_ENABLED": "False",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path]),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        served = Served(f"http://127.0.0.1:{port}", server.pid)
        _wait(server, served.url)
        yield served
    finally:
        server.terminate()
        try:
            server.wait(END)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until the app answers."""
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{url}/config", timeout=START, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise UserError("The app did not come up on loopback; `seviz app` says why.")
