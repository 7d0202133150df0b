"""What the page of a Space opens on, without a browser."""

import os
import threading
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
import torch
from downloaded import downloaded
from explored import lay_out_asked
from starlette.datastructures import QueryParams

from seviz.errors import UserError
from seviz.learn.example import ExampleResult
from seviz.passes import dispatch
from seviz.photos.examples import EXAMPLES
from seviz.records.arms import IDENTITY, INTACT, UNIFORM
from seviz.ui.address import Address
from seviz.ui.explore import opening as module
from seviz.ui.explore.answering import Handlers
from seviz.ui.explore.inspector import layout as inspector_layout
from seviz.ui.explore.inspector import view as inspector
from seviz.ui.explore.opening import NETWORK, OPENING, Opening
from seviz.ui.explore.restoring import Restorer
from seviz.ui.parts.upload import SERVED, read_marked

ARMS = (INTACT, IDENTITY)  # the default ones of a network without statistics


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    file = tmp_path / "model.safetensors"
    file.touch()
    return file


@pytest.fixture(scope="module")
def kept() -> ExampleResult:
    """Ask a small network of 64 px images, in the place of the published one."""
    opening = Opening()
    with pytest.MonkeyPatch.context() as patch:
        downloaded(patch, NETWORK, Path(__file__))
        opening.ask()
    return opening._kept


@pytest.fixture
def opened(monkeypatch, weights: Path, kept: ExampleResult) -> Opening:
    """Let the page open on its answer."""
    downloaded(monkeypatch, NETWORK, weights)
    monkeypatch.setattr(OPENING, "_kept", kept)
    return OPENING


@pytest.fixture
def no_pass(monkeypatch) -> None:
    """Let nothing ask a network."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a network was asked")

    monkeypatch.setattr(dispatch, "_run", refuse)
    monkeypatch.setattr(dispatch.ZOO, "get", refuse)


def test_a_visitor_gets_the_answer_and_its_gate_without_a_pass(opened, no_pass, notices):
    with gr.Blocks():
        q = lay_out_asked()
        with gr.Tabs() as tabs:
            gr.Tab("Gates", id="gates")
        parts = inspector_layout.lay_out("embedded", None)
    said = Restorer(q, tabs).arrive(SimpleNamespace(query_params=QueryParams("tab=gates")))
    assert said[q.model] == NETWORK
    assert q.photo not in said  # the lion is there: as another photograph it would be asked again
    photo, columns = read_marked(SERVED["lion"]), said[q.columns].value
    steps = Handlers(q).answer(
        lambda *_, **__: None, photo, NETWORK, columns, said[q.arm], "", None, None
    )
    told = list(steps)[-1]
    record, block, channel = told[q.record], said[q.block].value, said[q.channel]
    assert record.arms == ARMS
    assert f"SE-ResNet-50 · a1_in1k, {len(record.labels)} classes · kept from 20" in told[q.answers]
    fields = (record, "intact", said[q.arm], told[q.target], block, channel, None, None, None)
    drawn = inspector.Handlers(q, parts).inspect(*fields)
    assert f"Channel {channel} of {block}:" in drawn[parts.facts]
    assert "Shutting it alone" in drawn[parts.facts]
    assert not notices


@pytest.mark.parametrize(
    "said",
    [
        Address(model="lab_vgg_se"),
        Address(photo="cat"),
        Address(photo="own"),
        Address(gate="SE_4_6[17]"),
        Address(target="lion"),
        Address(arms="uniform"),
        Address(arm="uniform"),
        Address(tab="surgery", edit="SE_4_6=0"),
        Address(tab="pair", photo2="cat"),
        Address(tab="explain", method="saliency"),
    ],
)
def test_an_address_that_says_something_of_an_answer_gets_that(opened, said: Address):
    assert opened.instead_of(said) == said


@pytest.mark.parametrize("said", [Address(), Address(page="explore", tab="surgery")])
def test_any_other_address_opens_on_the_answer(opened, kept, said: Address):
    shown = opened.instead_of(said)
    assert (shown.model, shown.photo) == (NETWORK, "")
    assert shown.block_and_channel == (kept.maps.site.name, kept.channel)
    assert (shown.page, shown.tab) == (said.page, said.tab)


def test_an_example_that_the_page_does_not_hold_at_first_is_put_there(opened, monkeypatch):
    monkeypatch.setattr(module, "first_example", lambda network: SERVED["cat"])
    assert opened.instead_of(Address()).photo == "lion"


def test_it_answers_its_own_question_alone(opened, kept, photo):
    lion, cat = (read_marked(SERVED[name]) for name in ("lion", "cat"))
    assert opened.answer(NETWORK, lion, ARMS) is kept
    assert opened.answer("embedded", lion, ARMS) is None
    assert opened.answer(NETWORK, lion, [INTACT, UNIFORM]) is None
    assert opened.answer(NETWORK, cat, ARMS) is None
    assert opened.answer(NETWORK, photo, ARMS) is None  # no file's


def test_it_holds_its_own_gate_alone(opened, kept):
    record, block = kept.trace, kept.maps.site.name
    assert opened.gate(record, block, kept.channel) is kept
    assert opened.gate(record, block, kept.channel + 1) is None
    assert opened.gate(record, "SE_2_1", kept.channel) is None


def test_without_an_answer_the_page_opens_as_everywhere(photo):
    none = Opening()
    assert none.instead_of(Address()) == Address()
    assert none.answer(NETWORK, photo, ARMS) is None


def test_nothing_is_asked_where_the_weights_or_the_photograph_are_not_here(
    monkeypatch, no_pass, weights: Path
):
    built: list[object] = []
    monkeypatch.setattr(module, "prepare", lambda *of, **how: built.append(of))
    Opening().ask()  # the published network's weights are not on this machine
    downloaded(monkeypatch, NETWORK, weights)
    monkeypatch.setattr(module, "first_example", lambda network: None)
    opening = Opening()
    opening.ask()
    assert (opening._kept, built) == (None, [])


def test_it_is_computed_on_the_cpu_in_this_process(monkeypatch, weights: Path, no_pass):
    devices: list[object] = []
    source = downloaded(monkeypatch, NETWORK, weights)
    true = module.prepare

    def prepare(source: object, *, where: torch.device) -> object:
        devices.append((source, where))
        return true(source, where=where)

    monkeypatch.setattr(module, "prepare", prepare)
    opening = Opening()
    opening.ask()
    assert devices == [(source, torch.device("cpu"))]
    assert opening._kept.name == EXAMPLES[0].name


def test_it_starts_on_a_space_alone_in_a_thread_that_yields_the_cores(monkeypatch):
    asked: list[tuple[int, int]] = []

    def ask(opening: Opening) -> None:
        thread = threading.get_native_id()
        asked.append((thread, os.getpriority(os.PRIO_PROCESS, thread)))

    monkeypatch.setattr(Opening, "ask", ask)
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert Opening().start() is None
    monkeypatch.setenv("SPACE_ID", "someone/seviz")
    before = os.getpriority(os.PRIO_PROCESS, 0)
    Opening().start().join()
    ((thread, niceness),) = asked
    assert thread != threading.get_native_id()
    assert niceness == 19
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_weights_that_cant_be_used_are_a_line_in_the_log(monkeypatch, caplog, weights: Path):
    def prepare(*of: object, **how: object) -> None:
        raise UserError("The file is damaged.")

    downloaded(monkeypatch, NETWORK, weights)
    monkeypatch.setattr(module, "prepare", prepare)
    monkeypatch.setenv("SPACE_ID", "someone/seviz")
    opening = Opening()
    opening.start().join()
    assert opening._kept is None
    assert [record.message for record in caplog.records] == ["The file is damaged."]
