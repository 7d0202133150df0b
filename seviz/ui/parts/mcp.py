"""The API's questions as tools of the Model Context Protocol (MCP), by the extra “mcp”.

Gradio makes a tool of each public endpoint, of which the docstring is the description; the page's
own events are private, and no tools.
"""

import json
import os
from importlib.util import find_spec
from typing import Any

from seviz.errors import UserError

PLACE = "/gradio_api/mcp"  # in the address


def wanted(option: bool) -> bool:
    """Tell whether tools are to be served: by the option, or Gradio's own variable.

    UserError where they are, and the package that they need is missing; it is not imported.
    """
    if not (option or os.environ.get("GRADIO_MCP_SERVER", "").lower() == "true"):
        return False
    if find_spec("mcp") is None:
        raise UserError(
            "MCP needs the package mcp, which is not installed; pip install 'seviz[mcp]' brings "
            "it, best into an environment of its own, as it may need an older pydantic."
        )
    return True


def install() -> None:
    """Let Gradio answer tools in JSON; it takes no server of tools as an argument."""
    import gradio.mcp

    gradio.mcp.GradioMCPServer = _json_server(gradio.mcp.GradioMCPServer)


def _json_server(server: type[Any]) -> type[Any]:
    """Return a server of tools whose answers are JSON; Gradio's own are Python's text."""

    class JsonServer(server):  # type: ignore[misc]
        def postprocess_output_data(self, data: Any, root_url: str) -> list[Any]:
            """Write each answer as JSON."""
            del root_url  # no answer holds a file
            return [
                self.types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False))
                for value in data
            ]

    return JsonServer
