"""The page's address: which part of the page's state stands in it, under which keys.

The browser writes the address (`address.js`) as people choose; `Address.read` reads it when the
page is opened, or when people go back and forward.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import gradio as gr
from gradio.context import Context
from starlette.types import ASGIApp, Receive, Scope, Send

from seviz import limits
from seviz.errors import UserError
from seviz.phrases import brief, join_list
from seviz.ui.parts.navigation import GATE, NETWORKS, RESTORED, announce
from seviz.ui.parts.notify import notify
from seviz.ui.parts.upload import SERVED

OWN = "own"  # the key `photo` of a photograph of one's own, which is not kept
DIGITS = 6  # of a channel, at most
# Tabs of other pages that have become pages: “Gate” was one of “Data set”, “Networks” one of
# “Laboratory”.
OLD_TABS = {"data-gate": GATE, "lab-sides": NETWORKS}


@dataclass(frozen=True)
class Address:
    """What an address says; "" where it says nothing.

    model: a network's key; model2: those of “Networks”, with a comma; photo, photo2: an
    example's name, or `OWN`; page, tab: their ids; gate: such as SE_4_6[17]; target: a class, or
    “A vs B”; arms: the columns' names, with commas; arm: the column that is compared; method: of an
    explanation; layer: where it looks; other: “edited” where the maps are compared with those of
    the edits; explained: “gate” where that is no class; edit: edits of gates, as text; change,
    strength, seed, region: what is done to the photograph in “Compare”; distance: of its gates;
    show, side, order: what the atlas shows, and in which order; block, classes: of the class
    curves; map_block: of the map; budget: of “Can it go?”; study: of “The tables”; variant: the
    fields of “The block”, with commas; step: of “Learn”, from 1.
    """

    model: str = ""
    photo: str = ""
    page: str = ""
    tab: str = ""
    gate: str = ""
    target: str = ""
    arms: str = ""
    arm: str = ""
    method: str = ""
    explained: str = ""
    edit: str = ""
    photo2: str = ""
    model2: str = ""
    change: str = ""
    strength: str = ""
    seed: str = ""
    region: str = ""
    distance: str = ""
    layer: str = ""
    other: str = ""
    show: str = ""
    side: str = ""
    order: str = ""
    block: str = ""
    classes: str = ""
    map_block: str = ""
    budget: str = ""
    study: str = ""
    variant: str = ""
    step: str = ""

    @classmethod
    def read(cls, query: Any) -> "Address":
        """Read the known keys of an address's query; a client's data is not to be trusted.

        What is longer than any name is left out, but for edits, whose reader refuses it.
        """
        if not isinstance(query, Mapping):
            return cls()
        known = {key: query[key] for key in KEYS if isinstance(query.get(key), str)}
        if page := OLD_TABS.get(known.get("tab", "")):
            known |= {"page": page, "tab": ""}
        most = limits.TEXT.value
        return cls(**{key: of for key, of in known.items() if key == "edit" or len(of) <= most})

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns."""
        return [name for name in self.arms.split(",") if name]

    @property
    def networks(self) -> list[str]:
        """Return the keys of the two networks of the page “Networks”."""
        return [key for key in self.model2.split(",") if key]

    @property
    def block_and_channel(self) -> tuple[str, int | None]:
        """Return the gate's block and its channel, None where it names none."""
        block, _, rest = self.gate.partition("[")
        number = rest.removesuffix("]")
        known = number.isascii() and number.isdigit() and len(number) <= DIGITS
        return block, int(number) if known else None


KEYS = tuple(field.name for field in fields(Address))
JS = (Path(__file__).parent / "address.js").read_text("utf-8")
HEAD = f"<script>window.SEVIZ_KEYS = {json.dumps(KEYS)};\n{JS}</script>"
FOLLOW = "() => window.seviz.follow()"  # from now on, the address follows the open page and tab
Fill = Callable[["Address"], dict[Any, Any]]  # returns {component: value}
# Where the address names nothing, nothing was filled, and nothing is to be drawn anew.
TELL_JS = f"""() => {{
  const query = new URLSearchParams(location.search);
  if (KEYS.some((key) => query.has(key))) window.dispatchEvent(new Event("{RESTORED}"));
}}"""
RETURNED = """
window.addEventListener("seviz:return", () =>
  trigger("select", Object.fromEntries(new URLSearchParams(location.search))));
"""


class KeptFields:
    """Fields of the views that the address keeps; one handler fills all of them by it."""

    def __init__(self) -> None:
        self._fills: list[tuple[str, Fill]] = []
        self._outputs: list[Any] = []

    def add(self, key: str, outputs: Iterable[Any], fill: Fill) -> None:
        """Let `fill` change some of the outputs by an address; if it arrives, only with the key.

        fill: UserError where the key can't have this text; it is said, and the key is left out.
        """
        self._fills.append((key, fill))
        self._outputs += [each for each in outputs if each not in self._outputs]

    def choice(self, key: str, field: gr.Radio | gr.Dropdown) -> None:
        """Keep which of its values a field has; its first value is the usual one."""
        usual, values = field.value, [value for _, value in field.choices]

        def fill(said: Address) -> dict[Any, Any]:
            text = getattr(said, key) or usual
            if text not in values:
                named = join_list(values, " or ")
                raise UserError(f"A link’s {key} can’t be “{brief(text)}”; it is {named}.")
            return {field: text}

        keep(field.input, key, field, usual=usual)
        self.add(key, [field], fill)

    def connect(self, returned: gr.HTML) -> None:
        """Fill the fields when the page is opened, or people go back or forward."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        arrived = Context.root_block.load(self.arrive, None, self._outputs, **quiet)
        came_back = returned.select(self.return_to, None, self._outputs, **quiet)
        keys = json.dumps([key for key, _ in self._fills])
        arrived.then(None, js=TELL_JS.replace("KEYS", keys), api_visibility="private")
        announce(came_back.then, RESTORED)

    def arrive(self, request: gr.Request) -> Any:
        """Fill the fields that the address names with which the page is opened."""
        return self._filled(Address.read(request.query_params), arriving=True) or gr.skip()

    def return_to(self, event: gr.EventData) -> Any:
        """Fill the fields as the address says; what it does not name is as it usually is."""
        return self._filled(Address.read(event._data), arriving=False) or gr.skip()

    def _filled(self, said: Address, *, arriving: bool) -> dict[Any, Any]:
        updates: dict[Any, Any] = {}
        for key, fill in self._fills:
            if arriving and not getattr(said, key):
                continue
            try:
                updates |= fill(said)
            except UserError as error:
                notify(error)
                updates |= fill(replace(said, **{key: ""}))
        return updates


class HidePageKey:
    """Hide the key `page` from Gradio, which would look for a page of its own of that name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what the page asks later still carries the whole address."""
        if scope["type"] == "http" and scope["path"].endswith("/"):
            asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            query = urlencode([(key, value) for key, value in asked if key != "page"])
            scope = {**scope, "query_string": query.encode("latin-1")}
        await self.app(scope, receive, send)


def keep(event: Any, key: str, *sources: Any, usual: Any = "") -> None:
    """Keep components' values, with commas, in the address under a key, after an event.

    The browser does it alone; without a source, or for the usual value, the key is removed.
    """
    js = f"""(...values) => window.seviz.keep({{
      {key}: values.length === 1 && values[0] === {json.dumps(usual)} ? '' : values }})"""
    event(None, list(sources), None, js=js, api_visibility="private")


def keep_target(field: gr.Dropdown, minus: gr.Dropdown, key: str, *, nothing: int) -> None:
    """Keep the class that people choose in a field in the address, under a key.

    minus: the field of a second class: “A vs B”, unless it holds `nothing`. A field that people
    only pass through tells of `input` too: of the value that it had.
    """
    private: dict[str, Any] = {"api_visibility": "private"}
    text = f"(a, b) => (b ?? {nothing}) === {nothing} ? a : `${{a}} vs ${{b}}`"
    passed = f"(a, b) => {{ window.seviz.passed = ({text})(a, b); }}"
    js = f"""(a, b) => {{ const value = ({text})(a, b);
      if (value !== window.seviz.passed && a !== b) window.seviz.keep({{ {key}: value }}); }}"""
    for each in (field, minus):
        each.focus(None, [field, minus], None, js=passed, **private)
        each.input(None, [field, minus], None, js=js, **private)


def keep_photo(changed: gr.HTML, photo: gr.Image, key: str) -> None:
    """Keep a field's photograph in the address, under a key: an example's name, or `OWN`."""
    names = json.dumps({str(path): name for name, path in SERVED.items()})
    js = f"""(photo) => {{
      const name = photo ? {names}[photo.path] ?? {json.dumps(OWN)} : "";
      window.seviz.keep({{ {key}: name }});
      if (name === {json.dumps(OWN)}) window.seviz.rememberOwn("{key}", photo);
    }}"""
    changed.select(None, photo, None, js=js, api_visibility="private")


def return_photo(returned: gr.HTML, photo: gr.Image, key: str) -> str:
    """Put one's own photograph back into a field where people go back or forward to it.

    Returns the script by which another listener of `returned` sees it in the field already.
    """
    own = f'window.seviz.ownPhoto("{key}")'
    # Without one the field is left alone: setting it anew would ask about it once more.
    returned.select(None, None, photo, js=f"() => {own} ?? undefined", api_visibility="private")
    return f"(photo) => {own} ?? photo"


def returns() -> gr.HTML:
    """Make the component whose `select` event says that people went back or on: {key: text}."""
    return gr.HTML(js_on_load=RETURNED, visible="hidden")
