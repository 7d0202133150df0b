"""The page while what answers need is still being loaded."""

import threading

from playwright.sync_api import Page, expect

from seviz.ui.parts import warm_up


def test_a_line_tells_of_the_loading_and_goes_and_an_early_choice_is_answered(page_at, monkeypatch):
    event = threading.Event()
    monkeypatch.setattr(warm_up, "load", lambda: event.wait(120))
    monkeypatch.setattr(warm_up, "spare_libraries", lambda: None)
    thread = warm_up.start()
    try:
        with page_at() as page:
            asked_early(page, event)
    finally:
        event.set()
        thread.join()


def asked_early(page: Page, event: threading.Event) -> None:
    line = page.locator("#starting p")
    expect(line).to_be_visible()
    expect(line).to_contain_text("still being loaded")
    answer = page.locator("#answers .headline")  # not what stands over it: its place in the queue
    before = answer.inner_text()
    page.locator("#examples button").nth(1).click()
    page.wait_for_timeout(500)
    assert answer.inner_text() == before
    event.set()
    expect(line).to_be_hidden()
    expect(answer).not_to_have_text(before, timeout=60_000)
