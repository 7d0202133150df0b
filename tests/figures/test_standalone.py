import base64
import gzip
import json

import numpy as np
import plotly.graph_objects as go
from made_classes import made_curves
from plotly.offline import get_plotlyjs

from seviz.figures.classes import class_curves
from seviz.figures.standalone import divisions, packed_figures, packed_library


def test_one_figure_brings_the_library_and_both_are_the_same_at_each_call():
    figures = [class_curves(made_curves()), class_curves(made_curves(0))]
    first, second = divisions(figures)
    assert len(first) > 1_000_000 > len(second)
    assert 'src="http' not in first[:2000]
    assert [*divisions(figures)] == [first, second]


def test_packed_heat_maps_keep_four_digits_and_the_figure_all_of_them():
    values = np.random.default_rng(0).normal(size=(1, 500)).astype(np.float32)
    figure = go.Figure([go.Heatmap(z=values, text=values), go.Bar(y=values[0])])
    text = gzip.decompress(base64.b64decode(packed_figures([figure, figure]))).decode()
    first, again = json.loads(text)
    assert first == again
    for name in ("z", "text"):
        kept = np.frombuffer(base64.b64decode(first["data"][0][name]["bdata"]), np.float32)
        np.testing.assert_allclose(kept, values[0], rtol=5e-5)
        assert (kept != values[0]).any()
    np.testing.assert_array_equal(figure.data[0].z, values)
    bars = np.frombuffer(base64.b64decode(first["data"][1]["y"]["bdata"]), np.float32)
    np.testing.assert_array_equal(bars, values[0])


def test_the_library_is_packed_whole():
    assert gzip.decompress(base64.b64decode(packed_library())).decode() == get_plotlyjs()
