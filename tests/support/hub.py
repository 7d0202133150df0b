"""A server on loopback that plays the Hub and a release server, with the failures of both."""

import hashlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Served:
    """A file and how the server hands it out."""

    content: bytes
    digest: str = ""  # what the Hub's headers promise; the sha256 of the content
    size: int = 0  # what they promise too; that of the content. Below zero: no size is stated
    status: int = 200
    ranges: bool = True  # False: Range is ignored, and everything is sent
    cuts: list[int] = field(default_factory=list)  # bytes sent before a GET breaks off, in turn
    silent: str = ""  # “headers” or “body”: it is silent there, but the connection stays

    def __post_init__(self) -> None:
        self.digest = self.digest or hashlib.sha256(self.content).hexdigest()
        self.size = self.size or len(self.content)


class Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        served = self.server.files.get(self.path)
        status = served.status if served else 404
        start = 0
        if served:
            asked = self.headers["Range"]
            self.server.requests.append((self.command, asked))
            if asked and served.ranges and status == 200:
                start = int(asked.removeprefix("bytes=").removesuffix("-"))
                status = 206 if start < len(served.content) else 416
            if served.silent == "headers":
                self.server.closing.wait(30)
        if served is None or status >= 400:
            self.send_error(status)
            return
        self.send_response(status)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("X-Linked-ETag", f'"{served.digest}"')
        self.send_header("X-Linked-Size", str(served.size))
        self.send_header("ETag", f'"{served.digest}"')
        self.send_header("Accept-Ranges", "bytes")
        if served.size > 0:
            self.send_header("Content-Length", str(len(served.content) - start))
        if status == 206:
            size = len(served.content)
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        if self.command == "GET":
            self.send_body(served, start)

    def send_body(self, served: Served, start: int) -> None:
        stop = start + served.cuts.pop(0) if served.cuts else len(served.content)
        self.wfile.write(served.content[start:stop])
        if served.silent == "body":
            self.wfile.flush()
            self.server.closing.wait(30)

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serves `files` by path while it is entered; `requests` are the methods and ranges asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, Served] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *args: object) -> None:
        """Leave it: clients that hang up are what the tests are about."""

    @property
    def gets(self) -> list[str | None]:
        """The ranges of the GET requests so far."""
        return [asked for method, asked in self.requests if method == "GET"]
