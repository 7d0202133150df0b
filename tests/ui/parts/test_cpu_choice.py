from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.passes.processes import WANTS_CPU, prefer_cpu
from seviz.ui.parts import cpu_choice


@pytest.fixture(autouse=True)
def _nobody(monkeypatch) -> None:
    monkeypatch.setattr(cpu_choice, "_chosen", type(cpu_choice._chosen)())


def chosen(session: str | None) -> bool:
    with cpu_choice.as_chosen(SimpleNamespace(session_hash=session)):
        return WANTS_CPU.get()


def test_a_page_is_answered_as_it_chose_and_others_as_they_did():
    page = SimpleNamespace(session_hash="a")
    cpu_choice.choose(True, page)
    assert [chosen(session) for session in ("a", "b", None)] == [True, False, False]
    assert not WANTS_CPU.get()
    for given in (False, "forged"):
        cpu_choice.choose(given, page)
        assert not chosen("a")


def test_the_oldest_choice_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(cpu_choice, "MOST", 2)
    for session in ("a", "b", "c"):
        cpu_choice.choose(True, SimpleNamespace(session_hash=session))
    assert [chosen(session) for session in ("a", "b", "c")] == [False, True, True]


def test_what_was_wanted_outside_is_wanted_inside():
    with prefer_cpu(True), prefer_cpu(False):
        assert WANTS_CPU.get()
    assert not WANTS_CPU.get()


@pytest.mark.parametrize("zero_gpu", [False, True])
def test_the_choice_is_offered_on_zero_gpu_alone(monkeypatch, zero_gpu: bool):
    monkeypatch.setattr(cpu_choice, "ZERO_GPU", zero_gpu)
    with gr.Blocks() as demo:
        cpu_choice.lay_out()
    assert [c.elem_id for c in demo.blocks.values() if c.elem_id] == ["on-cpu"] * zero_gpu
