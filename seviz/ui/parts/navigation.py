"""Which page and view are open: a tab has an event for opening, but none for leaving."""

import json
from typing import Any, NamedTuple

import gradio as gr

EXPLORE, DATA, ABOUT = "explore", "dataset", "about"  # of pages
LABORATORY, GATE, NETWORKS = "laboratory", "gate", "networks"
GATES, EXPLAIN, SURGERY, MATTERS = "gates", "explain", "surgery", "matters"  # of its tabs
LIVE = "live"
# Of the page “Data set”.
CLASSES, DEPTH, PHOTOS = "data-classes", "data-depth", "data-photos"
MAP = "data-map"
SPARE = "data-spare"  # which blocks can go
BLOCK, TABLES = "lab-block", "lab-tables"  # of the laboratory's views
LEARN = "lab-learn"  # takes newcomers by the hand
QUESTIONS = "questions"  # the page of what people ask

# What the browser's window tells of: another photograph was answered, or chosen; other gates.
ANSWERED, PHOTO, SELECTED = "seviz:answered", "seviz:photo", "seviz:selected"
IMAGES = "seviz:images"  # the page “Data set” is about others
RESTORED = "seviz:restored"  # the address has filled the fields of the views
OPENED_JS = """
const tell = () => { if (window.seviz.isOpen(...PLACE)) trigger("select"); };
for (const name of NAMES) window.addEventListener(name, tell);
tell();
"""


class PageViews(NamedTuple):
    """A page whose views are tabs: its id, the tabs, and the views' ids."""

    page: str
    tabs: gr.Tabs
    names: tuple[str, ...]


def remember(tab: gr.Tab, opened: gr.State | None = None) -> None:
    """Keep in the address, and in `opened`, that this tab, or page, is the open one of its kind."""
    around = tab.parent
    while around is not None and not isinstance(around, gr.Tab):
        around = around.parent
    page, view = (tab.id, None) if around is None else (around.id, tab.id)
    js = f"() => window.seviz.opened({json.dumps(page)}, {json.dumps(view)})"
    private: dict[str, Any] = {"trigger_mode": "multiple", "api_visibility": "private"}
    if opened is None:
        tab.select(None, None, None, js=js, **private)
        return
    tab.select(
        lambda still: tab.id if still else gr.skip(),
        gr.Checkbox(visible=False),
        opened,
        js=js,
        queue=False,
        **private,
    )


def opening(page: str, view: str | None = None, *changes: str) -> gr.HTML:
    """Make the component whose `select` says that a page, or a view of it, is to be shown anew.

    It was opened; or it is open, and the window told of one of the `changes`. It is told to this
    component alone: where several listeners of one event wait for their turns, Gradio's page calls
    all of them again for each that waited, without end.
    """
    js = OPENED_JS.replace("PLACE", json.dumps([page, view]))
    names = json.dumps(["seviz:opened", *changes])
    return gr.HTML(js_on_load=js.replace("NAMES", names), visible="hidden")


def told(name: str) -> gr.HTML:
    """Make the component whose `select` says that the browser's window told of a name."""
    js = f'window.addEventListener({json.dumps(name)}, () => trigger("select"));'
    return gr.HTML(js_on_load=js, visible="hidden")


def announce(event: Any, name: str) -> None:
    """Let the browser's window tell by a name of an event of a component."""
    js = f"() => {{ window.dispatchEvent(new Event({json.dumps(name)})); }}"
    event(None, None, None, js=js, trigger_mode="multiple", api_visibility="private")
