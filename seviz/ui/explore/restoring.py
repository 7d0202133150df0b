"""How the page “Explore” is restored: from its address, when it is opened or people go back."""

from dataclasses import replace
from typing import Any

import gradio as gr
from PIL import Image

from seviz.errors import UserError
from seviz.gates.grammar import no_block
from seviz.records.arms import INTACT, Arm
from seviz.records.target import ClassTarget, Difference
from seviz.records.trace import Trace
from seviz.reference.gather import reference
from seviz.reference.profile import Profile
from seviz.ui.address import OWN, Address
from seviz.ui.explore.first_answer import NO_CLASS, minus_choices, targets
from seviz.ui.explore.layout import column_choices
from seviz.ui.explore.opening import OPENING
from seviz.ui.parts.navigation import GATE, GATES
from seviz.ui.parts.notify import notify, tell
from seviz.ui.parts.photo_field import example_named, first_example
from seviz.ui.parts.upload import EXAMPLE, SERVED, SHOWN
from seviz.ui.state import Asked, chosen_arms, offered_columns
from seviz.zoo import catalogue

Updates = dict[Any, Any]  # {component: value}
NOT_KEPT = (
    "This address is of somebody's own photograph, which is not kept: here is the example; upload "
    "the photograph to see the rest."
)


class Restorer:
    """Fills the page's fields by an address; its methods return {component: value}."""

    def __init__(self, asked: Asked, tabs: gr.Tabs) -> None:
        self.asked, self.tabs = asked, tabs

    def arrive(self, request: gr.Request) -> Any:
        """Show what the page's address says, or else the first network with its example.

        On a Space that is the kept answer of an ImageNet network, once it is there.
        """
        return self._restored(OPENING.instead_of(Address.read(request.query_params)))

    def return_to(self, event: gr.EventData, photo: Any) -> Any:
        """Show what the address says that people went back or forward to, else what was first.

        photo: what the field holds, which stays where the address is of it.
        """
        said, first = Address.read(event._data), self.asked.model.value
        name = said.photo or _first_photo(first)
        wanted = "" if _is_of(photo, name) else name  # it would be asked about anew
        model, tab = said.model or first, said.tab or GATES
        return self._restored(replace(said, photo=wanted, model=model, tab=tab))

    def _restored(self, said: Address) -> Updates:
        """Fill the fields by an address; what it does not say stays."""
        q = self.asked
        updates: Updates = {q.sought_class: said.target}
        try:
            if said.model:
                updates[q.model] = _openable(said.model)
        except UserError as error:
            notify(error)
        if said.photo == OWN:
            tell(NOT_KEPT)
        if example := example_named(said.photo):
            updates[q.photo] = str(example)
        if said.model or said.arms or said.arm:
            key = updates.get(q.model, q.model.value)
            arms = chosen_arms(key, said.columns)
            updates |= offer_columns(q, key, chosen=arms, arm=said.arm)
        block, channel = said.block_and_channel
        if block and channel is not None:
            try:
                self._check_block(block, updates.get(q.model, q.model.value))
                updates[q.block], updates[q.channel] = gr.Dropdown([block], value=block), channel
            except UserError as error:
                if said.page != GATE:  # which says so itself
                    notify(error)
        if said.tab in [tab.id for tab in self.tabs.children]:
            updates[q.open] = said.tab
            updates[self.tabs] = gr.Tabs(selected=said.tab)
        return updates

    def _check_block(self, block: str, key: str) -> None:
        """UserError where the first network, whose blocks are known, has none of this name.

        What is of another network shows once it has answered.
        """
        known = [name for _, name in self.asked.block.choices]
        if known and key == self.asked.model.value and block not in known:
            raise no_block(block, known, count=1)


def check_block(block: str, model: str, *, usual: str) -> None:
    """UserError where an address names a block that its network has not, as far as it is known.

    model: the network's key, "" for the `usual` one.
    """
    profile = named_reference(model, usual)
    if profile is not None and block not in profile.blocks:
        raise no_block(block, list(profile.blocks), count=1)


def named_reference(model: str, usual: str) -> Profile | None:
    """Return the statistics of an address's network, of the `usual` one where it names none.

    So too where it names none that there is, which is said elsewhere; None where it has none.
    """
    try:
        key = catalogue.find(model or usual).key
    except UserError:
        key = usual
    return reference(key)


def offer_columns(q: Asked, key: str, *, chosen: list[Arm], arm: Any) -> Updates:
    """Show which columns a network offers, and which of them the tabs compare."""
    names = [known.name for known in chosen if known != INTACT]
    compared = arm if arm in names else names[0]
    offered = column_choices(offered_columns(key), key=key)
    return {
        q.columns: gr.Dropdown(offered, value=names, multiselect=True),
        q.arm_field: gr.Radio(column_choices(names, key=key), value=compared),
        q.arm: compared,
    }


def target_fields(q: Asked, record: Trace, target: ClassTarget) -> Updates:
    """Fill the fields of the class that is followed, and of the one that is subtracted."""
    of_record, first, minus = targets(record), target, NO_CLASS
    if isinstance(target, Difference):
        first, minus = target.index, target.minus
    return {
        q.target_field: gr.Dropdown(of_record, value=first),
        q.minus_field: gr.Dropdown(minus_choices(of_record), value=minus),
    }


def _openable(model: str) -> str:
    """Return the key of a network that an address names; UserError where it can't be opened."""
    source = catalogue.find(model)
    if not source.has_gates:
        raise UserError(f"{source.title} has no gates to open.")
    return source.key


def _is_of(photo: Any, name: str) -> bool:
    """Tell whether a photograph is the example of a name, or for OWN one of the visitor's own."""
    if not isinstance(photo, Image.Image):
        return False
    shows = photo.info.get(EXAMPLE)
    path = example_named(name)
    return shows is None if name == OWN else path is not None and shows == SHOWN[path]


def _first_photo(key: str) -> str:
    """Name the example that the page opens with, with a network; "" where there is none."""
    path = first_example(key)
    return next((name for name, served in SERVED.items() if served == path), "")
