from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.ui import app
from seviz.ui.laboratory.page import VIEWS, Handlers
from seviz.ui.parts.navigation import LEARN

SE, TANH = "lab_resnet_se", "lab_resnet_tanh"


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


@pytest.fixture(scope="module")
def handlers(demo) -> Handlers:
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, Handlers))


def restored(handlers, **query) -> dict:
    """What both ways to an address open, by the components' ids: a tab's id, or a value."""
    arrived = handlers.arrive(SimpleNamespace(query_params=query))
    returned = handlers.return_to(SimpleNamespace(_data=query))
    if query.get("page") not in [
        "laboratory",
        "dataset",
        "gate",
        "networks",
    ]:  # nobody is led back to where the page begins
        assert arrived == gr.skip()
        arrived = dict(returned)
    shown = []
    for updates in (arrived, returned):
        assert updates.keys() <= set(handlers.outputs)
        shown.append({field.elem_id: getattr(to, "selected", to) for field, to in updates.items()})
    assert shown[0] == shown[1]
    return shown[0]


def test_the_views_are_tabs_in_their_order_and_the_guided_path_is_one_of_them(demo):
    tabs = [block for block in demo.blocks.values() if isinstance(block, gr.Tabs)]
    (views,) = (each for each in tabs if each.elem_id == "laboratory")
    shown = [(tab.id, tab.label) for tab in views.children]
    assert shown == [(name, title) for name, title, _ in VIEWS]
    assert shown == [
        ("lab-block", "The block"),
        ("lab-tables", "The tables"),
        (LEARN, "Learn"),
    ]


def test_an_address_opens_its_page_and_its_view(handlers):
    opened = {"pages": "laboratory", "laboratory": LEARN}
    assert restored(handlers, page="laboratory", tab=LEARN) == opened
    assert restored(handlers, page="laboratory") == {"pages": "laboratory"}
    assert restored(handlers, page="gate", gate="SE_2_1[3]") == {"pages": "gate"}
    assert restored(handlers, page="dataset", tab="data-gate") == {"pages": "gate"}
    assert restored(handlers, tab="surgery", gate="SE_2_1[3]") == {"pages": "explore"}
    assert restored(handlers) == {"pages": "explore"}


def test_an_address_names_what_is_compared(handlers):
    said = restored(handlers, page="networks", model2=f"{TANH},twin")
    assert said == {"pages": "networks", "networks-a": TANH, "networks-b": "twin"}


def test_an_address_of_the_view_side_by_side_opens_the_page_networks(handlers):
    old = {"page": "laboratory", "tab": "lab-sides", "model2": f"{TANH},{SE}"}
    assert old["page"] != "networks"
    arrived = handlers.arrive(SimpleNamespace(query_params=old))
    shown = {field.elem_id: getattr(to, "selected", to) for field, to in arrived.items()}
    assert shown == {"pages": "networks", "networks-a": TANH, "networks-b": SE}


@pytest.mark.parametrize(
    "query",
    [
        {"page": "nowhere", "tab": "nothing"},
        {"page": ["laboratory"], "tab": 7, "model2": None},
        {"model2": TANH},
        {"model2": f"{TANH},nothing"},
        {"model2": f"{TANH},{SE},{SE}"},
    ],
)
def test_what_an_address_cant_name_is_left_out(handlers, query):
    assert restored(handlers, **query) == {"pages": "explore"}


def test_without_fields_of_networks_none_are_restored(handlers):
    bare = Handlers(handlers.pages, handlers.views, [])
    assert restored(bare, model2=f"{TANH},{SE}") == {"pages": "explore"}
    assert restored(bare) == {"pages": "explore"}
