import asyncio
import json
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.context import LocalContext
from gradio.queueing import Event
from gradio.routes import App
from gradio.state_holder import SessionState
from made_profile import made_block, made_profile

from seviz import watch
from seviz.reference import own
from seviz.ui.parts import checked_blocks
from seviz.ui.parts.checked_blocks import HANDLERS, CheckedBlocks, no_server_yet
from seviz.ui.parts.upload import PhotoUpload


def preprocessed(demo: CheckedBlocks, values: list[object]) -> list[object]:
    (function,) = demo.fns.values()

    async def preprocess() -> list[object]:
        LocalContext.blocks.set(demo)
        return await demo.preprocess_data(function, values, None)

    return asyncio.run(preprocess())


@pytest.fixture(params=["public", "private"])
def demo(request: pytest.FixtureRequest) -> CheckedBlocks:
    with CheckedBlocks() as made:
        photo, choice = PhotoUpload(), gr.Dropdown(["a", "b"])
        gr.Button().click(
            print, [photo, choice], None, api_name="look", api_visibility=request.param
        )
    made.has_launched = True  # from then on, Gradio checks where files lie
    return made


def test_values_that_fit_pass(demo: CheckedBlocks):
    assert preprocessed(demo, [None, "a"]) == [None, "a"]


META = {"meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    "values",
    [
        [],
        [None],
        [None, "c"],
        [None, 10**400],
        ["/etc/passwd", "a"],
        [7, "a"],
        [{"path": "/etc/passwd", **META}, "a"],
        [{"path": "x", "url": "file:///etc/passwd", **META}, "a"],
        [{"path": "x\0y", **META}, "a"],
        [{"path": ["x"], **META}, "a"],
    ],
)
def test_forged_values_get_a_sentence_and_no_traceback(demo: CheckedBlocks, values: list[object]):
    (function,) = demo.fns.values()
    public = function.api_visibility == "public"
    says = "not the values that /look takes, 2 of" if public else "sent what does not fit it; relo"
    with pytest.raises(gr.Error, match=says) as raised:
        preprocessed(demo, values)
    assert raised.value.print_exception is False


def test_sentences_of_components_pass(demo: CheckedBlocks):
    with pytest.raises(gr.Error, match="Addresses are not fetched"):
        preprocessed(demo, [{"path": "http://127.0.0.1:9/a.png", **META}, "a"])


def test_an_event_of_the_browser_alone_is_none_of_the_servers():
    with CheckedBlocks() as made:
        gr.Button().click(None, [gr.Textbox()], None, js="(text) => text")
    with pytest.raises(gr.Error, match="There is no such event here"):
        preprocessed(made, ["x"])


def test_an_event_that_is_not_there():
    answer = HANDLERS[KeyError](SimpleNamespace(), KeyError(3))
    assert answer.status_code == 404
    assert json.loads(answer.body) == {"detail": "There is no such event here; reload the page."}


def test_each_step_of_an_event_has_the_same_asker_who_goes_with_its_client():
    seen = []

    def steps():
        for _ in range(2):
            seen.append(watch._asker.get())
            yield None

    with CheckedBlocks() as made:
        gr.Button().click(steps, None, None)
    (function,) = made.fns.values()
    event = Event("session", function, None, None)
    made._queue.event_ids_to_events[event._id] = event

    async def run() -> None:
        first = await made.call_function(function, [], event_id=event._id)
        await made.call_function(function, [], first["iterator"], event_id=event._id)

    asyncio.run(run())
    asker, again = seen
    assert asker is again
    asker.check()
    event.alive = False
    with pytest.raises(watch.Stopped):
        asker.check()
    assert watch._asker.get() is None


def test_no_server_is_made_before_the_launch_and_then_as_ever():
    make = App.create_app
    with no_server_yet(), CheckedBlocks() as demo:
        gr.Button()
    assert demo.app is None
    assert App.create_app is make
    with CheckedBlocks() as demo:
        gr.Button()
    assert isinstance(demo.app, App)


def test_each_step_of_an_event_knows_the_statistics_of_its_own_visitor(monkeypatch):
    """Handlers may be generators, whose steps run in threads and contexts of their own."""
    seen: list[tuple[int, ...]] = []
    profile = made_profile(made_block())

    def steps():
        for _ in range(2):
            seen.append(own.current().profiles)
            yield None

    with CheckedBlocks() as made:
        made.own = gr.State()
        gr.Button().click(steps, None, gr.Textbox(), queue=False)
    (function,) = made.fns.values()
    mine, others = SessionState(made), SessionState(made)
    mine[made.own._id] = SimpleNamespace(statistics=own.OwnStatistics((profile,)))
    statistics_of = lambda value: own.NONE if value is None else value.statistics  # noqa: E731
    monkeypatch.setattr(checked_blocks, "statistics_of", statistics_of)
    others[made.own._id] = SimpleNamespace(statistics=own.NONE)

    async def run() -> None:
        iterators = {}
        for _ in range(2):
            for state in (mine, others, SessionState(made)):
                before = iterators.get(id(state))
                said = await made.call_function(function, [], before, state=state)
                iterators[id(state)] = said["iterator"]

    asyncio.run(run())
    assert {len(each) for each in seen} == {0, 1}
    assert [len(each) for each in seen[:3]] == [1, 0, 0]
    assert own.current() == own.NONE
