"""The page's address: what it says, read from data that anybody may have made."""

import asyncio
from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.errors import UserError
from seviz.ui.address import Address, HidePageKey, KeptFields, returns


def test_an_address_is_read_by_its_known_keys():
    said = Address.read({"page": "laboratory", "gate": "SE_4_6[17]", "arms": "a,b", "x": "y"})
    assert said == Address(page="laboratory", gate="SE_4_6[17]", arms="a,b")
    assert said.block_and_channel == ("SE_4_6", 17)
    assert said.columns == ["a", "b"]
    assert Address(model2="a,b").networks == ["a", "b"]
    assert Address().networks == Address().columns == []


def test_the_tab_that_the_gates_page_once_was_still_leads_to_it():
    said = Address.read({"page": "dataset", "tab": "data-gate", "gate": "SE_4_6[17]"})
    assert said == Address(page="gate", gate="SE_4_6[17]")


def test_so_does_the_view_that_the_page_networks_once_was():
    said = Address.read({"page": "laboratory", "tab": "lab-sides", "model2": "a,b"})
    assert said == Address(page="networks", model2="a,b")


@pytest.mark.parametrize("gate", ["", "SE_4_6", "SE_4_6[]", "SE_4_6[x]", "SE_4_6[-1]", "[²]"])
def test_a_gate_without_a_number_names_no_channel(gate):
    assert Address(gate=gate).block_and_channel[1] is None


def test_what_is_no_text_is_not_read():
    assert Address.read({"page": ["laboratory"], "tab": None, "arms": 3}) == Address()


@pytest.mark.parametrize(
    ("kind", "path", "passed"),
    [
        ("http", "/", b"__theme=dark&tab=lab-learn"),
        ("http", "/seviz/", b"__theme=dark&tab=lab-learn"),
        ("http", "/gradio_api/queue/join", b"__theme=dark&page=laboratory&tab=lab-learn"),
        ("websocket", "/", b"__theme=dark&page=laboratory&tab=lab-learn"),
    ],
)
def test_gradio_is_not_asked_for_a_page_of_its_own(kind, path, passed):
    scopes: list[dict] = []

    async def app(scope, receive, send):
        scopes.append(scope)

    scope = {"type": kind, "path": path}
    scope["query_string"] = b"__theme=dark&page=laboratory&tab=lab-learn"
    asyncio.run(HidePageKey(app)(scope, None, None))
    assert [seen["query_string"] for seen in scopes] == [passed]
    assert scope["query_string"].startswith(b"__theme=dark&page=")


def test_what_is_longer_than_any_name_is_left_out():
    edit = "SE_4*=0.5; " * 100
    said = Address.read({"target": "a" * 201, "arm": "b" * 200, "edit": edit})
    assert said == Address(arm="b" * 200, edit=edit)


@pytest.fixture
def kept(notices) -> tuple[KeptFields, gr.Radio, gr.State]:
    fields = KeptFields()
    with gr.Blocks():
        show, budget = gr.Radio([("excitation", "s"), ("squeeze", "z")], value="s"), gr.State()
        fields.choice("show", show)

        def fill(said: Address) -> dict:
            if said.budget == "x":
                raise UserError("No budget.")
            return {budget: said.budget}

        fields.add("budget", [budget, show], fill)
        fields.connect(returns())
    return fields, show, budget


def arrived(fields: KeptFields, **query: str) -> dict:
    return fields.arrive(SimpleNamespace(query_params=query))


def test_an_address_fills_the_fields_that_it_names(kept, notices):
    fields, show, budget = kept
    assert arrived(fields) == gr.skip()
    assert arrived(fields, show="z") == {show: "z"}
    assert arrived(fields, show="z", budget="3") == {show: "z", budget: "3"}
    assert not notices


def test_who_returns_to_an_address_finds_the_other_fields_as_they_usually_are(kept):
    fields, show, budget = kept
    assert fields.return_to(SimpleNamespace(_data={"budget": "3"})) == {show: "s", budget: "3"}
    assert fields.return_to(SimpleNamespace(_data=None)) == {show: "s", budget: ""}


def test_what_a_field_cant_have_is_said_and_the_rest_is_filled(kept, notices):
    fields, show, budget = kept
    assert arrived(fields, show="<b>", budget="3") == {show: "s", budget: "3"}
    assert notices == ["A link’s show can’t be “<b>”; it is s or z."]
    assert arrived(fields, show="z", budget="x") == {show: "z", budget: ""}
    assert notices[1:] == ["No budget."]


def test_each_component_is_one_output_and_views_hear_that_fields_were_filled(kept):
    fields, show, budget = kept
    assert fields._outputs == [show, budget]
    with gr.Blocks() as demo:
        KeptFields().connect(returns())
    scripts = [fn.js for fn in demo.fns.values() if fn.js]
    assert len(scripts) == 2
    assert all("seviz:restored" in script for script in scripts)
