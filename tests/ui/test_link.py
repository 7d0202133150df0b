"""The button “Copy link”: what the browser is told to copy."""

import json
import re

import gradio as gr
import pytest
from explored import lay_out_asked

from seviz.ui import link
from seviz.ui.parts.upload import SERVED


def copied(monkeypatch, host: str) -> tuple[str, list]:
    """Return the button's script on a host, and the fields whose values it names."""
    monkeypatch.setenv("SPACE_HOST", host)
    with gr.Blocks() as demo:
        asked = lay_out_asked()
        link.connect(link.lay_out(), asked)
    (event,) = (fn for fn in demo.fns.values() if fn.js and "copyLink" in fn.js)
    assert event.fn is None  # the browser does it alone
    fields = [asked.model, asked.photo, asked.columns, asked.arm_field]
    assert event.inputs == fields
    return event.js, fields


def test_the_fields_are_named_and_an_own_photograph_is_only_called_so(monkeypatch):
    js, _ = copied(monkeypatch, "")
    assert "{ model, photo: photo ?" in js
    names = json.loads(re.search(r"\{\"/.*?\}", js)[0])
    assert names == {str(path): name for name, path in SERVED.items()}
    assert '?? "own"' in js
    assert js.endswith('"")')  # no host: that of the page


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("you-seviz.hf.space", "you-seviz.hf.space"),
        ("127.0.0.1:7860", "127.0.0.1:7860"),
        ("", ""),
        ("evil.org/?a=</script>", ""),
        ('x", alert(1), "', ""),
    ],
)
def test_on_a_space_the_link_is_one_to_its_own_host(monkeypatch, host: str, known: str):
    monkeypatch.setenv("SPACE_HOST", host)
    assert link.space_host() == known
    assert copied(monkeypatch, host)[0].endswith(f"{json.dumps(known)})")


def test_what_is_told_is_a_live_region_and_the_link_can_be_shown():
    assert 'role="status" aria-live="polite"' in link.TOLD
    assert "readonly hidden aria-label=" in link.TOLD
