import gradio as gr
import pytest
from gradio import state_holder
from gradio.state_holder import SessionState, StateHolder

from seviz.ui.parts import sessions


@pytest.fixture
def demo() -> gr.Blocks:
    with gr.Blocks() as made:
        gr.State([1])
        gr.Dropdown(["a"])
    return made


def test_a_session_keeps_states_and_updated_components_and_no_description(demo: gr.Blocks):
    state, field = (key for key, b in demo.blocks.items() if isinstance(b, gr.State | gr.Dropdown))
    session = sessions.LightSession(demo)
    assert session[state] == [1]
    session[state] = [2]
    session._update_value_in_config(field, "a")
    session._update_config(field)
    longer = gr.Dropdown(["a", "b"])
    session[field] = longer
    assert (session[state], session[field]) == ([2], longer)
    assert session.config_values == {}
    assert SessionState(demo).config_values != {}


def test_sessions_share_nothing_that_changes(demo: gr.Blocks):
    state, field = (key for key, b in demo.blocks.items() if isinstance(b, gr.State | gr.Dropdown))
    one, other = sessions.LightSession(demo), sessions.LightSession(demo)
    one[state].append(3)
    one[field] = gr.Dropdown(["c"])
    assert other[state] == [1]
    assert other[field] is demo.blocks[field]


def test_gradio_makes_light_sessions(demo: gr.Blocks, monkeypatch):
    monkeypatch.setattr(state_holder, "SessionState", SessionState)
    sessions.install()
    holder = StateHolder()
    holder.set_blocks(demo)
    assert isinstance(holder["page"], sessions.LightSession)
