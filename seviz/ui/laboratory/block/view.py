"""The view “The block”: what an SE block is, drawn with its shapes, equations and costs."""

from typing import Any

import gradio as gr

from seviz.errors import UserError
from seviz.nets import shipped
from seviz.nets.choice import all_stages, block_of, choose
from seviz.nets.variants import VARIANTS, Variant
from seviz.phrases import brief
from seviz.ui.address import Address, keep
from seviz.ui.laboratory.block.contents import contents
from seviz.ui.laboratory.block.layout import (
    Parts,
    Shown,
    integration_choices,
    lay_out,
    place_choices,
    stage_choices,
)
from seviz.ui.parts.navigation import EXPLORE
from seviz.ui.parts.notify import notify
from seviz.ui.state import Asked, Sought

NO_STAGE = "SE needs a stage, so it is in all of them again; for none, choose “without SE”."
Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab, pages: gr.Tabs) -> None:  # noqa: ARG001  # as all views
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(asked, parts, pages, Handlers(asked, parts, pages))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip().

    fields: the values of the fields, in the order of `Choices.fields`.
    """

    def __init__(self, asked: Asked, parts: Parts, pages: gr.Tabs) -> None:
        self.asked, self.parts, self.pages = asked, parts, pages

    def show(self, shown: Shown, trained: Any, *fields: Any) -> Any:
        """Show the block that was chosen, and fit the fields to the host.

        shown: the variant shown before; trained: the key of a trained network to choose, else None.
        Another host has SE in all of its stages, as stages are each host's own; and a block that
        lost its SE gives way to one that has it.
        """
        host, place, chosen = fields[0], fields[-1], _chosen(fields)
        try:
            if trained is not None:
                return self._told(_trained(trained), None, (None,) * len(fields))
            moved = host != shown.host
            variant = _variant(fields, [] if moved else chosen)
        except UserError as error:
            return notify(error)
        if not moved and not chosen and not variant.plain:
            notify(UserError(NO_STAGE))
        lost = chosen != shown.stages and not block_of(variant, place).gating
        return self._told(variant, None if moved or lost else place, fields)

    def restore(self, said: Address) -> Updates:
        """Show the variant and the block that an address names: the fields, with commas."""
        if not said.variant:
            return {}
        *parts, place = said.variant.split(",")
        words, numbers = parts[:4], [int(n) if n.isdecimal() else -1 for n in parts[4:]]
        if len(words) < 4 or not numbers:
            raise UserError(f"“{brief(said.variant)}” is no variant of the laboratory.")
        r, *chosen = numbers
        variant = _variant((*words, r), chosen)
        return self._told(variant, place, (None,) * len(self.parts.choices.fields))

    def open(self, *fields: Any) -> Any:
        """Open a trained variant in “Explore”."""
        try:
            key = _variant(fields, _chosen(fields)).key
            if key not in shipped.openable_keys():
                raise UserError("There are no weights of this combination to open.")
        except UserError as error:
            return notify(error)
        return {self.asked.wanted: Sought(key), self.pages: gr.Tabs(selected=EXPLORE)}

    def _told(self, variant: Variant, place: Any, fields: tuple[Any, ...]) -> Updates:
        """Show a block, and change the fields that depend on it.

        A field's value that does not change is not sent: by now it may have been chosen anew.
        """
        host, integration, squeeze, excitation, r, _, drawn = fields
        p, c, block = self.parts, self.parts.choices, block_of(variant, place)
        said, alive, chosen = contents(variant, block), not variant.plain, _chosen(fields)
        stages = list(all_stages(variant))
        if not alive:  # what they say waits for SE to come back
            squeeze, excitation, r = variant.squeeze, variant.excitation, variant.r
            stages = [stage for stage in stages if stage in chosen] or stages
        ways, places = integration_choices(variant.host), place_choices(variant)
        return {
            c.host: gr.Radio(**_changed(host, variant.host)),
            c.integration: gr.Radio(ways, **_changed(integration, variant.integration)),
            c.squeeze: gr.Radio(interactive=alive, **_changed(squeeze, variant.squeeze)),
            c.excitation: gr.Radio(interactive=alive, **_changed(excitation, variant.excitation)),
            c.r: gr.Radio(interactive=alive, **_changed(r, variant.r)),
            c.stages: gr.CheckboxGroup(
                stage_choices(variant.host), interactive=alive, **_changed(chosen, stages)
            ),
            c.place: gr.Dropdown(places, **_changed(drawn, block.place)),
            p.headline: said.headline,
            p.drawing: said.drawing,
            p.equations: said.equations,
            p.symbols: said.symbols,
            p.costs: said.costs,
            p.all_costs: said.all_costs,
            p.trained: said.trained,
            p.open: gr.Button(interactive=said.key is not None),
            p.nearest: gr.Radio(
                said.nearest, value=None, label=said.differing, visible=bool(said.nearest)
            ),
            p.shown: Shown(variant.host, stages),
        }


def _trained(key: Any) -> Variant:
    """Return a trained variant; a client's key is not to be trusted."""
    if key not in shipped.openable_keys():
        raise UserError("That network is not here; choose one from the list.")
    return VARIANTS[key]


def _variant(fields: tuple[Any, ...], chosen: list[int]) -> Variant:
    """Read the variant off the fields, with SE in the chosen stages."""
    host, integration, squeeze, excitation, r, *_ = fields
    return choose(
        host=host,
        integration=integration,
        squeeze=squeeze,
        excitation=excitation,
        r=r,
        chosen=chosen,
    )


def _chosen(fields: tuple[Any, ...]) -> list[int]:
    """Read the stages off the fields, in order; a client's values are not to be trusted."""
    *_, chosen, _ = fields
    listed = chosen if isinstance(chosen, list) else []
    return sorted(stage for stage in listed if isinstance(stage, int))


def _changed(old: Any, new: Any) -> dict[str, Any]:
    """Send a value only where it changes."""
    return {} if old == new else {"value": new}


def _connect(q: Asked, p: Parts, pages: gr.Tabs, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    fields = p.choices.fields
    # One handler for all of them, as its calls come one after the other, and never mix.
    outputs = [*fields, *p.contents]
    shown = gr.on(
        [field.input for field in (*fields, p.nearest)],
        handlers.show,
        [p.shown, p.nearest, *fields],
        outputs,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
    )
    keep(shown.then, "variant", *fields)
    q.kept.add("variant", outputs, handlers.restore)
    p.open.click(handlers.open, fields, [q.wanted, pages], api_visibility="private")
