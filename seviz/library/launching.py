"""`seviz.launch`: the page, opened on networks of one's own."""

from typing import Any

from seviz.errors import UserError
from seviz.library.open_network import OpenNetwork
from seviz.library.sentences import names_arguments
from seviz.records.trace import NO_HEAD
from seviz.zoo.catalogue import EMBEDDED, find
from seviz.zoo.sources import Source

LAST_PORT = 65_535
_served: "set[App]" = set()  # kept until they are closed, whether somebody keeps them or not


class App:
    """The page while it is served; url: its address; networks: those that it was opened on."""

    def __init__(self, demo: Any, networks: tuple[OpenNetwork, ...]) -> None:
        """Take Gradio's blocks, which have been launched, and keep their networks in memory."""
        self._demo, self.networks = demo, networks
        self.url = str(demo.local_url)
        _served.add(self)

    def __repr__(self) -> str:
        """Say where it is."""
        return f"<seviz.App at {self.url}>"

    def __enter__(self) -> "App":
        """Return itself; the end of the `with` block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the page; the networks stay open."""
        _served.discard(self)
        if self._demo.is_running:
            self._demo.close(verbose=False)

    def block(self) -> None:
        """Serve until the process is interrupted, then close."""
        try:
            self._demo.block_thread()
        finally:
            self.close()


@names_arguments
def launch(
    *networks: OpenNetwork | str,
    blocking: bool = True,
    browser: bool = False,
    port: int | None = None,
) -> App:
    """Open the page on networks: the first with SE is shown, and all are in its lists of networks.

    Those without SE are in those of the page “Networks” alone, which compares the first two.

    networks: as `seviz.load` or `seviz.wrap` returned them, or keys; by default the embedded one.
    blocking: serve until the process is interrupted; False in notebooks: serve in the background
    until `close` is called. browser: open a window; port: of 127.0.0.1, by default the first free
    one from 7860 on. UserError where a network can't be shown, or the port is in use.
    """
    from seviz.ui import app
    from seviz.ui.parts import warm_up

    sources = [_source(network) for network in networks]
    _check_port(port)
    first = next((source.key for source in sources if source.has_gates), EMBEDDED)
    others = (source.key for source in sources if source.key != first)
    demo = app.build(first, beside=next(others, ""))
    warm_up.load()
    app.launch(
        demo,
        inbrowser=browser,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        inline=False,
    )
    opened = App(demo, tuple(n for n in networks if isinstance(n, OpenNetwork)))
    if blocking:
        print(opened.url, flush=True)
        opened.block()
    return opened


def _source(network: OpenNetwork | str) -> Source:
    """Return a network's source; UserError where it is closed, or gives no answers."""
    if isinstance(network, list | tuple):
        raise UserError(
            f"seviz.launch takes networks, not a {type(network).__name__} of them: "
            "seviz.launch(a, b), or seviz.launch(*networks)."
        )
    if not isinstance(network, OpenNetwork | str):
        raise UserError(
            f"seviz.launch takes networks, not {type(network).__name__}; seviz.wrap makes one of a "
            "module."
        )
    source = find(network) if isinstance(network, str) else network.source
    if not source.labels:
        raise UserError(f"{source.title}: {NO_HEAD}")
    return source


def _check_port(port: object) -> None:
    """Raise UserError where a port can be none."""
    if port is not None and not (type(port) is int and 0 < port <= LAST_PORT):
        raise UserError(f"port is {port!r}; give a whole number from 1 to {LAST_PORT}.")
