"""The view “Learn”: the article's story in steps, on a real photograph."""

from typing import Any

import gradio as gr
from PIL import Image

from seviz.errors import UserError
from seviz.learn.story import find_or_trace
from seviz.records.trace import Trace
from seviz.ui.address import Address
from seviz.ui.gate.leading import TO_TOP as TO_PAGE
from seviz.ui.gate.leading import lead
from seviz.ui.laboratory.learn import html as learn_html
from seviz.ui.laboratory.learn.layout import Parts, lay_out
from seviz.ui.laboratory.learn.steps import (
    OF_CHANNEL,
    Story,
    at_block,
    at_channel,
    begun,
    draw,
)
from seviz.ui.laboratory.photo import OWN, photograph
from seviz.ui.parts import html
from seviz.ui.parts.fields import named_block, named_channel
from seviz.ui.parts.navigation import (
    ANSWERED,
    BLOCK,
    EXPLORE,
    LABORATORY,
    LEARN,
    NETWORKS,
    RESTORED,
    TABLES,
    opening,
)
from seviz.ui.parts.notify import REFUSALS, notify, sentence
from seviz.ui.state import Asked, Sought
from seviz.words.learn import STEPS, chosen_words
from seviz.words.learn_network import subject_words

GONE = UserError("These numbers were put away after an hour; leave “Learn” and open it again.")
NO_STEP = UserError(f"There are steps 1 to {len(STEPS)}; choose one.")
# The top of the steps comes into sight; after a click on the list, the keyboard stays there.
TO_TOP = """() => {
  const list = document.querySelector('#learn-steps');
  list.scrollIntoView({block: 'start'});
  const current = list.querySelector('[aria-current]');
  if (document.activeElement === document.body) current?.focus();
  const step = Number(current?.dataset.step) + 1;
  window.seviz.keep({ step: step > 1 ? step : "" });
}"""
Updates = dict[Any, Any]  # {component: value}


def build(asked: Asked, tab: gr.Tab, pages: gr.Tabs) -> None:
    """Lay the view out inside the current gr.Tab and connect it."""
    parts = lay_out()
    _connect(asked, parts, tab.parent, handlers=Handlers(asked, parts, pages))


class Handlers:
    """What the view does, as plain functions; each returns {component: value}, or gr.skip()."""

    def __init__(self, asked: Asked, parts: Parts, pages: gr.Tabs) -> None:
        self.asked, self.parts, self.pages = asked, parts, pages

    def open(
        self,
        photo: Image.Image | UserError | None,
        model: str,
        record: Trace | None,
        story: Story | None,
        step: int,
        block: Any,
        channel: Any,
    ) -> Any:
        """Show the steps for the photograph and the network of “Explore”, unless shown already.

        They begin at the gate that is selected there, if the network has answered.
        """
        try:
            given, called = photograph(photo)
            told = story.record if story else None
            found = find_or_trace(model, given, *(known for known in (told, record) if known))
            if story and found is told:  # an address may name a step that is not drawn yet
                return gr.skip() if step in story.drawn else draw(self.parts, step, story)
            same = record is not None and record.model == found.model
            gate = _selected(found, block, channel) if same else None
            begin = begun(found, called, example=called != OWN, gate=gate)
            return self._opened(begin, step, selected=gate is not None)
        except REFUSALS as error:
            notify(error)
            return gr.skip() if story else {self.parts.subject: html.headline(sentence(error))}

    def select(self, event: gr.EventData, story: Story | None) -> Any:
        """Go to a step of the list; a client's data is not to be trusted."""
        try:
            return self._go(int(event._data["step"]), story)
        except (KeyError, TypeError, ValueError, OverflowError):
            return self._go(-1, story)

    def back(self, step: int, story: Story | None) -> Any:
        """Go a step back."""
        return self._go(step - 1, story)

    def forth(self, step: int, story: Story | None) -> Any:
        """Go a step on."""
        return self._go(step + 1, story)

    def choose_block(self, block: str | None, step: int, story: Story | None) -> Any:
        """Move the first steps to another block, and to its most telling channel."""
        if story is None:
            return notify(GONE)
        try:
            story = at_block(story, named_block(story.record, block).name)
            return self._fields(story) | draw(self.parts, step, story)
        except REFUSALS as error:
            return notify(error)

    def choose_channel(self, channel: Any, step: int, story: Story | None) -> Any:
        """Move the first steps to another channel."""
        if channel is None:  # the field was emptied, to be filled again
            return gr.skip()
        if story is None:
            return notify(GONE)
        try:
            channel = named_channel(story.maps.site, channel)
            return draw(self.parts, step, at_channel(story, channel))
        except REFUSALS as error:
            return notify(error)

    def click(self, event: gr.EventData, step: int, story: Story | None) -> Any:
        """Open the channel under a click: on a strip its cell, in the gallery a map."""
        try:
            name, place = event._data["name"], event._data["channel"]
            channel = place if name in ("z", "s") else int(name)
        except (KeyError, TypeError, ValueError):
            return gr.skip()  # a hidden number is no channel
        said = self.choose_channel(channel, step, story)
        return said | {self.parts.channel: channel} if self.parts.story in said else said

    def explore(self, story: Story | None) -> Any:
        """Open “Explore” at this channel."""
        if story is None:
            return notify(GONE)
        gate = Sought(story.record.model, story.maps.site.name, story.channel)
        return {self.pages: gr.Tabs(selected=EXPLORE), self.asked.wanted: gate}

    def all_about(self, story: Story | None) -> Any:
        """Open the page of this channel's gate."""
        if story is None:
            return notify(GONE)
        gate = Sought(story.record.model, story.maps.site.name, story.channel)
        return lead(self.asked, self.pages, gate)

    def _opened(self, story: Story, step: int, *, selected: bool) -> Updates:
        p, said = self.parts, subject_words(story.record, story.photo, story.title)
        return {
            p.subject: learn_html.subject(story.record, said, story.example),
            p.chosen: html.hint(chosen_words(story.maps.site, story.channel, selected=selected)),
            **self._fields(story),
            **draw(p, step, story),
        }

    def _fields(self, story: Story) -> Updates:
        p, names = self.parts, [site.name for site in story.record.sites]
        last = story.maps.site.channels - 1
        return {
            p.block: gr.Dropdown(names, value=story.maps.site.name),
            p.channel: gr.Slider(0, last, value=story.channel),
        }

    def _go(self, step: int, story: Story | None) -> Any:
        """Show a step; its numbers are computed where it is seen for the first time."""
        if story is None:
            return notify(GONE)
        if not 0 <= step < len(STEPS):
            return notify(NO_STEP)
        try:
            return self._around(step) | draw(self.parts, step, story)
        except REFUSALS as error:
            return notify(error)

    def restore(self, said: Address) -> Updates:
        """Open the step that an address names; it is drawn with the story."""
        step = int(said.step) - 1 if said.step.isdecimal() else 0 if not said.step else -1
        if not 0 <= step < len(STEPS):
            raise NO_STEP
        return self._around(step)

    def _around(self, step: int) -> Updates:
        """Show a step in place of the others, and what leads to those beside it."""
        p, last = self.parts, len(STEPS) - 1
        onward = f"Next: {STEPS[step + 1]} →" if step < last else ""
        return {
            p.step: step,
            p.steps: learn_html.steps(step),
            p.fields: gr.Column(visible=step in OF_CHANNEL),
            **{s.column: gr.Column(visible=i == step) for i, s in enumerate(p.screens)},
            p.back: gr.Button(interactive=step > 0),
            p.forth: gr.Button(onward, visible=step < last),
            p.onward: gr.Column(visible=step == last),
        }


def _selected(record: Trace, block: Any, channel: Any) -> tuple[str, int] | None:
    """Name the gate of “Explore”'s fields; None where the network has no such."""
    try:
        site = named_block(record, block)
        return site.name, named_channel(site, channel)
    except UserError:
        return None


def _connect(q: Asked, p: Parts, views: gr.Tabs, *, handlers: Handlers) -> None:
    """Connect events to handlers; none of them is part of the public API."""
    private: dict[str, Any] = {"api_visibility": "private"}
    # A step that is chosen while another photograph is being opened is one of its story.
    in_turn = {**private, "concurrency_limit": 1, "concurrency_id": LEARN}
    quiet = {**in_turn, "show_progress": "hidden"}
    drawn, fields = p.step_outputs, [p.block, p.channel]
    known = [q.photo, q.model, q.record, p.story, p.step, q.block, q.channel]
    opens = {**in_turn, "show_progress_on": [p.subject], "trigger_mode": "always_last"}
    told = [p.subject, p.chosen, *fields, *drawn]
    # The trace's arrival waits while the steps are being opened: the later one counts.
    opening(LABORATORY, LEARN, ANSWERED, RESTORED).select(handlers.open, known, told, **opens)
    around = [p.step, p.steps, p.fields, p.back, p.forth, p.onward]
    columns = [step.column for step in p.screens]
    q.kept.add("step", [*around, *columns], handlers.restore)
    moved = [*around, *columns, *drawn]
    here = [p.step, p.story]
    for event, handler, inputs in (
        (p.steps.select, handlers.select, [p.story]),
        (p.back.click, handlers.back, here),
        (p.forth.click, handlers.forth, here),
    ):
        event(handler, inputs, moved, **quiet).then(None, js=TO_TOP, **private)
    p.block.input(handlers.choose_block, [p.block, *here], [*fields, *drawn], **quiet)
    last: dict[str, Any] = {**quiet, "trigger_mode": "always_last"}
    p.channel.input(handlers.choose_channel, [p.channel, *here], drawn, **last)
    gr.on(
        [view.select for view in (p.strips, p.gallery)],
        handlers.click,
        here,
        [p.channel, *drawn],
        **quiet,
    )
    p.explore.click(handlers.explore, [p.story], [handlers.pages, q.wanted], **quiet)
    p.gate.click(handlers.all_about, [p.story], [handlers.pages, q.wanted], **quiet).then(
        None, js=TO_PAGE, **private
    )
    _goes(p.photograph, handlers.pages, EXPLORE)
    _goes(p.networks, handlers.pages, NETWORKS)
    for button, name in ((p.draw, BLOCK), (p.tables, TABLES)):
        _goes(button, views, name)


def _goes(button: gr.Button, tabs: gr.Tabs, name: str) -> None:
    """Let a button open one of some tabs."""
    button.click(lambda: gr.Tabs(selected=name), None, tabs, queue=False, api_visibility="private")
