"""The page's address: what it says, read from data that anybody may have made."""

import asyncio

import pytest

from seviz.ui.address import Address, HidePageKey


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
