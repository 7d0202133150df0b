import gradio as gr
import pytest

from seviz.ui.parts.navigation import announce, opening, remember


def tabs(page_view: str) -> gr.Tab:
    """Make a page with a view; returns one of them."""
    with (
        gr.Tabs(),
        gr.Tab("Explore", id="explore") as page,
        gr.Row(),
        gr.Tabs(),
        gr.Tab("Gates", id="gates") as view,
    ):
        gr.Markdown("")
    return {"explore": page, "gates": view}[page_view]


CASES = pytest.mark.parametrize(
    ("tab", "told"),
    [("explore", '"explore", null'), ("gates", '"explore", "gates"')],
)


@CASES
def test_an_open_tab_is_kept_and_told_to_the_address_with_its_page(tab: str, told: str):
    with gr.Blocks() as demo:
        opened = gr.State()
        remember(tabs(tab), opened)
    (listener,) = demo.fns.values()
    assert listener.fn(True) == tab
    assert listener.fn(False) == gr.skip()  # it was left meanwhile
    assert listener.outputs == [opened]
    assert listener.js == f"() => window.seviz.opened({told})"


@CASES
def test_where_no_handler_asks_for_it_the_browser_alone_keeps_it(tab: str, told: str):
    with gr.Blocks() as demo:
        remember(tabs(tab))
    (listener,) = demo.fns.values()
    assert listener.fn is None
    assert listener.js == f"() => window.seviz.opened({told})"


def test_a_view_is_told_when_it_is_opened_and_of_changes_while_it_is_open():
    with gr.Blocks() as demo:
        view = opening("dataset", "data-map", "seviz:images")
        page = opening("explore")
        announce(view.select, "seviz:images")
    assert 'isOpen(...["dataset", "data-map"])' in view.js_on_load
    assert '["seviz:opened", "seviz:images"]' in view.js_on_load
    assert 'isOpen(...["explore", null])' in page.js_on_load
    (listener,) = demo.fns.values()
    assert (listener.fn, listener.outputs) == (None, [])
    assert 'new Event("seviz:images")' in listener.js
