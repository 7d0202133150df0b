import gradio as gr
import pytest

from seviz.ui.parts.navigation import remember


@pytest.mark.parametrize(
    ("tab", "told"),
    [("explore", '"explore", null'), ("gates", '"explore", "gates"')],
)
def test_an_open_tab_is_kept_and_told_to_the_address_with_its_page(tab: str, told: str):
    with gr.Blocks() as demo:
        opened = gr.State()
        with (
            gr.Tabs(),
            gr.Tab("Explore", id="explore") as page,
            gr.Row(),
            gr.Tabs(),
            gr.Tab("Gates", id="gates") as view,
        ):
            gr.Markdown("")
        remember({"explore": page, "gates": view}[tab], opened)
    (listener,) = demo.fns.values()
    assert listener.fn(True) == tab
    assert listener.fn(False) == gr.skip()  # it was left meanwhile
    assert listener.outputs == [opened]
    assert listener.js == f"() => window.seviz.opened({told})"
