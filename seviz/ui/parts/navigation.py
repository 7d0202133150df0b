"""Which page and view are open: a tab has an event for opening, but none for leaving."""

from dataclasses import dataclass

import gradio as gr

EXPLORE = "explore"  # a page's id
GATES, EXPLAIN, SURGERY, MATTERS = "gates", "explain", "surgery", "matters"  # of its tabs
BLOCK, TABLES, SIDES = "lab-block", "lab-tables", "lab-sides"  # of the laboratory's views


@dataclass(frozen=True)
class Place:
    """The app's pages, and the ids of the page and of the laboratory's view that are open."""

    pages: gr.Tabs
    page: gr.State
    view: gr.State


def remember(tab: gr.Tab, opened: gr.State) -> None:
    """Keep in `opened` that this tab is the open one of its kind."""
    tab.select(lambda: tab.id, None, opened, queue=False, api_visibility="private")
