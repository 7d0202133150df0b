"""The page's address in the browser: what is open stands in it, and it opens what it says."""

import re

from opened import new_page
from pixels import choose_by_keyboard, comes_to_rest
from playwright.sync_api import Page, Route, expect

LONG = 60_000  # milliseconds, where cores are taken


def shows(page: Page, name: str, tab: str) -> None:
    """Check which page and tab are open, and that the address says so."""
    for each in (name, tab):
        expect(page.get_by_role("tab", name=each, exact=True)).to_have_attribute(
            "aria-selected", "true", timeout=LONG
        )


def says(page: Page, name: str, tab: str) -> None:
    expect(page).to_have_url(re.compile(rf"(?=.*[?&]page={name}(&|$))(?=.*[?&]tab={tab}(&|$))"))


def test_pages_and_tabs_are_steps_to_go_back_from_and_survive_a_reload(shared_page: Page):
    page = shared_page
    for tab in ("Explore", "Gates"):
        page.get_by_role("tab", name=tab, exact=True).click()
    says(page, "explore", "gates")
    page.get_by_role("tab", name="Surgery").click()
    says(page, "explore", "surgery")
    page.locator("#guide").click()  # a page and its view at once: one step
    says(page, "laboratory", "lab-learn")
    page.go_back()
    shows(page, "Explore", "Surgery")
    comes_to_rest(page)  # a step that is still being answered would undo the next one
    page.go_back()
    shows(page, "Explore", "Gates")
    comes_to_rest(page)
    page.go_forward()
    shows(page, "Explore", "Surgery")
    comes_to_rest(page)
    page.go_forward()
    shows(page, "Laboratory", "Learn")
    says(page, "laboratory", "lab-learn")
    page.reload()
    shows(page, "Laboratory", "Learn")
    says(page, "laboratory", "lab-learn")


def test_a_page_may_be_opened_before_the_server_has_heard_of_its_tab(contexts, app_url):
    context, held = contexts(1280, "light"), []  # the first of Gradio's messages of that tab

    def hold(route: Route) -> None:
        if '"value":"Gates"' in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    context.route("**/run/*", hold)
    with new_page(context, app_url, page="networks") as page:
        page.locator("#networks-open-a").click(timeout=LONG)
        says(page, "explore", "gates")
        held.pop().continue_()
        comes_to_rest(page)
        says(page, "explore", "gates")
    context.unroute("**/run/*")


def test_what_gradio_tells_late_of_a_page_that_was_left_is_not_kept(shared_page: Page):
    shared_page.get_by_role("tab", name="Explore", exact=True).click()
    says(shared_page, "explore", "gates")
    tell = 'window.seviz.opened("laboratory", null) || window.seviz.opened("explore", "surgery")'
    assert shared_page.evaluate(tell) is False
    comes_to_rest(shared_page)
    says(shared_page, "explore", "gates")
    assert shared_page.evaluate('window.seviz.opened("explore", "gates")') is True


def test_a_term_of_the_glossary_is_unfolded_and_leaves_the_page_as_it_is(page_at):
    with page_at(page="laboratory", tab="lab-learn", model="lab_vgg_se") as page:
        expect(page.locator("#learn-told")).to_contain_text("SE-VGG", timeout=LONG)
        page.locator("#learn-step-1 .learn-head a").first.click()
        expect(page.locator("#term-u")).to_be_in_viewport()
        says(page, "laboratory", "lab-learn")
        expect(page.locator("#learn-told")).to_contain_text("SE-VGG")


def test_two_networks_stand_in_the_address_that_of_the_laboratorys_view_too(page_at):
    with page_at(page="laboratory", tab="lab-sides", model2="lab_resnet_max,lab_vgg") as page:
        expect(page.locator("#networks-heading-a")).to_contain_text("maximum", timeout=LONG)
        expect(page.locator("#networks-b input")).to_have_value(re.compile("^VGG · without SE"))
        expect(page).to_have_url(re.compile("page=networks(?!.*tab=)"))
        page.locator("#networks-swap").click()
        expect(page).to_have_url(re.compile("model2=lab_vgg,lab_resnet_max"))


def test_a_class_stands_in_the_address_once_it_is_chosen_and_goes_with_its_network(
    shared_page: Page,
):
    page = shared_page
    page.get_by_role("tab", name="Explore", exact=True).click()
    expect(page.locator("#answers .served")).to_be_visible(timeout=LONG)
    comes_to_rest(page)
    page.locator("#target input").click()
    page.keyboard.press("Tab")  # nothing was chosen
    assert "target=" not in page.url
    choose_by_keyboard(page, "#target", "bee")
    expect(page).to_have_url(re.compile("target=73"))
    choose_by_keyboard(page, "#model", "tanh gates")
    expect(page).to_have_url(re.compile("model=lab_resnet_tanh"), timeout=LONG)
    assert "target=" not in page.url


def test_a_network_that_another_page_opens_is_one_step_to_go_back_from(page_at):
    with page_at(page="networks", model2="embedded,lab_resnet_tanh") as page:
        expect(page.locator("#networks-open-b")).to_be_visible(timeout=LONG)
        page.locator("#networks-open-b").click()
        expect(page).to_have_url(re.compile("page=explore.*model=lab_resnet_tanh"), timeout=LONG)
        page.go_back()
        expect(page.get_by_role("tab", name="Networks", exact=True)).to_have_attribute(
            "aria-selected", "true", timeout=LONG
        )
