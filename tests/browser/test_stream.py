"""Answers as Gradio's stream of them closes: what the browser asks of a server made of arrays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from seviz.ui.parts import theme

SCRIPT = (Path(theme.__file__).parent / "stream.js").read_text("utf-8")
SERVER = """() => {
    const streams = [], joins = [], encoder = new TextEncoder();
    window.refuses = false; // further streams
    window.told = []; // what the client hears
    window.fetch = (asked) => {
        const { pathname } = new URL(asked.url ?? asked);
        if (pathname.endsWith("/join")) return new Promise((done) => joins.push(done));
        if (!pathname.endsWith("/data")) return Promise.resolve(new Response(pathname));
        if (window.refuses) return Promise.resolve(new Response("", { status: 404 }));
        const pipe = new TransformStream();
        streams.push(pipe.writable.getWriter());
        return Promise.resolve(new Response(pipe.readable));
    };
    window.opened = () => streams.length;
    window.soon = () => new Promise((done) => setTimeout(done, 30));
    window.take = (i, id) => { joins[i](Response.json({ event_id: id })); return soon(); };
    window.write = (i, text) => { streams[i].write(encoder.encode(text)); return soon(); };
    window.say = (i, msg, id = null) =>
        write(i, `data: ${JSON.stringify({ msg, event_id: id, output: "ü" })}\\n\\n`);
    window.cut = (i) => { streams[i].close(); return soon(); };
    window.ask = () => fetch("http://app/queue/join", { method: "POST" });
    window.asked = () => joins.length;
    window.listen = async (options) => {
        const { body } = await fetch("http://app/queue/data?session_hash=x", options);
        (async () => {
            const reader = body.pipeThrough(new TextDecoderStream()).getReader();
            for (;;) {
                const { value, done } = await reader.read();
                if (done) return told.push("the end");
                const { msg, event_id: id } = JSON.parse(value.slice("data: ".length));
                told.push(id ? `${msg} ${id}` : msg);
            }
        })();
    };
}"""


@pytest.fixture
def page(contexts) -> Iterator[Page]:
    context: BrowserContext = contexts(1280, "light")
    page = context.new_page()
    page.evaluate(SERVER)
    page.evaluate(SCRIPT)
    yield page
    page.close()


def heard(page: Page, steps: str) -> tuple[list[str], int]:
    """Run steps; returns what the client heard, and how many streams were opened."""
    return tuple(page.evaluate(f"async () => {{ {steps}; return [told, opened()]; }}"))


A_ANSWERED = 'await listen(); ask(); await take(0, "a"); await say(0, "process_completed", "a");'
CLOSED = ["process_completed a", "close_stream", "the end"]
BOTH = ["process_completed a", "process_completed b", "close_stream", "the end"]


def test_the_stream_closes_when_all_is_answered(page):
    assert heard(page, A_ANSWERED + 'await say(0, "close_stream")') == (CLOSED, 1)


def test_a_message_may_come_in_pieces(page):
    said = 'data: {"msg":"process_completed","event_id":"a"}'
    steps = (
        f"await write(0, '{said[:30]}'); await write(0, '{said[30:]}\\n'); await write(0, '\\n')"
    )
    steps = f'await listen(); ask(); await take(0, "a"); {steps}; await say(0, "close_stream")'
    assert heard(page, steps) == (CLOSED, 1)


@pytest.mark.parametrize(
    "closing",
    [
        'ask(); await say(0, "close_stream"); await take(1, "b")',
        'ask(); await take(1, "b"); await say(0, "close_stream")',
    ],
    ids=["taken-after", "taken-before"],
)
def test_a_question_asked_as_the_stream_closes_is_answered_by_a_further_one(page, closing: str):
    told, opened = heard(page, A_ANSWERED + closing)
    assert (told, opened) == (["process_completed a"], 2)
    steps = 'await say(1, "process_completed", "b"); await say(1, "close_stream")'
    assert heard(page, steps) == (BOTH, 2)


def test_a_question_waits_until_the_client_has_heard_of_the_end(page):
    """Else the client, which believes the stream to be open, would wait for its answer in vain."""
    steps = A_ANSWERED.replace("listen()", "listen({ signal: stop.signal })")
    steps = f'window.stop = new AbortController(); {steps} await say(0, "close_stream"); ask();'
    assert heard(page, f"{steps} await soon()") == (CLOSED, 1)
    assert page.evaluate("asked()") == 1
    assert page.evaluate("stop.abort(), soon().then(asked)") == 2
    assert page.evaluate("ask(), soon().then(asked)") == 3


def test_a_client_that_does_not_abort_is_waited_for_a_moment(page):
    heard(page, A_ANSWERED + 'await say(0, "close_stream"); ask(); await soon()')
    assert page.evaluate("asked()") == 1
    page.wait_for_function("asked() === 2", timeout=3000)


def test_an_answer_that_comes_before_the_receipt_opens_no_further_stream(page):
    steps = 'ask(); await say(0, "process_completed", "b"); await say(0, "close_stream")'
    told, _ = heard(page, A_ANSWERED + steps)
    assert told == ["process_completed a", "process_completed b"]  # the receipt is to come
    assert heard(page, 'await take(1, "b")') == (BOTH, 1)


def test_a_stream_that_breaks_off_is_not_told_as_closed(page):
    told, opened = heard(page, A_ANSWERED + "await cut(0)")
    assert (told, opened) == (["process_completed a", "the end"], 1)


def test_where_no_further_stream_is_given_the_client_is_told_of_the_end(page):
    steps = 'ask(); await take(1, "b"); refuses = true; await say(0, "close_stream")'
    assert heard(page, A_ANSWERED + steps) == (CLOSED, 1)


def test_a_question_that_the_server_refuses_holds_nothing_up(page):
    steps = 'ask(); await say(0, "close_stream"); await take(1, undefined)'
    assert heard(page, A_ANSWERED + steps) == (CLOSED, 1)


def test_a_refused_stream_and_other_requests_are_as_they_were(page):
    status = 'refuses = true; return (await fetch("http://app/queue/data")).status'
    assert page.evaluate(f"async () => {{ {status}; }}") == 404
    other = 'async () => (await fetch("http://app/other")).text()'
    assert page.evaluate(other) == "/other"


def test_what_the_server_has_not_taken_yet_is_not_stopped_there(page: Page):
    stop = """async (body) => {
        const options = { method: "POST", body: JSON.stringify(body) };
        return await (await fetch("http://app/gradio_api/cancel", options)).text();
    }"""
    assert page.evaluate(stop, {"event_id": "a"}) == "/gradio_api/cancel"  # the server's answer
    assert page.evaluate(stop, {"session_hash": "x"}) == "{}"
