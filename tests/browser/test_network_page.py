"""A network of one's own, uploaded on the page of a private instance."""

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from networks import awake
from opened import new_page
from pixels import comes_to_rest, turn_colours
from playwright.sync_api import Page, expect
from safetensors.torch import save_file
from weight_shards import write_shards

from seviz.ui import app
from seviz.ui.explore.network import view
from seviz.ui.parts import own_networks

AXE = """() => axe.run("#own-network", { resultTypes: ["violations"] }).then((found) =>
    found.violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`))"""
NAMES = ("cat", "dog", "<b>fox</b>")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve an app that takes networks."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own_networks.allow(True)
    try:
        demo = app.launch(app.build(), prevent_thread_lock=True, quiet=True, server_port=port)
        yield demo.local_url.rstrip("/")
        demo.close()
    finally:
        own_networks._allowed.clear()


@pytest.fixture
def page(contexts, address: str) -> Iterator[Page]:
    with new_page(contexts(1280, "light"), address) as page:
        yield page


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    """Weights in bfloat16 under a prefix, and the names of their classes."""
    folder = tmp_path_factory.mktemp("own")
    weights, names = folder / "my net.safetensors", folder / "names.txt"
    network = awake("seresnet18", num_classes=len(NAMES)).bfloat16().state_dict()
    save_file({f"module.{name}": value for name, value in network.items()}, weights)
    names.write_text("\n".join(NAMES))
    return [weights, names]


def test_a_network_is_sent_opened_and_asked_and_gone_in_another_page(
    page: Page, contexts, address: str, files: list[Path]
):
    page.get_by_role("button", name="A network of your own").click()
    field = page.locator("#own-network-drop input")
    field.set_input_files([*files, *files])
    status = page.locator("#own-network-drop [role=status]")
    expect(status).to_have_text(re.compile("^Choose one .safetensors file, or shards with"))
    field.set_input_files(files)
    expect(page.locator("#own-network-sent")).to_contain_text("my-net.safetensors is here")
    expect(page.get_by_label("Class names")).to_have_value("\n".join(NAMES))
    architecture = page.get_by_label("Architecture (of timm")
    told = page.locator("#own-network-told")
    architecture.fill("seresnet81")
    page.get_by_role("button", name="Open this network").click()
    expect(told).to_contain_text("did you mean seresnet18 or")
    architecture.fill("seresnet18")
    page.get_by_role("button", name="Open this network").click()
    expect(page.locator("#model input")).to_have_value(re.compile("^my-net.safetensors · seres"))
    expect(page.locator("#answers")).to_contain_text("<b>fox</b>")
    expect(told).to_contain_text("is stored as bfloat16, and computed in float32")
    page.get_by_role("button", name="Head and preprocessing").click()
    page.evaluate(AXE_SCRIPT)
    page.add_style_tag(content="* { transition: none !important }")  # no colour is under way
    assert page.evaluate(AXE) == []
    turn_colours(page)
    assert page.evaluate(AXE) == []
    expect(page).to_have_url(re.compile("model=upload-[0-9a-f]{16}"))
    key = re.search("upload-[0-9a-f]{16}", page.url)[0]
    page.get_by_role("tab", name="Networks", exact=True).click()
    expect(page.locator("#networks-answers .headline")).to_be_visible(timeout=60_000)
    comes_to_rest(page)  # the list has the network then
    field = page.locator("#networks-b input")
    field.click()
    field.fill("my-net")
    field.press("Enter")
    expect(field).to_have_value(re.compile("^my-net.safetensors"))
    expect(page.locator("#networks-answers")).to_contain_text("<b>fox</b>", timeout=60_000)
    with new_page(contexts(1280, "light"), address, model=key) as other:
        expect(other.locator(".toast-body").first).to_contain_text("uploaded to a page that is")
        expect(other.locator("#model input")).to_have_value(re.compile("^SE-ResNet-50 slim"))


def test_shards_are_sent_with_their_index_and_listed_where_networks_is_open_already(
    page: Page, tmp_path: Path, monkeypatch
):
    index = write_shards(tmp_path, awake("seresnet18", num_classes=3).state_dict())
    page.get_by_role("button", name="A network of your own").click()
    field = page.locator("#own-network-drop input")
    shards = sorted(tmp_path.glob("*.safetensors"))
    field.set_input_files([index, shards[0]])
    refused = page.locator(".toast-body").first
    expect(refused).to_contain_text("lists 2 shards, of which one was not sent: model-00002-of")
    field.set_input_files([*shards, index])
    expect(page.locator("#own-network-sent")).to_contain_text(f"{index.name} is here (45.")
    page.get_by_label("Architecture (of timm").fill("seresnet18")
    looks_at_networks, opened = threading.Event(), view._opened

    def open_late(*given: Any) -> Any:
        assert looks_at_networks.wait(60)
        return opened(*given)

    monkeypatch.setattr(view, "_opened", open_late)
    page.get_by_role("button", name="Open this network").click()
    page.get_by_role("tab", name="Networks", exact=True).click()
    expect(page.locator("#networks-answers .headline")).to_be_visible(timeout=60_000)
    looks_at_networks.set()
    field = page.locator("#networks-b input")
    expect(page.locator("#model input")).to_have_value(re.compile("^model.safe"), timeout=60_000)
    comes_to_rest(page)
    field.click()
    field.fill("index.json")
    field.press("Enter")
    expect(field).to_have_value(re.compile("^model.safetensors.index.json"))
