from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from made_collection import kept

from seviz.analysis.cka import gate_similarity
from seviz.passes.collection import pass_collection
from seviz.passes.dispatch import ask
from seviz.records.collection import Photographs
from seviz.ui import app
from seviz.ui.dataset import folder
from seviz.ui.networks import similarity, view
from seviz.ui.parts.own_photos import Own
from seviz.watch import Watch

SE, TANH = "lab_resnet_se", "lab_resnet_tanh"
REQUEST = SimpleNamespace(session_hash="similar")
PHOTOS = Photographs(tuple(kept(f"{i}.png", seed=i) for i in range(6)), name="your 6 photographs")
OWN = Own(PHOTOS)


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


def owner(demo, kind):
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(each for each in owners if isinstance(each, kind))


@pytest.fixture
def handlers(demo) -> similarity.Handlers:
    return owner(demo, similarity.Handlers)


@pytest.fixture
def shown(demo, photo):
    page = owner(demo, view.Handlers)
    *_, said = page.show(photo, SE, TANH, None)
    return said[page.parts.shown]


def test_without_photographs_it_says_where_to_send_some(handlers):
    of = handlers.parts.similar
    said = handlers.offer(None)
    assert "Send some in “Data set”" in said[of.source]
    assert said[of.send].visible and not said[of.run.start].visible
    led = handlers.send()
    assert led[handlers.pages].selected == "dataset"
    assert led[handlers.data.tabs].selected == "data-photos"


def test_a_visitors_own_photographs_are_offered_before_the_servers(handlers, tmp_path, monkeypatch):
    of = handlers.parts.similar
    monkeypatch.setattr(folder.FOLDER, "root", tmp_path / "shots")
    assert "folder shots" in handlers.offer(None)[of.source]
    said = handlers.offer(OWN)
    assert "By your 6 photographs: each passes" in said[of.source]
    assert not said[of.send].visible and said[of.run.start].visible


def test_both_networks_see_the_photographs_and_are_compared(demo, handlers, shown):
    *_, said = handlers.measure(REQUEST, OWN, shown)
    of = handlers.parts.similar
    a, b = (ask(pass_collection, key, PHOTOS) for key in (SE, TANH))
    told = f" · 6 photographs · seviz compare --networks {SE} {TANH} --data PHOTOGRAPHS"
    assert said[of.matrix].layout.meta["source"].endswith(told)
    np.testing.assert_allclose(said[of.matrix].data[0].z, gate_similarity(a, b).cka, atol=1e-4)
    assert "over your 6 photographs (n = 6, rough)" in said[of.told]
    assert "the estimate is rough" in said[of.told]
    (fn,) = (
        fn
        for fn in demo.fns.values()
        if getattr(fn.fn, "__self__", None) is handlers and fn.name == "measure"
    )
    assert set(said) <= set(fn.outputs)


def test_the_servers_folder_is_passed_where_a_visitor_sent_nothing(monkeypatch):
    asked = []
    found = SimpleNamespace(collection=ask(pass_collection, SE, PHOTOS))
    monkeypatch.setattr(folder.FOLDER, "answer", lambda key, _: asked.append(key) or found)
    compared = similarity.compare((SE, SE), None, Watch())
    assert asked == [SE]
    own = np.diag(compared.cka)
    np.testing.assert_allclose(own[np.isfinite(own)], 1, rtol=1e-5)
    assert np.isfinite(own).sum() > 5


def test_nothing_to_compare_by_is_one_sentence(handlers, shown, notices):
    of = handlers.parts.similar
    for own, known in ((None, shown), (OWN, None)):
        *_, said = handlers.measure(REQUEST, own, known)
        assert of.matrix not in said
    assert len(notices) == 2
    assert all("There are no photographs to compare the networks by" in told for told in notices)


def test_a_network_without_gates_has_no_similarity(demo, handlers, photo):
    page = owner(demo, view.Handlers)
    *_, said = page.show(photo, "embedded", "twin", None)
    of = handlers.parts.similar
    assert "B has no gates" in said[of.why] and not said[of.group].visible
    *_, said = page.show(photo, SE, TANH, None)
    assert said[of.why] == "" and said[of.group].visible
