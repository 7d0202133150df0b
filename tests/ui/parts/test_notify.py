import gradio as gr

from seviz.errors import UserError
from seviz.ui.parts.notify import notify, sentence, tell


def test_a_refusal_is_its_sentence_whoever_refuses():
    assert sentence(UserError("One sentence.")) == "One sentence."
    assert sentence(gr.Error("No GPU is free.")) == "No GPU is free."


def test_it_is_shown_over_the_page_and_changes_nothing(notices: list[str]):
    assert notify(UserError("One sentence.")) == gr.skip()
    assert notices == ["One sentence."]


def test_html_in_a_sentence_is_text(monkeypatch):
    sent: list[str] = []
    for kind in ("Warning", "Info"):
        monkeypatch.setattr(gr, kind, lambda text, **kwargs: sent.append(text))
    notify(UserError("No <a href='//x'>link</a>."))
    notify(gr.Error("<form action=//x>"))
    tell("Now “<b>”.")
    assert sent == [
        "No &lt;a href=&#39;//x&#39;&gt;link&lt;/a&gt;.",
        "&lt;form action=//x&gt;",
        "Now “&lt;b&gt;”.",
    ]
