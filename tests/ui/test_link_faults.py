"""What a link names that there is not: one sentence, whatever anybody wrote into it."""

from types import SimpleNamespace

import gradio as gr
import pytest
from starlette.datastructures import QueryParams

from seviz.ui.link_faults import REST, LinkFaults

PAGES, TABS = ("explore", "gate", "dataset"), ("gates", "pair", "data-map")


@pytest.fixture
def faults() -> LinkFaults:
    return LinkFaults("embedded", PAGES, TABS)


def told(faults: LinkFaults, notices: list[str], **query: str) -> str:
    faults.tell(SimpleNamespace(query_params=QueryParams(query)))
    assert len(notices) <= 1
    return notices[0] if notices else ""


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"page": "explore", "tab": "pair", "photo": "lion", "photo2": "own", "gate": "SE_4_6[17]"},
        {"page": "gate", "gate": "anything"},  # that page says so itself
        {"arms": "static,twin", "arm": "twin", "method": "gradcam", "explained": "gate"},
        {"model": "nope", "arms": "whatever"},  # the network is said to be unknown
        {"model2": "lab_vgg,lab_vgg_se", "other": "edited"},
        {"unknown": "key", "__theme": "dark"},
    ],
)
def test_nothing_is_said_of_what_is_there(faults, notices, query):
    assert told(faults, notices, **query) == ""


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ({"page": "nowhere"}, "the page “nowhere”"),
        ({"tab": "lab-x"}, "the tab “lab-x”"),
        ({"photo": "../../etc/passwd"}, "the example photograph “../../etc/passwd”"),
        ({"photo2": "unicorn"}, "the example photograph “unicorn”"),
        ({"gate": "SE_4_6"}, "the gate “SE_4_6”"),
        ({"arms": "static,evil"}, "the column “evil”"),
        ({"model": "lab_vgg", "arm": "static"}, "the column “static”"),
        ({"method": "magic"}, "the method “magic”"),
        ({"explained": "all"}, "explained “all”"),
        ({"other": "x"}, "other “x”"),
        ({"distance": "size"}, "distance “size”"),
        ({"model2": "lab_vgg,nope"}, "the network “nope”"),
        ({"target": "x" * 201}, "the target of more than 200 characters"),
    ],
)
def test_one_sentence_names_what_is_not_there(faults, notices, query, part):
    assert told(faults, notices, **query) == f"This link names what is not here: {part}. {REST}"


def test_many_faults_are_one_sentence_in_which_markup_is_text(faults, monkeypatch):
    shown: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda text, **kwargs: shown.append(text))
    query = {"page": "<b>", "tab": "<i>", "photo": "<u>", "photo2": "<p>", "method": "<q>"}
    faults.tell(SimpleNamespace(query_params=QueryParams(query | {"arms": "a,b"})))
    (text,) = shown
    assert "<b>" not in text
    assert "“&lt;b&gt;”" in text
    assert text.endswith(f" and more. {REST}")


def test_what_is_no_query_has_no_faults(faults):
    assert list(faults.of(None)) == []
    assert list(faults.of(["page"])) == []
