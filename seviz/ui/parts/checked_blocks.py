"""Requests that are none of the page's and none of the client's get a sentence, too."""

from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.route_utils import FnIndexInferError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from seviz.errors import UserError
from seviz.ui.parts.cpu_choice import as_chosen
from seviz.ui.parts.upload import refusal

NO_EVENT = "There is no such event here; reload the page."


class CheckedBlocks(gr.Blocks):  # type: ignore[misc]
    """Blocks that refuse forged values.

    Gradio itself answers with “error: null”, and writes a traceback with what a visitor sent, such
    as the names of files, to the log.
    """

    async def preprocess_data(self, block_fn: BlockFunction, *args: Any, **kwargs: Any) -> Any:
        """Check an event's values and bring them into the form that its function takes."""
        if block_fn.fn is None:  # an event of the browser alone
            raise refusal(UserError(NO_EVENT))
        try:
            return await super().preprocess_data(block_fn, *args, **kwargs)
        except Exception as error:  # components raise what they like
            if isinstance(error, gr.Error) and not error.print_exception:  # a refusal of ours
                raise
            raise refusal(UserError(_expected(block_fn))) from error

    async def call_function(  # noqa: PLR0917 - Gradio gives these by position
        self,
        block_fn: BlockFunction | int,
        processed_input: list[Any],
        iterator: Any = None,
        requests: Any = None,
        *more: Any,
        **options: Any,
    ) -> Any:
        """Call an event's function; its page may have chosen the CPU."""
        given = (block_fn, processed_input, iterator, requests, *more)
        with as_chosen(requests):
            return await super().call_function(*given, **options)


def _expected(block_fn: BlockFunction) -> str:
    if block_fn.api_visibility != "public":
        return "The page sent what does not fit it; reload the page."
    return (
        f"These are not the values that /{block_fn.api_name} takes, {len(block_fn.inputs)} of the "
        "kinds that “Use via API” lists, files as gradio_client's handle_file(path) sends them."
    )


def no_such_event(request: Request, error: Exception) -> JSONResponse:
    """Answer who asks for an event that the app has not, such as a page of an earlier version."""
    del request, error
    return JSONResponse({"detail": NO_EVENT}, 404)


def nobody(request: Request, error: Exception) -> Response:
    """Answer who left in the middle of an upload; nobody reads it."""
    del request, error
    return Response(status_code=400)


HANDLERS = {
    KeyError: no_such_event,
    FnIndexInferError: no_such_event,
    ClientDisconnect: nobody,
}
