"""The page “Laboratory”: the article's blocks and studies, and its story, to be tried out."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.address import Address
from seviz.ui.laboratory.block import view as lab_block
from seviz.ui.laboratory.learn import view as lab_learn
from seviz.ui.laboratory.tables import view as lab_tables
from seviz.ui.parts.navigation import (
    ABOUT,
    BLOCK,
    EXPLORE,
    GATE,
    LABORATORY,
    LEARN,
    NETWORKS,
    QUESTIONS,
    TABLES,
    PageViews,
    remember,
)
from seviz.ui.state import Asked

VIEWS = (
    (BLOCK, "The block", lab_block),
    (TABLES, "The tables", lab_tables),
    (LEARN, "Learn", lab_learn),
)


def build(
    asked: Asked, pages: gr.Tabs, *others: PageViews, compared: list[gr.Dropdown]
) -> "Handlers":
    """Lay the page out inside the current gr.Tab and connect it.

    asked: what “Explore” was asked; pages: the app's, of which a view may open another; others: the
    other pages with views, which an address may open; compared: the fields A and B of the page
    “Networks”.
    """
    with gr.Tabs(elem_id="laboratory") as views:
        for name, title, view in VIEWS:
            with gr.Tab(title, id=name) as tab:
                remember(tab)
                view.build(asked, tab, pages)
    own = PageViews(LABORATORY, views, tuple(name for name, *_ in VIEWS))
    return Handlers(pages, (own, *others), compared)


@dataclass(frozen=True)
class Handlers:
    """How the app's address opens a page, a view of it, and the two networks of “Networks”.

    views: of the pages that have any, the laboratory first.
    """

    pages: gr.Tabs
    views: tuple[PageViews, ...]
    compared: list[gr.Dropdown]

    @property
    def outputs(self) -> list[Any]:
        """List what an address can change."""
        return [self.pages, *(each.tabs for each in self.views), *self.compared]

    def arrive(self, request: gr.Request) -> Any:
        """Open what the address says that the app was opened with.

        “Explore” is open anyway; people may have left it before this arrives.
        """
        said = Address.read(request.query_params)
        return self._restored(said) if said.page in self._pages else gr.skip()

    def return_to(self, event: gr.EventData) -> Any:
        """Open what the address says that people went back or forward to."""
        return self._restored(Address.read(event._data))

    def guide(self) -> Any:
        """Open the guided path."""
        return self._opened(LABORATORY, LEARN)

    def _restored(self, said: Address) -> Any:
        updates = self._opened(said.page if said.page in self._pages else EXPLORE, said.tab)
        known = {key for field in self.compared for _, key in field.choices}
        if len(said.networks) == len(self.compared) and known.issuperset(said.networks):
            updates |= dict(zip(self.compared, said.networks, strict=True))
        return updates

    def _opened(self, page: str, view: str) -> dict[Any, Any]:
        """Open a page, and the view that is named, whatever page it is of."""
        updates: dict[Any, Any] = {self.pages: gr.Tabs(selected=page)}
        for each in self.views:
            if view in each.names:
                updates[each.tabs] = gr.Tabs(selected=view)
        return updates

    @property
    def _pages(self) -> list[str]:
        return [*(each.page for each in self.views), GATE, NETWORKS, QUESTIONS, ABOUT]

    @property
    def all_pages(self) -> list[str]:
        """List the ids of the app's pages."""
        return [EXPLORE, *self._pages]

    @property
    def all_views(self) -> list[str]:
        """List the ids of the views of all pages but Explore."""
        return [name for each in self.views for name in each.names]
