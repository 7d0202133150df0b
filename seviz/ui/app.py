"""The app: both pages and the API, built and launched."""

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup
from starlette.middleware import Middleware

from seviz import limits
from seviz.drawing.mark import MARK, mark
from seviz.errors import UserError
from seviz.photos import pool
from seviz.ui import address, link, questions
from seviz.ui.api import questions as api
from seviz.ui.dataset import page as dataset
from seviz.ui.dataset.folder import FOLDER
from seviz.ui.explore import page as explore
from seviz.ui.explore.first_network import first_network, is_chosen, necessity_of, statistics
from seviz.ui.explore.layout import titles_script
from seviz.ui.explore.opening import OPENING
from seviz.ui.gate import page as gate
from seviz.ui.laboratory import page as laboratory
from seviz.ui.link_faults import LinkFaults
from seviz.ui.networks import view as networks
from seviz.ui.parts import mcp as tools
from seviz.ui.parts import memory, own_networks, requests, sessions, theme, warm_up
from seviz.ui.parts.about import about
from seviz.ui.parts.checked_blocks import HANDLERS, CheckedBlocks, no_server_yet
from seviz.ui.parts.kept_page import KeptPage
from seviz.ui.parts.navigation import (
    ABOUT,
    DATA,
    EXPLORE,
    GATE,
    LABORATORY,
    NETWORKS,
    QUESTIONS,
    remember,
)
from seviz.ui.parts.queue import FairQueue
from seviz.ui.parts.warm_up import spare_libraries
from seviz.zoo.catalogue import EMBEDDED
from seviz.zoo.device import ZERO_GPU
from seviz.zoo.settings import Settings

HEADER = Markup("<h1>{}<span>seviz</span></h1>").format(mark(26))

LOOPBACK = ("localhost", "127.0.0.1", "::1")
NO_PORT = re.compile(r"Cannot find empty port in range: (\d+)-(\d+)")  # of Gradio's own error
START_OVER = '<a href="?">Start over</a>'  # opens the page anew: nothing is kept


@no_server_yet()
def build(start: str = EMBEDDED, notice: str = "", *, beside: str = "") -> gr.Blocks:
    """Build the whole app.

    start: the first network's key; notice: a sentence on top; beside: the key of B on the page
    “Networks”, by default the first network's twin, or the embedded one.
    """
    life = limits.LIFE.value
    with CheckedBlocks(title="seviz", delete_cache=(min(600, life), life)) as demo:
        gr.HTML(HEADER, elem_id="header")
        gr.HTML(START_OVER, elem_id="start-over")
        copy = link.lay_out()
        warm_up.line()
        guide = gr.Button("New to SE? Take the guided path →", size="sm", elem_id="guide")
        with gr.Tabs(elem_id="pages") as pages:
            with gr.Tab("Explore", id=EXPLORE) as tab:
                asked = explore.build(start, notice)
                remember(tab)
            with gr.Tab("Data set", id=DATA) as tab:
                data = dataset.build(asked, pages)
                remember(tab)
            with gr.Tab("Gate", id=GATE) as tab:
                gate.build(asked, pages)
                remember(tab)
            with gr.Tab("Networks", id=NETWORKS) as tab:
                compared = networks.build(asked, pages, data, beside=beside)
                remember(tab)
            with gr.Tab("Laboratory", id=LABORATORY) as tab:
                lab = laboratory.build(asked, pages, data, compared=compared)
                remember(tab)
            with gr.Tab("Questions", id=QUESTIONS) as tab:
                questions.lay_out()
                remember(tab)
            with gr.Tab("About", id=ABOUT) as tab:
                gr.HTML(about(), elem_id="about")
                remember(tab)
        quick: dict[str, Any] = {"queue": False, "api_visibility": "private"}
        guide.click(lab.guide, None, lab.outputs, **quick)
        returned = address.returns()
        returned.select(lab.return_to, None, lab.outputs, trigger_mode="multiple", **quick)
        demo.load(lab.arrive, None, lab.outputs, **quick).then(None, js=address.FOLLOW, **quick)
        link.connect(copy, asked)
        asked.kept.connect(asked.returned)
        LinkFaults(start, lab.all_pages, [*explore.TAB_IDS, *lab.all_views]).connect()
        api.build()
        demo.own, demo.networks = asked.own, asked.networks
        _spare_copies(demo, gr.State())
    demo.queue(api_open=False)
    demo._queue = FairQueue(demo)
    return demo


def _spare_copies(demo: gr.Blocks, nowhere: gr.State) -> None:
    """Let events show their progress `nowhere`, but for those that name where.

    At each step of any event, the browser copies all that it knows of every component on which the
    progress of some event would be shown, and of all inside it: by default of all outputs of all
    events, among them the tabs with all their contents.
    """
    for event in demo.fns.values():
        event.show_progress_on = event.show_progress_on or [nowhere]


def spare_proxies() -> None:
    """Let no proxy stand between this machine and itself: Gradio asks the page whether it is up."""
    for name in ("NO_PROXY", "no_proxy"):
        known = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys([*known, *LOOPBACK]))


def launch(demo: gr.Blocks, **options: object) -> gr.Blocks:
    """Launch with the settings that keep the page private and offline; returns the app.

    UserError where the port is in use.
    """
    settings: dict[str, object] = {
        "theme": theme.theme(),
        "css": theme.CSS,
        "head": theme.HEAD + address.HEAD + link.SCRIPT + titles_script(),
        "favicon_path": MARK,
        "app_kwargs": {
            "middleware": [
                Middleware(address.HidePageKey),
                Middleware(requests.CheckedRequests),
                Middleware(KeptPage),
            ],
            "exception_handlers": HANDLERS,
            "routes": [warm_up.HEALTH],
        },
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "footer_links": ["api", "settings"],
        "state_session_capacity": limits.PAGES.value,
        # The browser tells of larger ones; of fewer MB, `read_photo` does.
        "max_file_size": f"{limits.UPLOAD.value}mb",
    }
    pool.start()  # so that the first upload does not wait for it
    spare_proxies()
    requests.install()
    sessions.install()
    tools.install()
    try:
        demo.launch(**{**settings, **options})
    except OSError as error:
        if found := NO_PORT.match(str(error)):
            raise UserError(_port_words(*found.groups())) from error
        raise
    return demo


def _port_words(first: str, last: str) -> str:
    """Say that the port that was asked for, or each of Gradio's own, is not to be had."""
    which = f"Port {first} is" if first == last else f"Ports {first} to {last} are all"
    return f"{which} in use, or not open to this account; name another in GRADIO_SERVER_PORT."


def open_app(
    model: str | None,
    checkpoint: Path | None,
    architecture: str | None,
    *,
    settings: Settings | None,
    beside: str | None = None,
    profile: Path | None,
    data: Path | None = None,
    necessity: Path | None = None,
    uploads: bool = False,
    mcp: bool = False,
    browser: bool,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Open the app and serve it until it is interrupted; browser: open a window, too.

    model, checkpoint, architecture, settings and beside choose the first network as
    `first_network` does;
    profile is the file of a network's reference statistics; data: a folder of photographs that is
    offered to all visitors, by default that of SEVIZ_DATA; necessity: a file of which blocks the
    network needs, by default that of SEVIZ_NECESSITY; uploads: let visitors upload networks, also
    where SEVIZ_ALLOW_UPLOADS says so (`own_networks.allow`); mcp: also offer the API's questions
    as tools of MCP; before: called just before the app takes its port.
    """
    offered = {"mcp_server": True} if tools.wanted(mcp) else {}
    refused = own_networks.allow(uploads)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what ends removes its files
    spare_libraries()
    memory.limit_arenas()
    start, notice = first_network(checkpoint, architecture, model, settings=settings, beside=beside)
    notices = [notice, statistics(profile), necessity_of(necessity), refused]
    FOLDER.offer(data)
    demo = build(start, " ".join(filter(None, notices)))
    if ZERO_GPU:  # processes that hold a GPU are forked from this one, and load nothing
        warm_up.load()
    else:
        warm_up.expect()
    os.environ.pop("GRADIO_DEBUG", None)  # it would hold the launch, and what follows would wait
    before()
    launch(demo, inbrowser=browser, prevent_thread_lock=True, **offered)
    _stay(demo, opening=not is_chosen(checkpoint, model))


def _stay(demo: gr.Blocks, *, opening: bool) -> None:
    """Load what answers need, now that the page stands, and serve it until the end.

    opening: also let a Space's own network answer its example.
    """
    if not ZERO_GPU:
        warm_up.start()
    if opening:
        OPENING.start()
    demo.block_thread()
