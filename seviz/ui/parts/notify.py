"""How the page reports a refusal: by a sentence over the page, which stays as it is."""

from typing import Any

import gradio as gr

from seviz.errors import UserError

REFUSALS = (UserError, gr.Error)  # the second is what a Space says, such as that no GPU is free


def sentence(error: UserError | gr.Error) -> str:
    """Return the sentence of a refusal."""
    return str(error.message if isinstance(error, gr.Error) else error)


def notify(error: UserError | gr.Error) -> Any:
    """Show a sentence over the page and change nothing on it: the last result stays."""
    gr.Warning(sentence(error), title="Sorry")
    return gr.skip()
