from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.ui import app
from seviz.ui.dataset.page import VIEWS
from seviz.ui.laboratory.page import Handlers
from seviz.ui.parts.navigation import DATA, PHOTOS


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


def test_it_stands_beside_explore_and_its_views_are_tabs(demo):
    tabs = {each.elem_id: each for each in demo.blocks.values() if isinstance(each, gr.Tabs)}
    pages = [page.id for page in tabs["pages"].children]
    assert pages == ["explore", DATA, "gate", "networks", "laboratory", "questions", "about"]
    assert [(t.id, t.label) for t in tabs["dataset"].children] == [(n, t) for n, t, _ in VIEWS]


def test_an_address_opens_it_and_its_view(demo):
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    handlers = next(owner for owner in owners if isinstance(owner, Handlers))
    said = handlers.arrive(SimpleNamespace(query_params={"page": DATA, "tab": PHOTOS}))
    by_id = {field.elem_id: to.selected for field, to in said.items() if isinstance(to, gr.Tabs)}
    assert by_id == {"pages": DATA, "dataset": PHOTOS}
    assert set(said) <= set(handlers.outputs)
    said = handlers.return_to(SimpleNamespace(_data={"page": DATA, "tab": "lab-learn-not"}))
    assert [to.selected for to in said.values()] == [DATA]
