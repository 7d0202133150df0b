import json

import gradio as gr
import plotly.graph_objects as go

from seviz.ui.parts.plot import DRAW_JS, PLOTLY_JS, SELECT_JS, PlotView, plot_column, with_source


def test_a_figure_travels_as_its_own_json():
    figure = go.Figure(go.Bar(y=[1, 2]), {"meta": {"label": "bars"}})
    with gr.Blocks():
        view = PlotView()
    sent = json.loads(view.postprocess(figure))
    assert sent == json.loads(figure.to_json())
    assert view.postprocess(None) is None
    assert view.api_info()["description"] == "Plotly figure as JSON"


def test_it_is_drawn_by_plotlys_own_script_from_this_machine():
    assert PLOTLY_JS.is_file()
    source = json.loads(DRAW_JS.split("\n")[0].removeprefix("const PLOTLY_SRC = ").rstrip(";"))
    assert source.startswith("/gradio_api/file=")
    assert source.endswith("plotly.min.js")
    assert "Plotly.react" in DRAW_JS
    assert SELECT_JS in DRAW_JS


def test_each_figure_of_an_update_says_what_it_is_of():
    drawn = go.Figure(layout={"meta": {"label": "l"}})
    updates = {"chart": drawn, "empty": None, "text": "t"}
    assert with_source(updates, "from here") is updates
    assert drawn.layout.meta == {"label": "l", "source": "from here"}


def test_a_column_holds_a_view_of_its_name():
    with gr.Blocks():
        view = plot_column("a-plot")
    assert view.elem_id == "a-plot"
    assert isinstance(view.parent, gr.Column)
