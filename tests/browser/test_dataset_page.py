"""The page “Data set” and its view “Your photographs”, in a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_collection import picture_file, zip_of
from opened import new_page
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def shared_page(contexts, app_url: str) -> Iterator[Page]:
    with new_page(contexts(1280, "light"), app_url, page="dataset", tab="data-photos") as page:
        expect(page.locator("#photos-drop input")).to_be_visible()
        yield page


@pytest.fixture(scope="module")
def gallery(shared_page: Page, tmp_path_factory):
    """The cards of four photographs that were dropped, of which one is none."""
    folder = tmp_path_factory.mktemp("dropped")
    for i in range(3):
        (folder / f"{i}.png").write_bytes(picture_file(i))
    (folder / "notes.jpg").write_bytes(b"no picture")
    shared_page.locator("#photos-drop input").set_input_files(sorted(folder.iterdir()))
    cards = shared_page.locator(".gallery .photo")
    expect(cards).to_have_count(3, timeout=60_000)
    return cards


def names(page: Page) -> list[str]:
    return page.locator(".gallery .name").all_inner_texts()


def test_photographs_are_answered_and_what_is_none_is_named(shared_page: Page, gallery):
    expect(shared_page.locator("#photos-skipped")).to_contain_text("notes.jpg: This file is not a")
    assert names(shared_page) == ["0.png", "1.png", "2.png"]
    expect(shared_page.locator("#data-images")).to_contain_text("Your photographs (3)")
    expect(shared_page.locator("#data-told")).to_contain_text("your 3 photographs")
    sources = [image.get_attribute("src") for image in gallery.locator("img").all()]
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)


def test_a_gate_and_a_photograph_sort_them_by_keyboard(shared_page: Page, gallery):
    near = shared_page.get_by_role("button", name="Sort by distance to 2.png")
    near.focus()
    shared_page.keyboard.press("Enter")
    expect(shared_page.locator(".gallery .note").first).to_have_text("distance 0.000")
    assert names(shared_page)[0] == "2.png"
    field = shared_page.locator("#photos-by input")
    field.focus()
    shared_page.keyboard.press("ArrowUp")
    shared_page.keyboard.press("Enter")
    expect(shared_page.locator("#photos-sorted")).to_contain_text("the gate s of")
    notes = shared_page.locator(".gallery .note").all_inner_texts()
    gates = [float(note.removeprefix("s = ")) for note in notes]
    assert gates == sorted(gates, reverse=True)


# The page is no wider than its window, and nothing in its head lies over anything else.
FITS = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const head = "#pages > .tab-wrapper button[role=tab], #start-over a, #guide";
  const boxes = [...document.querySelectorAll(head)].map((each) => each.getBoundingClientRect())
    .filter(({ width }) => width).sort((one, other) => one.left - other.left);
  return scrollWidth <= clientWidth && boxes.length >= 6 && boxes.every(
    ({ right }, i) => i === boxes.length - 1 || right <= boxes[i + 1].left + 1);
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_page(shared_page: Page, gallery, width: int):
    shared_page.set_viewport_size({"width": width, "height": 900})
    shared_page.wait_for_function(FITS)
    shared_page.set_viewport_size({"width": 1280, "height": 900})


def test_a_click_opens_it_in_explore_and_back_leads_to_the_photographs(shared_page: Page, gallery):
    shared_page.get_by_role("button", name="Open 1.png in Explore").click()
    expect(shared_page.locator("#answers .served")).to_contain_text("with your 3 photographs")
    expect(shared_page.locator("#photo img")).to_be_visible()
    shared_page.wait_for_url("**photo=own**")
    shared_page.go_back()
    expect(gallery).to_have_count(3)
    expect(gallery.first).to_be_visible()
    shared_page.wait_for_url("**page=dataset**")


def test_a_zip_replaces_them_and_its_folders_are_classes(
    shared_page: Page, gallery, tmp_path: Path
):
    path = zip_of(
        tmp_path / "pets.zip", {"koala/a.png": picture_file(5), "my dog/b.png": picture_file(6)}
    )
    shared_page.locator("#photos-drop input").set_input_files(path)
    expect(gallery).to_have_count(2, timeout=60_000)
    expect(shared_page.locator("#photos-headline")).to_contain_text("of the 1 in folders it knows")
    shared_page.get_by_role("button", name="Forget my photographs").click()
    expect(gallery).to_have_count(0, timeout=60_000)
    expect(shared_page.locator("#data-images")).not_to_contain_text("Your photographs")
