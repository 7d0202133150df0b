"""Which page and view are open: a tab has an event for opening, but none for leaving."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import gradio as gr

EXPLORE, DATA, ABOUT = "explore", "dataset", "about"  # of pages
GATES, EXPLAIN, SURGERY, MATTERS = "gates", "explain", "surgery", "matters"  # of its tabs
# Of the page “Data set”.
CLASSES, DEPTH, PHOTOS = "data-classes", "data-depth", "data-photos"
GATE, MAP = "data-gate", "data-map"
BLOCK, TABLES, SIDES = "lab-block", "lab-tables", "lab-sides"  # of the laboratory's views


@dataclass(frozen=True)
class Place:
    """The app's pages, and the ids of the page and of its view that are open."""

    pages: gr.Tabs
    page: gr.State
    view: gr.State


class PageViews(NamedTuple):
    """A page whose views are tabs: its id, the tabs, the open view's id, and the views' ids."""

    page: str
    tabs: gr.Tabs
    view: gr.State
    names: tuple[str, ...]


def remember(tab: gr.Tab, opened: gr.State) -> None:
    """Keep in `opened`, and in the address, that this tab, or page, is the open one of its kind."""
    around = tab.parent
    while around is not None and not isinstance(around, gr.Tab):
        around = around.parent
    page, view = (tab.id, None) if around is None else (around.id, tab.id)
    tab.select(
        lambda still: tab.id if still else gr.skip(),
        gr.Checkbox(visible=False),
        opened,
        js=f"() => window.seviz.opened({json.dumps(page)}, {json.dumps(view)})",
        queue=False,
        trigger_mode="multiple",
        api_visibility="private",
    )


@dataclass(frozen=True)
class Where:
    """The open page and its open view, as fields that nobody sees and that the browser fills.

    What a view does when it is opened follows a change of these: the browser tells that a tab was
    selected each time that anything in it changes, too.
    """

    page: gr.Textbox
    view: gr.Textbox

    @classmethod
    def make(cls) -> "Where":
        """Make the fields inside the current gr.Blocks."""
        return cls(gr.Textbox(visible=False), gr.Textbox(visible=False))

    def follow(self, tab: gr.Tab) -> None:
        """Be filled anew when a page, or a view of it, is opened."""
        fields = [self.page, self.view]
        tab.select(None, None, fields, js="() => window.seviz.where()", api_visibility="private")

    @property
    def changes(self) -> list[Any]:
        """List the events of another page or view."""
        return [self.page.change, self.view.change]
