"""What answers on the app's port until the app does: a page that waits, and the health route."""

import os
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEALTH = b'{"status":"starting"}'
PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>seviz</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body { font: 1rem system-ui, sans-serif; margin: 3rem }</style></head>
<body><h1>seviz</h1><p role="status">The page is starting; it opens here in a few seconds.</p>
<script>
const look = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.ok) return location.reload();
  } catch { /* between this server and the app, nothing answers */ }
  setTimeout(look, 300);
};
setTimeout(look, 300);
</script></body></html>
"""


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer the health route, and anything else by a page that looks again."""
        healthy = self.path.partition("?")[0].endswith("/healthz")
        body, kind = (HEALTH, "application/json") if healthy else (PAGE, "text/html; charset=utf-8")
        self.send_response(200 if healthy else 503)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class EarlyPage:
    """Answers on the port that Gradio will take, where it is free, until `close`."""

    def __init__(self) -> None:
        """Begin; the address is that of Gradio's environment variables, or its own default."""
        self._server: ThreadingHTTPServer | None = None
        host = os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
        with suppress(OSError, ValueError, OverflowError):  # taken, or odd: Gradio tells of it
            port = int(os.environ.get("GRADIO_SERVER_PORT") or 7860)
            self._server = ThreadingHTTPServer((host, port), _Answers)
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Leave the port; who asks meanwhile asks again."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
