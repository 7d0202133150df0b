"""The page “Data set”: what the gates of the network of Explore do over many images.

It stands beside Explore, before the laboratory: it is about the same network, and the laboratory
about others.
"""

import gradio as gr

from seviz.ui.dataset import top
from seviz.ui.dataset.classes import view as classes
from seviz.ui.dataset.depth import view as depth
from seviz.ui.dataset.map import view as image_map
from seviz.ui.dataset.photos import view as photos
from seviz.ui.dataset.spare import view as spare
from seviz.ui.parts.navigation import (
    CLASSES,
    DATA,
    DEPTH,
    MAP,
    PHOTOS,
    SPARE,
    PageViews,
    remember,
)
from seviz.ui.state import Asked

# Each view has build(data, tab, pages), which lays it out inside the current gr.Tab and connects
# it: what the page is about (`images.DataSet`), the view's own tab, and the app's pages.
VIEWS = (
    (CLASSES, "Classes", classes),
    (DEPTH, "By depth", depth),
    (MAP, "Map", image_map),
    (SPARE, "Can it go?", spare),
    (PHOTOS, "Your photographs", photos),
)


def build(asked: Asked, pages: gr.Tabs) -> PageViews:
    """Lay the page out inside the current gr.Tab and connect it; returns what an address opens.

    asked: what “Explore” was asked; pages: the app's, of which a view may open another.
    """
    data = top.build(asked)
    with gr.Tabs(elem_id="dataset") as views:
        for name, title, view in VIEWS:
            with gr.Tab(title, id=name) as tab:
                remember(tab)
                view.build(data, tab, pages)
    return PageViews(DATA, views, tuple(name for name, *_ in VIEWS))
