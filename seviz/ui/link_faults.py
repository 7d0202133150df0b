"""What is wrong with an address that the page is opened with, as far as no view says it itself.

Anybody may have made it, and what can't be had is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.context import Context

from seviz import limits
from seviz.analysis.photo_pair import MEASURES
from seviz.attribution.methods import METHODS
from seviz.errors import UserError
from seviz.phrases import brief, join_list
from seviz.ui.address import KEYS, OWN, Address
from seviz.ui.parts.navigation import GATE
from seviz.ui.parts.notify import notify
from seviz.ui.parts.photo_field import example_named
from seviz.ui.state import offered_columns
from seviz.zoo import catalogue

MOST = 5  # parts that are named
REST = "The rest of it is shown."
CHOICES = {  # of fields, by key
    "explained": ("class", "gate"),
    "other": ("off", "edited"),
    "distance": MEASURES,
}


class LinkFaults:
    """Says in one sentence what an address names that there is not.

    usual: the network's key where an address names none; pages, tabs: the ids that there are.
    """

    def __init__(self, usual: str, pages: Sequence[str], tabs: Sequence[str]) -> None:
        self.usual, self.pages, self.tabs = usual, pages, tabs

    def connect(self) -> None:
        """Say it when the page is opened."""
        # Through the queue: beside it, no sentence is shown.
        Context.root_block.load(self.tell, None, None, api_visibility="private")

    def tell(self, request: gr.Request) -> None:
        """Show the sentence over the page, if there is any."""
        if found := list(self.of(request.query_params)):
            parts = join_list(found[:MOST]) + (" and more" if len(found) > MOST else "")
            notify(UserError(f"This link names what is not here: {parts}. {REST}"))

    def of(self, query: Any) -> Iterator[str]:
        """Name what is wrong with a query, part by part."""
        if not isinstance(query, Mapping):
            return
        said = Address.read(query)
        for key in KEYS:
            if len(str(query.get(key, ""))) > limits.TEXT.value and not getattr(said, key):
                yield f"the {key} of more than {limits.TEXT.value} characters"
        yield from self._places(said)
        yield from self._columns(said)
        yield from _values(said)

    def _places(self, said: Address) -> Iterator[str]:
        if said.page and said.page not in self.pages:
            yield f"the page “{brief(said.page)}”"
        if said.tab and said.tab not in self.tabs:
            yield f"the tab “{brief(said.tab)}”"
        if said.gate and said.page != GATE and said.block_and_channel[1] is None:
            yield f"the gate “{brief(said.gate)}”"

    def _columns(self, said: Address) -> Iterator[str]:
        """Name the columns that the network can't have; one that is unknown is said elsewhere."""
        key = said.model or self.usual
        if not _is_network(key):
            return
        offered = offered_columns(catalogue.find(key).key)
        named = dict.fromkeys([*said.columns, *([said.arm] if said.arm else [])])
        yield from (f"the column “{brief(name)}”" for name in named if name not in offered)


def _values(said: Address) -> Iterator[str]:
    """Name the values that no network, no photograph and no method can have."""
    for key in ("photo", "photo2"):
        name = getattr(said, key)
        if name not in ("", OWN) and example_named(name) is None:
            yield f"the example photograph “{brief(name)}”"
    if said.method and said.method not in METHODS:
        yield f"the method “{brief(said.method)}”"
    for key, values in CHOICES.items():
        if (text := getattr(said, key)) and text not in values:
            yield f"{key} “{brief(text)}”"
    yield from (f"the network “{brief(key)}”" for key in said.networks if not _is_network(key))


def _is_network(key: str) -> bool:
    try:
        catalogue.find(key)
    except UserError:
        return False
    return True
