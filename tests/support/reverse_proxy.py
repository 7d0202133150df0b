"""A reverse proxy on loopback, which serves an app under a prefix of its own address."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


class Handler(BaseHTTPRequestHandler):
    """Passes a request on without the prefix, and the answer back as it comes, piece by piece."""

    protocol_version = "HTTP/1.1"
    server: "ReverseProxy"

    def pass_on(self) -> None:
        path = self.path
        if not path.startswith(f"{self.server.prefix}/"):
            self.refuse(path)
            return
        self.server.inside.append(path)
        size = int(self.headers.get("Content-Length") or 0)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
        headers |= {"X-Forwarded-Host": headers.pop("Host"), "X-Forwarded-Proto": "http"}
        behind = http.client.HTTPConnection(self.server.behind, timeout=60)
        try:
            inside = path.removeprefix(self.server.prefix)
            behind.request(self.command, inside, self.rfile.read(size), headers)
            self.pass_back(behind.getresponse())
        finally:
            behind.close()

    do_GET = do_POST = do_HEAD = pass_on

    def refuse(self, path: str) -> None:
        """Note a path outside the prefix, but for the icon that browsers look for by themselves."""
        icon = path == "/favicon.ico"
        if not icon:
            self.server.outside.append(path)
        self.close_connection = True
        self.send_response(204 if icon else 404)
        self.end_headers()

    def pass_back(self, answer: http.client.HTTPResponse) -> None:
        """Send the answer on; its end is that of the connection."""
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*HOP_BY_HOP, "date", "server"}:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while piece := answer.read1(65_536):
            self.wfile.write(piece)
            self.wfile.flush()

    def log_message(self, *args: object) -> None:
        pass


class ReverseProxy(ThreadingHTTPServer):
    """Serves the app of an address under a prefix, while it is entered.

    inside, outside: the paths that were asked for, by whether they begin with the prefix.
    """

    daemon_threads = True

    def __init__(self, app_url: str, prefix: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind, self.prefix = urlsplit(app_url).netloc, prefix
        self.inside: list[str] = []
        self.outside: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}{prefix}"

    def __enter__(self) -> "ReverseProxy":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *args: object) -> None:
        """Leave it: browsers hang up on streams when a page is closed."""
