"""How the page is restored from its address, without a browser."""

from types import SimpleNamespace

import gradio as gr
import pytest
from explored import lay_out_asked
from starlette.datastructures import QueryParams

from seviz.photos.examples import EXAMPLES
from seviz.ui import app
from seviz.ui.explore.restoring import NOT_KEPT, Restorer
from seviz.ui.parts.photo_field import example_named
from seviz.ui.parts.upload import SERVED, read_marked
from seviz.ui.state import Asked

TABS = ("gates", "explain", "pair")


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    with gr.Blocks():
        asked = lay_out_asked()
        with gr.Tabs() as tabs:
            for name in TABS:
                gr.Tab(name, id=name)
        return Restorer(asked, tabs)


@pytest.fixture(scope="module")
def q(restorer) -> Asked:
    return restorer.asked


def arrived(restorer, address: str) -> dict:
    """What an address changes, but for the class that it names."""
    said = restorer.arrive(SimpleNamespace(query_params=QueryParams(address)))
    said.pop(restorer.asked.sought_class)
    return said


def test_an_empty_address_leaves_the_page_as_it_is(restorer):
    assert arrived(restorer, "") == arrived(restorer, "evil=1") == {}


def test_a_class_that_an_address_names_is_followed_once_there_is_an_answer(restorer, q):
    said = restorer.arrive(SimpleNamespace(query_params=QueryParams("target=red panda")))
    assert said == {q.sought_class: "red panda"}


def test_an_address_fills_the_page(restorer, q, notices):
    said = arrived(
        restorer,
        "model=lab_resnet_tanh&photo=lion&tab=explain&gate=SE_4_2[3]&arms=uniform,twin&arm=twin",
    )
    assert said[q.model] == "lab_resnet_tanh"
    assert said[q.photo] == str(example_named(EXAMPLES[0].name))
    assert (said[q.open], said[restorer.tabs].selected) == ("explain", "explain")
    assert (said[q.block].value, said[q.channel]) == ("SE_4_2", 3)
    assert said[q.columns].value == ["uniform", "twin"]
    assert said[q.arm] == said[q.arm_field].value == "twin"
    assert not notices


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_values_of_an_address_are_among_the_choices_that_they_come_with(restorer, q):
    """Gradio refuses any other value, with an error, when the next event reads the field."""
    said = arrived(restorer, "model=lab_vgg_se&gate=SE_9_9[3]&arms=static,uniform&arm=static")
    for field in (q.columns, q.arm_field, q.block):
        update = said[field]
        values = update.value if isinstance(update.value, list) else [update.value]
        names = [choice if isinstance(choice, str) else choice[1] for choice in update.choices]
        assert set(values) <= set(names)
    assert said[q.columns].value == ["uniform"]  # there are no statistics for static gates
    assert said[q.arm] == said[q.arm_field].value == "uniform"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("model=no-such-network", "There is no network “no-such-network”"),
        ("model=twin", "has no gates to open"),
        ("photo=own", NOT_KEPT),
    ],
)
def test_what_an_address_cant_have_gets_one_sentence(restorer, notices, address: str, says: str):
    said = arrived(restorer, address)
    assert says in notices[0]
    assert len(notices) == 1
    assert restorer.asked.photo not in said


def test_a_block_that_the_first_network_has_not_gets_one_sentence(
    restorer, q, notices, monkeypatch
):
    monkeypatch.setattr(q.block, "choices", [("SE_4_5", "SE_4_5"), ("SE_4_6", "SE_4_6")])
    assert arrived(restorer, "gate=SE_4_66[5]") == {}
    assert notices == ["There is no block “SE_4_66” here; did you mean SE_4_6?"]
    notices.clear()
    assert arrived(restorer, "page=gate&gate=SE_4_66[5]") == {}  # that page says so itself
    assert notices == []
    assert arrived(restorer, "gate=SE_4_6[5]")[q.channel] == 5
    assert q.block in arrived(restorer, "gate=SE_4_66[5]&model=lab_vgg_se")


@pytest.mark.parametrize(
    "address",
    [
        "photo=../../etc/passwd",
        "photo=no-such-example",
        "tab=no-such-tab",
        "gate=SE_4_6",
        "gate=[3]",
        "gate=SE_4_6[x]",
        "target=lion&method=evil&edit=all*=0",
    ],
)
def test_a_forged_address_changes_nothing(restorer, notices, address: str):
    assert arrived(restorer, address) == {}
    assert not notices


@pytest.mark.parametrize("arms", ["no,such", ",", "static" * 1000])
def test_forged_columns_of_an_address_are_the_default_ones(restorer, q, arms: str):
    said = arrived(restorer, f"arms={arms}&arm=evil")
    assert said[q.columns].value == ["static", "twin"]
    assert said[q.arm] == said[q.arm_field].value == "static"


def test_going_back_to_an_address_without_a_network_or_tab_returns_to_the_first(restorer, q):
    said = restorer.return_to(SimpleNamespace(_data={"photo": "lion"}), None)
    assert said[q.model] == "embedded"
    assert said[restorer.tabs].selected == said[q.open] == "gates"
    assert said[q.columns].value == ["static", "twin"]
    said = restorer.return_to(SimpleNamespace(_data={"model": "lab_vgg_se", "tab": "pair"}), None)
    assert (said[q.model], said[q.open]) == ("lab_vgg_se", "pair")


def test_ones_own_photograph_stays_where_the_address_is_of_such_and_goes_where_it_is_not(
    restorer, q, notices, photo
):
    own, other = SimpleNamespace(_data={"photo": "own"}), SimpleNamespace(_data={"tab": "gates"})
    assert q.photo not in restorer.return_to(own, photo) and not notices
    assert restorer.return_to(other, photo)[q.photo] == str(example_named(EXAMPLES[0].name))
    example = read_marked(SERVED[EXAMPLES[0].name])
    assert q.photo not in restorer.return_to(own, example)
    assert notices == [NOT_KEPT]


@pytest.mark.parametrize("data", [None, [], "model", 7, {"model": 7, "tab": None, "arms": ["x"]}])
def test_a_forged_return_is_to_the_first_page(restorer, q, notices, data: object):
    said = restorer.return_to(SimpleNamespace(_data=data), None)
    assert (said[q.model], said[q.open]) == ("embedded", "gates")
    assert not notices


def test_what_an_address_changes_is_what_gradio_lets_it_change():
    restores = [fn for fn in app.build().fns.values() if isinstance(owner(fn), Restorer)]
    assert {fn.name for fn in restores} == {"arrive", "return_to"}
    address = "model=embedded&photo=lion&gate=SE_4_6[3]&arms=static&arm=static&tab=pair"
    for fn in restores:
        assert set(arrived(owner(fn), address)) <= set(fn.outputs)


def owner(fn) -> object:
    return getattr(fn.fn, "__self__", None)
