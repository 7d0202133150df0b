"""ZeroGPU without a Space: the real `spaces` package against a device API on loopback.

`DeviceAPI` lends a GPU that is not there; a program that is run through this file, as on ZeroGPU,
uses it. Only two functions of the package are replaced, which initialise CUDA and move tensors to
it, so what is lent a GPU computes on the CPU.
"""

import contextlib
import json
import os
import runpy
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qsl, urlparse

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Platform:
    """What the device API lends, and what it was asked for.

    left: the seconds that a visitor may still ask for. idle: whether a process may be given more
    work. busy: no GPU is free. deadline: seconds after which a process is killed, None for never.
    asked: the seconds of each call; lent: the tokens of calls that hold a GPU. pids: the processes
    that were lent one, in turn.
    """

    left: float = float("inf")
    idle: bool = False
    busy: bool = False
    deadline: float | None = None
    asked: list[int] = field(default_factory=list)
    lent: set[str] = field(default_factory=set)
    pids: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, object, dict[str, str]]:
        """Answer a request: its status, its JSON, and headers."""
        self.paths.append(path)
        if path == "/schedule":
            return self._schedule(int(query["durationSeconds"]))
        if path == "/allow":
            self._allow(query["allowToken"], int(query["pid"]))
        if path == "/release":
            self.lent.discard(query["allowToken"])
        return 200, {}, {}

    def _schedule(self, seconds: int) -> tuple[int, object, dict[str, str]]:
        self.asked.append(seconds)
        if self.busy:
            return 503, {}, {}
        if seconds > self.left:
            refused = {"left": int(self.left), "wait": "PT3600S"}
            return (
                429,
                refused,
                {"X-Approve-Result": "quota-exceeded", "X-Authenticated": "regular"},
            )
        self.left -= seconds
        token = uuid.uuid4().hex
        self.lent.add(token)
        gpu = {"nvidiaIndex": 0, "nvidiaUUID": f"GPU-{uuid.uuid4()}"}
        return 200, {"idle": self.idle, "allowToken": token, **gpu}, {}

    def _allow(self, token: str, pid: int) -> None:
        self.pids.append(pid)
        if self.deadline is not None:
            timer = threading.Timer(self.deadline, self._take_back, (token, pid))
            timer.daemon = True
            timer.start()

    def _take_back(self, token: str, pid: int) -> None:
        if token in self.lent:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Requests(BaseHTTPRequestHandler):
    """What the package asks over HTTP; `platform` answers."""

    platform: Platform

    def log_message(self, *_: object) -> None:
        """Write no log."""

    def do_POST(self) -> None:
        """Answer /startup-report, /schedule, /allow and /release."""
        url = urlparse(self.path)
        self._answer(*self.platform.answer(url.path, dict(parse_qsl(url.query))))

    def _answer(self, status: int, body: object, headers: dict[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        sizes = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in (sizes | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextlib.contextmanager
def device_api(platform: Platform) -> Iterator[dict[str, str]]:
    """Serve a platform's device API on loopback; yields the environment that leads to it."""
    handler = type("Handler", (Requests,), {"platform": platform})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield {
            "SPACES_ZERO_GPU": "true",
            "SPACES_ZERO_DEVICE_API_URL": f"http://127.0.0.1:{server.server_address[1]}",
        }
        server.shutdown()
        thread.join()


def main(program: str, *arguments: str) -> None:
    """Run a program as on ZeroGPU but for CUDA itself."""
    with ThreadPoolExecutor(1) as pool:  # as `seviz.zoo.device`, which says why
        cuda = pool.submit(import_module, "spaces.zero.torch").result()
    cuda.init = cuda.move = lambda *_, **__: None
    sys.path[0], sys.argv = str(ROOT), [program, *arguments]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
