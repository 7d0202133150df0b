import gradio as gr

from seviz.ui.explore.layout import lay_out_question
from seviz.ui.parts import html
from seviz.ui.state import off_choices
from seviz.zoo import catalogue


def laid_out(start: str, notice: str) -> tuple[gr.Blocks, object]:
    with gr.Blocks() as demo:
        asked = lay_out_question(start, notice)
    return demo, asked


def ids(demo: gr.Blocks) -> list[str]:
    return [found for block in demo.blocks.values() if (found := getattr(block, "elem_id", None))]


def test_the_first_network_is_chosen_with_what_off_means_there():
    _, asked = laid_out("lab_vgg_se", "")
    assert asked.model.value == "lab_vgg_se"
    assert [key for _, key in asked.model.choices] == list(catalogue.all_keys())
    assert [name for name, _ in asked.off.choices] == off_choices("lab_vgg_se")
    assert asked.off.value == "each gate at 1 (identity)"
    assert asked.network.value == html.network(catalogue.find("lab_vgg_se").entry())
    assert asked.classes.value == html.classes(catalogue.find("lab_vgg_se").labels)
    assert asked.answers.value == html.WAITING
    assert asked.open.value == "gates"
    assert not asked.download.visible


def test_a_notice_stands_on_top_only_where_there_is_one():
    demo, _ = laid_out("embedded", "")
    assert "notice" not in ids(demo)
    demo, _ = laid_out("embedded", "One sentence.")
    (shown,) = (b for b in demo.blocks.values() if getattr(b, "elem_id", None) == "notice")
    assert shown.value == html.notice("One sentence.")
