"""Long work as people see it: a progress bar, and a button that stops it."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import gradio as gr

from seviz.ui.parts import html
from seviz.ui.parts.background import Works
from seviz.ui.parts.notify import REFUSALS, notify
from seviz.watch import Watch

R = TypeVar("R")

SOON = 0.4  # seconds: what takes no longer needs no button, and no news is told more often
Updates = dict[Any, Any]  # {component: value}


@dataclass(frozen=True)
class Run:
    """The components that start and stop work of one kind and show its progress."""

    start: gr.Button
    stop: gr.Button
    progress: gr.HTML

    @property
    def shown(self) -> list[Any]:
        """List all of them."""
        return [self.start, self.stop, self.progress]


def lay_out_run(name: str, title: str, **start_looks: Any) -> Run:
    """Lay out the button that starts work, that which stops it, and its progress, in a row."""
    with gr.Row(elem_classes="run"):
        start = gr.Button(title, elem_id=f"{name}-start", scale=0, min_width=260, **start_looks)
        stop = gr.Button("Stop", elem_id=f"{name}-stop", visible=False, scale=0, min_width=120)
        progress = gr.HTML(elem_id=f"{name}-progress", min_width=180)
    return Run(start=start, stop=stop, progress=progress)


class Unwanted(Exception):
    """Other work replaced this work: there is nothing to show."""


class Runner:
    """Runs the work of one kind for all pages."""

    def __init__(self, works: Works, kind: str, run: Run) -> None:
        self.works, self.kind, self.run = works, kind, run

    def follow(
        self,
        request: gr.Request,
        task: Callable[[Watch], R],
        said: Updates | Callable[[], Updates],
        *,
        news: Callable[[], object] = lambda: None,
    ) -> Generator[Updates, None, tuple[R, float]]:
        """Start a task; yield what people see of it; return what it returned, and its seconds.

        said: what each step repeats, as a busy browser draws only the last; of a task that shows
        its result while it forms, what returns that. news: returns what has formed so far; another
        object is told at once. Raises what the task raises, or Unwanted.
        """
        session = session_of(request)
        work, told, known = self.works.start(session, self.kind, task), 0.0, news()
        try:
            for share in work.shares():
                if work.unwanted:
                    raise Unwanted
                formed = news()
                if formed is not known or work.seconds > told + SOON:
                    told, known = work.seconds, formed
                    now = said() if callable(said) else said
                    yield now | self._busy(share, told)
            seconds = work.seconds
            if work.unwanted:
                raise Unwanted
            return work.result(), seconds
        finally:
            self.works.forget(session, work)

    def ending_well(self, steps: Iterator[Updates], *, start: bool = True) -> Iterator[Any]:
        """Pass a run's steps on; one that is refused ends with its sentence, unwanted with none.

        start: whether work can be started after one that is refused.
        """
        try:
            yield from steps
        except Unwanted:
            yield gr.skip()
        except REFUSALS as error:
            notify(error)
            yield self.idle(start)

    def stop(self, request: gr.Request) -> None:
        """Stop the page's work, as its button does."""
        self.works.stop(session_of(request), self.kind)

    def idle(self, start: bool = True) -> Updates:
        """Show that no work runs, and whether it can be started."""
        return {
            self.run.start: gr.Button(visible=start),
            self.run.stop: gr.Button(visible=False),
            self.run.progress: "",
        }

    def connect(self) -> None:
        """Connect the button that stops; it waits in no queue."""
        self.run.stop.click(self.stop, None, None, queue=False, api_visibility="private")

    def _busy(self, share: float, seconds: float) -> Updates:
        return {
            self.run.start: gr.Button(visible=False),
            self.run.stop: gr.Button(visible=True),
            self.run.progress: html.progress(share, seconds),
        }


def session_of(request: gr.Request) -> str:
    """Return the key of a page."""
    return request.session_hash or ""
