"""The page “Data set”, in a real Chromium: each view's controls, and “Your photographs”."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_collection import picture_file, zip_of
from opened import new_page
from playwright.sync_api import Page, expect

from seviz.measuring.known_necessity import known_necessity
from seviz.words.set_necessity import fold_title
from seviz.zoo.description import read_description


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
    open_view(shared_page, "Your photographs")
    shared_page.locator("#photos-drop input").set_input_files(sorted(folder.iterdir()))
    cards = shared_page.locator(".gallery .photo")
    expect(cards).to_have_count(3, timeout=60_000)
    expect(shared_page.locator("#data-told")).to_contain_text("Tiny-ImageNet-200")
    shared_page.get_by_label("Your photographs (3)").check()
    expect(shared_page.locator("#data-told")).to_contain_text("your 3 photographs")
    return cards


def test_class_curves_follow_their_controls(shared_page: Page):
    page = shared_page
    open_view(page, "Classes")
    curves = page.locator("#classes-curves")
    expect(curves.locator(".legendtext")).to_contain_text(["all images", "goldfish"])
    headline = page.locator("#classes-headline")
    expect(headline).to_contain_text("In SE_4_6")
    choose(page, "#classes-block", "SE_2_1")
    expect(headline).to_contain_text("In SE_2_1")
    expect(curves.locator(".xtitle")).to_contain_text("50 of 64 channels")
    page.get_by_label("50 channels, as in the article").uncheck()
    expect(curves.locator(".xtitle")).to_have_text("channels, by number")  # all of them
    choose(page, "#classes-order", "by the mean over all images")
    expect(curves.locator(".xtitle")).to_contain_text("largest mean gate over all")
    choose(page, "#classes-names", "lion")
    expect(curves.locator(".legendtext")).to_contain_text(["all images", "lion"])


def test_a_block_of_the_depth_chart_opens_its_curves(shared_page: Page):
    open_view(shared_page, "By depth")
    expect(shared_page.locator("#depth-headline")).to_contain_text("SE_4_6")
    shared_page.get_by_role("button", name="SE_5_1").click()
    expect(shared_page.locator("#classes-headline")).to_contain_text("In SE_5_1")
    shared_page.wait_for_url("**tab=data-classes**")


def test_two_classes_of_the_map_are_compared_and_their_gates_open(shared_page: Page):
    page = shared_page
    open_view(page, "Map")
    expect(page.locator("#map-headline")).to_contain_text("512 images by the gates of SE_5_1")
    choose(page, "#map-block", "SE_4_6")
    expect(page.locator("#map-headline")).to_contain_text("SE_4_6")
    shown = page.locator("#map-A [role=option], #map-A input")
    assert shown.count()
    for name, place in (("A", 0), ("B", 1)):
        page.locator(f"#map-{name} input").click()
        page.get_by_role("option").nth(place).click()
    gate = page.locator("#map-table button, #map-told").first
    expect(gate).to_be_visible()


def test_the_budgets_set_is_marked_folded_and_downloaded(shared_page: Page, tmp_path: Path):
    page = shared_page
    open_view(page, "Can it go?")
    expect(page.locator("#spare-headline")).to_contain_text("is right on")
    expect(page.locator("#spare-arms tbody tr")).to_have_count(6)
    budget, fold = page.locator("#spare-budget input[type=number]"), page.locator("#spare-start")
    path = known_necessity("embedded").path
    for points in (0, 5, 0.3):
        budget.fill(str(points))
        sites = [step.site for step in path.within(points)]
        expect(fold).to_have_text(fold_title(len(sites)))
    expect(page.locator("#spare-chosen")).to_contain_text("Within a budget of 0.3 points")
    expect(page.locator("#spare-blocks .legendtext")).to_contain_text(["kept", "in the set"])
    fold.click()
    told = page.locator("#spare-folded")
    expect(told).to_contain_text("To load it in Python", timeout=120_000)
    expect(told).to_contain_text("--beside embedded")
    with page.expect_download() as started:
        page.locator("#spare-file").click()
    assert started.value.suggested_filename.startswith("embedded-folded-")
    started.value.save_as(tmp_path / "folded.safetensors")
    folded = read_description(tmp_path / "folded.safetensors").blocks
    assert sorted(folded) == sorted(sites)


def open_view(page: Page, title: str) -> None:
    page.locator("#pages").get_by_role("tab", name="Data set").click()
    page.locator("#dataset").get_by_role("tab", name=title, exact=True).click()


def choose(page: Page, field: str, option: str) -> None:
    """Choose an option of a list by typing it."""
    box = page.locator(f"{field} input").first
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()


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
    expect(shared_page.locator(".gallery .name").first).to_have_text("2.png")
    field = shared_page.locator("#photos-by input")
    expect(field).to_have_value("distance to a photograph")
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
  const head = "#pages > .tab-wrapper button[role=tab], #copy-link, #start-over a, #guide";
  const boxes = [...document.querySelectorAll(head)].map((each) => each.getBoundingClientRect())
    .filter(({ width }) => width);
  const apart = (one, other) => one === other || one.right <= other.left + 1
    || other.right <= one.left + 1 || one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
  return scrollWidth <= clientWidth && boxes.length >= 9
    && boxes.every((one) => boxes.every((other) => apart(one, other)));
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
