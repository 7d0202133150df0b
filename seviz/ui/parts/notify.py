"""How the page reports a refusal: by a sentence over the page, which stays as it is."""

from typing import Any

import gradio as gr
from markupsafe import escape

from seviz.errors import UserError

REFUSALS = (UserError, gr.Error)  # the second is what a Space says, such as that no GPU is free


def sentence(error: UserError | gr.Error) -> str:
    """Return the sentence of a refusal."""
    return str(error.message if isinstance(error, gr.Error) else error)


def notify(error: UserError | gr.Error) -> Any:
    """Show a sentence over the page and change nothing on it: the last result stays."""
    gr.Warning(str(escape(sentence(error))), title="Sorry")  # it may quote what a link brought
    return gr.skip()


def tell(text: str) -> None:
    """Show a sentence over the page that reports no fault."""
    gr.Info(str(escape(text)))
