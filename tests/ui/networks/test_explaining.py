from types import SimpleNamespace

import gradio as gr
import pytest

from seviz.answers.network_pair import explain_both
from seviz.ui import app
from seviz.ui.networks import explaining, view
from seviz.words.network_pair import map_words

REQUEST = SimpleNamespace(session_hash="networks")


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


def owner(demo, kind):
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(each for each in owners if isinstance(each, kind))


@pytest.fixture
def shown(demo, photo):
    handlers = owner(demo, view.Handlers)
    *_, said = handlers.show(photo, "embedded", "twin", None)
    return said[handlers.parts.shown]


def test_both_are_explained_drawn_and_compared(demo, shown):
    handlers = owner(demo, explaining.Handlers)
    *_, said = handlers.explain(REQUEST, "gradcam", shown)
    p = handlers.parts.maps
    maps = explain_both(shown.views, "gradcam")
    assert map_words(maps) in said[p.told].replace("&#39;", "'")
    for name, plot in (("A", p.a), ("B", p.b)):
        assert said[plot].layout.meta["label"].startswith(f"{name}: evidence for {maps.label}")
        assert " --method gradcam --target " in said[plot].layout.meta["source"]
        assert (said[plot].data[0].zmin, said[plot].data[0].zmax) == (-1, 1)
    (fn,) = (fn for fn in demo.fns.values() if getattr(fn.fn, "__self__", None) is handlers)
    assert set(said) <= set(fn.outputs)


@pytest.mark.parametrize(
    ("method", "known", "sentence"),
    [
        ("magic", True, "There is no method “magic”"),
        (None, True, "There is no method “None”"),
        ("gradcam", False, "upload it (again)"),
    ],
)
def test_what_cant_be_explained_is_one_sentence(demo, shown, notices, method, known, sentence):
    handlers = owner(demo, explaining.Handlers)
    *_, said = handlers.explain(REQUEST, method, shown if known else None)
    assert sentence in notices[0]
    assert handlers.parts.maps.told not in said


def test_what_would_take_too_long_is_refused(demo, shown, notices, monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_SECONDS", "0")
    handlers = owner(demo, explaining.Handlers)
    list(handlers.explain(REQUEST, "occlusion", shown))
    assert "one question may take" in notices[0]


def test_other_networks_empty_the_maps(demo):
    p = owner(demo, explaining.Handlers).parts
    said = explaining.emptied(p)
    assert said[p.maps.a] is None is said[p.maps.b]
    assert "Choose a method" in said[p.maps.told]
