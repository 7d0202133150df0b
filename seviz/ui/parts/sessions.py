"""What the server keeps of each page: the values of its states, and no description of the page.

Gradio also keeps the description of every component for each page, with all that has been shown
there, for links that open a page as it was (`gr.DeepLinkButton`), which seviz does not have. That
took 0.1 s and 0.75 MB for each visitor, and more with each figure.
"""

from copy import copy
from types import SimpleNamespace
from typing import Any

import gradio as gr
import gradio.state_holder
from gradio.blocks import BlocksConfig
from gradio.state_holder import SessionState


class LightSession(SessionState):  # type: ignore[misc]
    """The state of one page, without descriptions (`config_values`)."""

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__(SimpleNamespace(default_config=BlocksConfig(blocks), blocks={}))
        self.blocks_config = copy(blocks.default_config)

    def __setitem__(self, key: int, value: Any) -> None:
        """Keep the value of a state, or a component as it is from now on."""
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None:
        """Keep no description of a component."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Keep no value that a component shows."""


def install() -> None:
    """Let Gradio make light sessions; nothing takes the class as an argument."""
    gradio.state_holder.SessionState = LightSession
