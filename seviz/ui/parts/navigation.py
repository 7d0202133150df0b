"""Where a person is in the app: a tab tells that it is opened, but not that it is left."""

from typing import NamedTuple

import gradio as gr


class Place(NamedTuple):
    """The app's pages, and the ids of the page and of the laboratory's view that are open."""

    pages: gr.Tabs
    page: gr.State
    view: gr.State


def remember(tab: gr.Tab, opened: gr.State) -> None:
    """Keep in `opened` that this tab is the open one of its kind."""
    tab.select(lambda: tab.id, None, opened, queue=False, api_visibility="private")
