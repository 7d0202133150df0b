"""Requests that are none of the page's and none of the client's get a sentence, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary, ref

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.queueing import Event
from gradio.route_utils import FnIndexInferError
from gradio.routes import App
from gradio.state_holder import SessionState
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from seviz.errors import UserError
from seviz.reference.own import using
from seviz.ui.parts import warm_up
from seviz.ui.parts.cpu_choice import as_chosen
from seviz.ui.parts.own_networks import networks_of
from seviz.ui.parts.own_photos import statistics_of
from seviz.ui.parts.upload import refusal
from seviz.watch import Asker, asked_by
from seviz.zoo.catalogue import with_networks

_ASKERS: WeakKeyDictionary[Event, Asker] = WeakKeyDictionary()
NO_EVENT = "There is no such event here; reload the page."


@contextmanager
def no_server_yet() -> Iterator[None]:
    """Let Gradio make an app's server when it launches the app, and not thrice before.

    To make one takes as long as a tenth of the page's start, and only the last one serves.
    """
    make = App.create_app
    App.create_app = staticmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        App.create_app = staticmethod(make)


class CheckedBlocks(gr.Blocks):  # type: ignore[misc]
    """Blocks that refuse forged values, and whose queue waits for what answers need.

    Gradio itself answers with “error: null”, and writes a traceback with what a visitor sent, such
    as the names of files, to the log.

    own: the state that holds a visitor's own photographs (`seviz.ui.parts.own_photos`);
    networks: that which holds a visitor's own networks (`seviz.ui.parts.own_networks`).
    """

    own: gr.State | None = None
    networks: gr.State | None = None

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
        event_id: str | None = None,
        event_data: gr.EventData | None = None,
        in_event_listener: bool = False,
        state: SessionState | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Call an event's function, or its next step, for an asker who does not wait for ever.

        Events of the queue wait until all is loaded that they need. The page may have chosen the
        CPU, and its visitor may have own networks, and reference statistics of own photographs.
        """
        if (self.fns[block_fn] if isinstance(block_fn, int) else block_fn).queue:
            await warm_up.wait()
        of_event = (event_id, event_data, in_event_listener, state)
        own, networks = _value(self.own, state), _value(self.networks, state)
        with (
            asked_by(self._asker(event_id)),
            as_chosen(requests),
            using(statistics_of(own)),
            with_networks(networks_of(networks)),
        ):
            return await super().call_function(
                block_fn, processed_input, iterator, requests, *of_event, *args, **kwargs
            )

    def _asker(self, event_id: str | None) -> Asker:
        """Return who asks: the same for all steps of one event of the queue."""
        event = self._queue.event_ids_to_events.get(event_id) if event_id else None
        return Asker() if event is None else _ASKERS.setdefault(event, _asker_of(event))


def _value(of: gr.State | None, state: SessionState | None) -> object:
    """Return what a page's state holds of one component; None where it holds nothing."""
    if of is None or state is None or of._id not in state:
        return None
    return state[of._id]


def _asker_of(event: Event) -> Asker:
    """Make the asker of an event, whose client's stream Gradio marks when it has closed."""
    known = ref(event)  # else the asker would keep its own key alive

    def alive() -> bool:
        asking = known()
        return asking is not None and asking.alive

    return Asker(alive)


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
