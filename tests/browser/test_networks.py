"""Choosing networks on the page: what is known of them, and a download as people see it."""

import hashlib
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hub import Handler, Served, Server
from huggingface_hub import constants
from networks import awake
from opened import answer_photo
from pixels import choose_by_keyboard, comes_to_rest
from playwright.sync_api import Page, expect

from seviz.passes.dispatch import ZOO
from seviz.zoo.catalogue import find
from seviz.zoo.published import Published

KEY = "legacy_seresnet18.in1k"
STEP = 4_000_000  # bytes


def slowly(self: Handler, served: Served, start: int) -> None:
    for first in range(start, len(served.content), STEP):
        self.wfile.write(served.content[first : first + STEP])
        self.wfile.flush()
        time.sleep(0.3)


@pytest.fixture
def release(monkeypatch, tmp_path: Path) -> Iterator[Server]:
    """Serve weights for the smallest legacy network, slowly."""
    file = io.BytesIO()
    torch.save(awake("legacy_seresnet18").state_dict(), file)
    name = f"/seresnet18-{hashlib.sha256(file.getvalue()).hexdigest()[:8]}.pth"
    origin = Published.origin
    monkeypatch.setattr(Handler, "send_body", slowly)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with Server() as server:
        server.files[name] = Served(file.getvalue())
        ours = server.url + name
        monkeypatch.setattr(
            Published, "origin", property(lambda s: ours if s.key == KEY else origin.fget(s))
        )
        yield server
    ZOO._models.pop(find(KEY), None)


@pytest.fixture
def embedded(shared_page: Page, picture: Path) -> Page:
    """Give the shared page with the answers of the first network on a photograph of one's own."""
    if shared_page.locator("#answers .mark").count():  # of an example
        answer_photo(shared_page, picture)
    if not shared_page.locator("#answers .served", has_text="embedded").count():
        choose_by_keyboard(shared_page, "#model", "SE-ResNet-50 slim · embedded")
        expect(shared_page.locator("#answers .served")).to_contain_text("embedded")
    comes_to_rest(shared_page)
    return shared_page


def test_a_network_that_cant_be_had_gets_a_sentence_and_the_embedded_one_stays(
    embedded: Page,
):
    page = embedded
    before = page.locator("#answers .columns").inner_text()
    choose_by_keyboard(page, "#model", "SE-ResNet-50 · a1_in1k")
    expect(page.get_by_text("can't be used: they are not on this machine").first).to_be_visible()
    expect(page.locator("#model input")).to_have_value(re.compile("^SE-ResNet-50 slim · embedded "))
    expect(page.locator("#network")).to_contain_text("4.6 M parameters · 64×64 pixels")
    expect(page.locator("#answers .served")).to_contain_text("SE-ResNet-50 slim · embedded")
    expect(page.locator("#answers .columns")).to_have_text(before, use_inner_text=True)


def test_a_download_shows_its_progress_and_then_the_network_answers(
    embedded: Page, release: Server
):
    page = embedded
    choose_by_keyboard(page, "#model", "SE-ResNet-18 · legacy in1k")
    expect(page.locator("#network")).to_contain_text("11.8 M parameters · 224×224 pixels")
    expect(page.locator("#network")).to_contain_text("to be downloaded")
    expect(page.locator("#answers")).to_contain_text("seresnet18", timeout=20_000)  # the bar's name
    expect(page.locator("#answers")).to_contain_text("%")
    expect(page.locator("#answers .served")).to_contain_text("SE-ResNet-18", timeout=30_000)
    expect(page.locator("#network")).to_contain_text("on this machine")
    expect(page.locator("#answers .arm li").first).to_be_visible()
    assert release.gets == [None]
