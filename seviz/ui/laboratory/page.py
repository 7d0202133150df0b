"""The page “Laboratory”: the article's blocks and studies, and its story, to be tried out."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.ui.address import Address
from seviz.ui.laboratory.block import view as lab_block
from seviz.ui.laboratory.learn import view as lab_learn
from seviz.ui.laboratory.side_by_side import view as lab_sides
from seviz.ui.laboratory.tables import view as lab_tables
from seviz.ui.parts.navigation import ABOUT, BLOCK, EXPLORE, SIDES, TABLES, Place, remember
from seviz.ui.state import Asked

NAME = "laboratory"  # of the page, among the app's
GUIDE = "lab-learn"  # the view that takes newcomers by the hand
VIEWS = (
    (BLOCK, "The block", lab_block),
    (TABLES, "The tables", lab_tables),
    (SIDES, "Side by side", lab_sides),
    (GUIDE, "Learn", lab_learn),
)


def build(asked: Asked, pages: gr.Tabs, page: gr.State) -> "Handlers":
    """Lay the page out inside the current gr.Tab and connect it.

    asked: what “Explore” was asked; pages: the app's, of which a view may open another; page: the
    open one's id.
    """
    place = Place(pages=pages, page=page, view=gr.State())
    compared: list[gr.Dropdown] = []
    with gr.Tabs(elem_id="laboratory") as views:
        for name, title, view in VIEWS:
            with gr.Tab(title, id=name) as tab:
                remember(tab, place.view)  # before the view asks whether it is the open one
                compared += view.build(asked, tab, place) or []
    return Handlers(place, views, compared)


@dataclass(frozen=True)
class Handlers:
    """How the app's address opens a page, a view of the laboratory, and what it compares.

    Which of them is open is known at once, not only when the browser has opened it: other handlers
    that run meanwhile ask for it.
    """

    place: Place
    views: gr.Tabs
    compared: list[gr.Dropdown]

    @property
    def outputs(self) -> list[Any]:
        """List what an address can change."""
        return [self.place.pages, self.place.page, self.views, self.place.view, *self.compared]

    def arrive(self, request: gr.Request) -> Any:
        """Open what the address says that the app was opened with.

        “Explore” is open anyway; people may have left it before this arrives.
        """
        said = Address.read(request.query_params)
        return self._restored(said) if said.page in (NAME, ABOUT) else gr.skip()

    def return_to(self, event: gr.EventData) -> Any:
        """Open what the address says that people went back or forward to."""
        return self._restored(Address.read(event._data))

    def guide(self) -> Any:
        """Open the guided path."""
        return self._opened(NAME, GUIDE)

    def _restored(self, said: Address) -> Any:
        page = said.page if said.page in (NAME, ABOUT) else EXPLORE
        view = said.tab if said.tab in (name for name, *_ in VIEWS) else ""
        updates = self._opened(page, view)
        known = {key for field in self.compared for _, key in field.choices}
        if len(said.variants) == len(self.compared) and known.issuperset(said.variants):
            updates |= dict(zip(self.compared, said.variants, strict=True))
        return updates

    def _opened(self, page: str, view: str) -> dict[Any, Any]:
        """Open a page, and a view of the laboratory if it is named."""
        place = self.place
        updates = {place.pages: gr.Tabs(selected=page), place.page: page}
        return updates | ({self.views: gr.Tabs(selected=view), place.view: view} if view else {})
